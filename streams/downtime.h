#pragma once

// Downtime: a time in which the city itself was not there. A live city that starts again says so to
// its tasks with a version of this name, ahead of its first tick, so that replaying its log decides
// the same: nobody listened meanwhile, and silence of that time is nobody's but ours. Operators
// that wait for a source read it; app writes it. A simulated clock that jumps is none.

#include <optional>

#include "streams/hash.h"
#include "streams/time.h"
#include "streams/version.h"

namespace streams {

inline constexpr std::string_view kDowntimeVersion = "downtime";
/// A clock that stood for less is no downtime: nothing that waits is that impatient.
inline constexpr Duration kLeastDowntime = std::chrono::seconds{30};

struct Downtime {
  Time from{}, until{};

  /// Whether something that was waited for since `since`, and until `due`, may have come unheard.
  bool meets(Time since, Time due) const { return until > since && from < due; }

  Version version() const {
    const std::string text = format_time(from) + " " + format_time(until);
    return {std::string{kDowntimeVersion}, make_id("", {text}), text};
  }
  static std::optional<Downtime> of(const Version& version) {
    if (version.name != kDowntimeVersion) return std::nullopt;
    const std::size_t space = version.content.find(' ');
    const std::string_view text{version.content};
    const auto from = parse_time(text.substr(0, space));
    const auto until = parse_time(space == text.npos ? "" : text.substr(space + 1));
    if (!from || !until) return std::nullopt;
    return Downtime{*from, *until};
  }
};

}  // namespace streams
