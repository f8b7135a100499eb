#pragma once

// rebuilt_object: an object's text once more, each member as it came but what `change(name, json)`
// gives for it; nothing: the member is left out. For the few events of which something has to be
// hidden. Any thread.

#include <string>
#include <string_view>

#include "connectors/json/json_reader.h"
#include "streams/json.h"

namespace connectors {

/// As it is where it is no object.
template <class Change>
std::string rebuilt_object(std::string_view object, const Change& change) {
  std::string out = "{";
  SimdJsonReader reader{object};
  const bool good = reader.object([&](std::string_view name, streams::JsonReader& value) {
    const std::string member{name};
    std::string json;
    if (!value.raw(json)) return false;
    const std::string changed = change(member, std::move(json));
    if (changed.empty()) return true;
    if (out.size() > 1) out += ',';
    streams::append_json_text(out, member);
    out += ':' + changed;
    return true;
  });
  return good ? out + "}" : std::string{object};
}

inline std::string without_member(std::string_view object, std::string_view left_out) {
  return rebuilt_object(object, [left_out](const std::string& name, std::string json) {
    return name == left_out ? std::string{} : json;
  });
}

}  // namespace connectors
