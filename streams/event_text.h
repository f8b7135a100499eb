#pragma once

// What we write: the head of a structured CloudEvent in JSON, in the contract's order.

#include <string>
#include <string_view>

#include "streams/json.h"
#include "streams/time.h"

namespace streams {

struct EventHead {
  std::string_view id, source, type, subject;
  Time time{};
  std::string_view causation = {};  // empty: of nothing
  bool exercise = false;
  std::string_view via = {};
};

/// The event as far as its data, which follows, and then '}'.
inline std::string begin_event(const EventHead& head) {
  std::string out = R"({"specversion":"1.0")";
  const auto attribute = [&out](std::string_view name, std::string_view value) {
    out += ",\"";
    out += name;
    out += "\":";
    append_json_text(out, value);
  };
  attribute("id", head.id);
  attribute("source", head.source);
  attribute("type", head.type);
  attribute("subject", head.subject);
  attribute("time", format_time(head.time));
  if (!head.causation.empty()) attribute("causationid", head.causation);
  if (head.exercise) out += ",\"exercise\":true";
  if (!head.via.empty()) attribute("via", head.via);
  attribute("datacontenttype", "application/json");
  return out += ",\"data\":";
}

}  // namespace streams
