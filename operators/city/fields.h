#pragma once

// Fields that the contract gives to each door's `data`, so that a rule that misspells one is told
// so, and those among them that are personal: they decide, but are copied into no evidence and no
// output.

#include <array>
#include <span>
#include <string_view>

namespace city {

struct DoorFields {
  std::string_view topic;
  std::span<const std::string_view> fields;
};

namespace contract {
inline constexpr std::string_view kTelemetry[] = {"floor",     "speedMps",    "direction", "door",
                                                  "doorZone",  "loadKg",      "occupied",  "mode",
                                                  "faultCode", "alarmButton", "alarmEnd"};
inline constexpr std::string_view kCamera[] = {"device",   "label", "confidence",
                                               "imageUrl", "lon",   "lat"};
inline constexpr std::string_view kPermit[] = {
    "record", "action",     "on",          "validUntil", "by",
    "no",     "name",       "address",     "useUnit",    "maintenanceUnit",
    "phone",  "rescueCode", "installedIn", "exposure",   "district",
    "lon",    "lat"};
inline constexpr std::string_view kComplaint[] = {"channel",  "kind",  "category",   "text",
                                                  "address",  "about", "originalNo", "complainant",
                                                  "district", "photos"};
inline constexpr std::string_view kFeedback[] = {"step", "warning", "order", "complaint", "matter",
                                                 "item", "by",      "note",  "finding",   "action"};
}  // namespace contract

inline constexpr std::array<DoorFields, 5> kDoorFields{{
    {"elevator.telemetry", contract::kTelemetry},
    {"camera.alerts", contract::kCamera},
    {"permit.changes", contract::kPermit},
    {"hotline.complaints", contract::kComplaint},
    {"field.feedback", contract::kFeedback},
}};

inline bool is_personal(std::string_view field) {
  return field == "text" || field == "address" || field == "complainant" || field == "phone";
}

}  // namespace city
