#pragma once

// Events of the city for driver tests, as structured CloudEvents.

#include <string>

#include "operators/city/topics.h"
#include "streams/time.h"

namespace signals {

using streams::Time;
using namespace std::chrono_literals;

inline constexpr Time kStart = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 8h;

inline std::string event(std::string_view type, std::string_view subject, std::string_view id,
                         Time time, std::string_view data) {
  std::string bytes = R"({"specversion":"1.0","source":"/test","id":")" + std::string{id};
  bytes += R"(","type":")" + std::string{type} + R"(","subject":")" + std::string{subject};
  bytes += R"(","time":")" + streams::format_time(time) + R"(","data":)" + std::string{data} + "}";
  return bytes;
}

/// Telemetry of an elevator that stands between floors, or moves; `extra` is more of its data.
inline std::string telemetry(bool standing, bool occupied, const std::string& extra = "") {
  return std::string{R"({"floor":12,"direction":"none","door":"closed","doorZone":false,)"} +
         R"("loadKg":75,"mode":"normal","faultCode":null,"alarmButton":false,)" + R"("speedMps":)" +
         (standing ? "0.0" : "1.5") + R"(,"occupied":)" + (occupied ? "true" : "false") +
         (extra.empty() ? R"(,"alarmEnd":false)" : "," + extra) + "}";
}

}  // namespace signals
