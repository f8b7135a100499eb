#pragma once

// JSON Schema (2020-12) of described types (schema.h), as append_json writes them. Read by the
// document of a city's topics. Any thread.

#include "streams/json.h"

namespace streams {

/// `strict`: every field is there and no other, as in what we write ourselves; else any may be left
/// out or null, and unknown ones are ignored, as in what we read.
template <class T>
void append_schema(std::string& out, bool strict) {
  if constexpr (Described<T>) {
    std::string properties, names;
    const T sample{};
    for_each_field(sample, [&](std::string_view name, const auto& member) {
      properties += properties.empty() ? "" : ",";
      names += names.empty() ? "" : ",";
      append_json_text(properties, name);
      append_json_text(names, name);
      properties += ':';
      using Member = std::remove_cvref_t<decltype(member)>;
      if (!strict) properties += R"({"anyOf":[)";
      append_schema<Member>(properties, strict);
      if (!strict) properties += R"(,{"type":"null"}]})";
    });
    out += R"({"type":"object","properties":{)" + properties + "}";
    if (strict) out += R"(,"required":[)" + names + R"(],"additionalProperties":false)";
    out += "}";
  } else if constexpr (is_vector<T>) {
    out += R"({"type":"array","items":)";
    append_schema<typename T::value_type>(out, strict);
    out += "}";
  } else if constexpr (is_optional<T>) {
    out += R"({"anyOf":[)";
    append_schema<typename T::value_type>(out, strict);
    out += R"(,{"type":"null"}]})";
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    out += R"({"type":"string"})";
  } else if constexpr (std::is_same_v<T, Json>) {
    out += "true";
  } else if constexpr (std::is_same_v<T, Time>) {
    out += strict ? R"({"type":"string","format":"date-time"})"
                  : R"({"type":"string","description":"RFC 3339, or a date alone"})";
  } else if constexpr (std::is_same_v<T, Duration>) {
    out += R"({"type":"string","description":"a duration, such as 1h30m"})";
  } else if constexpr (Named<T>) {
    out += R"({"enum":)";
    const auto names = names_of(T{});
    append_json(out, std::vector<std::string>{names.begin(), names.end()});
    out += "}";
  } else if constexpr (std::is_same_v<T, bool>) {
    out += R"({"type":"boolean"})";
  } else if constexpr (std::is_floating_point_v<T>) {
    out += R"({"type":"number"})";
  } else {
    out += R"({"type":"integer"})";
  }
}

}  // namespace streams
