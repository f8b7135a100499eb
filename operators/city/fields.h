#pragma once

// Those fields of the contract that are personal: they decide, but are copied into no evidence and
// no output.

#include <string_view>

namespace city {

inline bool is_personal(std::string_view field) {
  return field == "text" || field == "address" || field == "complainant" || field == "phone" ||
         field == "contact";
}

}  // namespace city
