#pragma once

// Fields that the contract gives to each door's `data` (contract.h), as rules read them: with the
// types that expressions know, so that a rule that misspells one, or takes a number for a text, is
// told so. And those that are personal: they decide, but are copied into no evidence and no output.

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace city {

enum class FieldType {
  any,
  boolean,
  number,
  text,
  list,
  object,
  date,  // a text: a time, or a date alone
};
constexpr auto names_of(FieldType) {
  return std::array<std::string_view, 7>{"any",  "boolean", "number", "text",
                                         "list", "object",  "date"};
}

struct Field {
  std::string name;
  FieldType type = FieldType::any;
  std::span<const std::string_view> among{};  // the words of a closed list; empty: any
};

/// Of a door's topic; none for another one.
const std::vector<Field>& fields_of(std::string_view topic);

/// Also of what lies inside of such a field: "contact.name".
inline bool is_personal(std::string_view field) {
  field = field.substr(0, field.find('.'));
  return field == "text" || field == "address" || field == "complainant" || field == "phone" ||
         field == "contact" || field == "photos";
}

}  // namespace city
