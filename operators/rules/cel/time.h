#pragma once

// Times: timestamps (years 1 to 9999) and durations (what 64 bits of nanoseconds hold: 292 years)
// as slots: arithmetic, reading and writing. Nanoseconds are never negative: -1.5 s is seconds -2
// and 500'000'000 nanoseconds. Called by the functions of CEL. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "streams/slot.h"

namespace cel {

/// Of a duration slot; nothing when it is out of range, as a variable may be.
std::optional<std::int64_t> nanoseconds(const streams::Slot& duration);
streams::Slot duration_of(std::int64_t nanoseconds);

/// A timestamp, when it is in range.
std::optional<streams::Slot> timestamp_of(std::int64_t seconds, std::int64_t nanoseconds);

/// Go's spelling: "30m", "1h30m", "-1.5s", "250ms".
std::optional<streams::Slot> parse_duration(std::string_view text);

/// RFC 3339: "2026-03-01T08:00:00.5+08:00".
std::optional<streams::Slot> parse_timestamp(std::string_view text);

/// "5400s", "-1.5s".
std::string duration_text(const streams::Slot& duration);

/// "2026-03-01T00:00:00.5Z"
std::string timestamp_text(const streams::Slot& timestamp);

}  // namespace cel
