#pragma once

// Names on the wire: doors (inputs), output topics and CloudEvents types, as the contract has them.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "operators/city/feedback.h"
#include "operators/city/matter.h"
#include "operators/city/receipt.h"
#include "operators/city/warning.h"
#include "streams/topology.h"

namespace city {

struct Door {
  std::string_view topic;
  std::string_view type;
  bool people;  // say it: shed after what devices and registers say, which send it again
};

/// In the order that breaks ties of recorded time: what decides first comes first.
inline constexpr std::array<Door, 5> kDoors{{
    {"permit.changes", "city.permit.changed.v1", false},
    {"elevator.telemetry", "city.elevator.telemetry.v1", false},
    {"camera.alerts", "city.camera.alert.v1", false},
    {"hotline.complaints", "city.complaint.filed.v1", true},
    {"field.feedback", "city.field.feedback.v1", true},
}};

inline std::vector<std::string> door_topics() {
  std::vector<std::string> topics;
  for (const Door& door : kDoors) topics.emplace_back(door.topic);
  return topics;
}
/// Null for a type that no door takes.
inline const Door* door_of_type(std::string_view type) {
  for (const Door& door : kDoors)
    if (door.type == type) return &door;
  return nullptr;
}

namespace topics {
inline const streams::Topic<Warning> warnings{"warnings"};
inline const streams::Topic<Order> orders{"dispatch.orders"};
inline const streams::Topic<Receipt> complaints{"complaints"};
inline const streams::Topic<Matter> matters{"matters"};
inline const streams::Topic<Notice> notices{"notices"};
inline const streams::Topic<Rejected> rejected{"rejected"};
}  // namespace topics

}  // namespace city
