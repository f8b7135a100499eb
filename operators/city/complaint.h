#pragma once

// Complaint: what a person reports (`city.complaint.filed.v1`), as far as it has to be told to the
// entity it is about. Its text decides rules there; it enters no state and no output.

#include <string>

#include "operators/city/text.h"

namespace city {

struct Complaint {
  std::string channel, kind, category, text, about, original_no, district;
  static constexpr auto fields() {
    using C = Complaint;
    return std::tuple{field("channel", &C::channel),   field("kind", &C::kind),
                      field("category", &C::category), field("text", &C::text),
                      field("about", &C::about),       field("originalNo", &C::original_no),
                      field("district", &C::district)};
  }
};

}  // namespace city
