#pragma once

// Instants: times as events have them: one moment, with its offset, within the years that RFC 3339
// can write. time.h's parse_time reads the same, and what registers leave out. Any thread.

#include "streams/time.h"

namespace streams {

/// From year 1 to year 9999, in UTC. Nothing else is read; what lies outside is written as the
/// nearest of them.
inline constexpr Time kFirstTime = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
inline constexpr Time kLastTime =
    Time{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}} - Duration{1};
/// A length that any time can be moved by without an overflow; longer ones are not read.
inline constexpr Duration kLongestDuration = std::chrono::days{1'000'000};

/// RFC 3339, with its offset; `T` and `Z` in either case. Second 60 is read where a leap second
/// was, as the moment after it. Finer than 1 ms is cut off. Nothing for other text.
std::optional<Time> parse_instant(std::string_view text);

}  // namespace streams
