#pragma once

// Time of the city: milliseconds since 1970, UTC. RFC 3339 in and out. There is no `now()` here:
// in the engine time is what ticks and records say (architecture, "Time"). Any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace streams {

using namespace std::chrono_literals;
using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

/// Ticks stand on multiples of this.
inline constexpr Duration kTickInterval = 250ms;

/// RFC 3339 with any offset, or a date alone (midnight UTC); finer than 1 ms is cut off. Nothing
/// for text that is no such time.
std::optional<Time> parse_time(std::string_view text);

/// "2026-11-22T08:00:00.123Z": always UTC, always three decimals.
std::string format_time(Time time);
void append_time(std::string& out, Time time);

/// "90s", "15m", "30d", "250ms", "1h30m" (CEL's and Prometheus' form, with days).
std::optional<Duration> parse_duration(std::string_view text);
/// The shortest such text: "1h30m".
std::string format_duration(Duration duration);

/// The first tick at or after `time`.
inline Time tick_at_or_after(Time time) {
  return std::chrono::ceil<std::chrono::duration<Duration::rep, std::ratio<1, 4>>>(time);
}

}  // namespace streams
