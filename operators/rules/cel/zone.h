#pragma once

// Zones: how far a time zone is from UTC at an instant, for functions such as getHours. Fixed
// offsets, and a compiled-in table of IANA names, because evaluation reads neither files nor the
// process's environment. A zone answers from the year on since which its present rule holds, and
// refuses earlier instants: no answer rather than a wrong one. Any thread.

#include <cstdint>
#include <optional>
#include <string_view>

namespace cel {

/// Seconds to add to UTC: "+08:00", "02:00", "-02:30", "UTC", "Asia/Shanghai"…; nothing when the
/// zone is unknown or its rule at `utc_seconds` is.
std::optional<std::int64_t> zone_offset(std::string_view zone, std::int64_t utc_seconds);

}  // namespace cel
