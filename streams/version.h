#pragma once

// Version: one immutable rule pack, duty list or calendar, known by name and hash. Activating one
// is a record in every partition; it takes effect at that position and is stamped into what it
// produced.

#include <string>

#include "streams/event_text.h"
#include "streams/hash.h"

namespace streams {

struct Version {
  std::string name;     // "rules/elevator", "duty"
  std::string hash;     // of `content`, 8 hex digits; shown as `<name>@<hash>`
  std::string content;  // the file's text
  static constexpr auto fields() {
    return std::tuple{field("name", &Version::name), field("hash", &Version::hash),
                      field("content", &Version::content)};
  }
};

inline constexpr std::string_view kTickType = "city.tick.v1";
inline constexpr std::string_view kVersionType = "city.version.v1";

/// The record that moves a task's clock.
inline std::string tick_event(Time at) {
  return begin_event({"tick/" + format_time(at), "/watchfire", kTickType, "tick/time", at}) + "{}}";
}

/// The record that activates it.
inline std::string version_event(const Version& version, Time at) {
  std::string bytes = begin_event({version.name + "@" + version.hash + "/" + format_time(at),
                                   "/watchfire", kVersionType, "version/" + version.name, at});
  append_json(bytes, version);
  return bytes += "}";
}

inline constexpr std::string_view kLetterType = "city.letter.v1";

}  // namespace streams
