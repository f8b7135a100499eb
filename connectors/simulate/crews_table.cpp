#include "connectors/simulate/crews_table.h"

#include <vector>

#include "connectors/simulate/crews_plays.h"

namespace simulate {
namespace {

// clang-format off
constexpr Finding kFindings[] = {
    {Matter::trapped, true, "confirmed", "rescued", 1},
    // A false alarm is ended at the lift: the crew frees the sensor, the lift says alarmEnd.
    {Matter::trapped, false, "false_alarm", "none", 3},
    {Matter::trapped, false, "false_alarm", "repaired", 2},
    {Matter::trapped, false, "not_found", "none", 1},
    {Matter::fault, true, "confirmed", "repaired", 9},
    {Matter::fault, true, "confirmed", "stopped_use", 2},
    {Matter::fault, true, "violation", "stopped_use", 1},
    {Matter::fault, true, "violation", "rectification_ordered", 1},
    {Matter::fault, false, "confirmed", "inspected", 6},  // over by itself: in its log
    {Matter::fault, false, "no_violation", "inspected", 2},
    {Matter::fault, false, "not_found", "none", 2},
    {Matter::fault, false, "false_alarm", "none", 1},
    {Matter::fault, false, "duplicate", "answered", 1},
    {Matter::ebike, true, "confirmed", "persuaded", 6},
    {Matter::ebike, true, "violation", "rectified_on_site", 2},
    {Matter::ebike, true, "violation", "rectification_ordered", 1},
    {Matter::ebike, true, "refused", "persuaded", 1},
    {Matter::ebike, false, "false_alarm", "none", 8},
    {Matter::ebike, false, "not_found", "none", 3},
    {Matter::ebike, false, "permitted", "none", 1},
    {Matter::ebike, false, "no_entry", "none", 1},
    {Matter::ebike, false, "false_alarm_other_violation", "guided", 1},
    {Matter::maintenance, true, "confirmed", "maintained", 3},
    {Matter::maintenance, true, "violation", "rectification_ordered", 1},
    {Matter::maintenance, false, "record_late", "none", 1},
    {Matter::inspection, true, "confirmed", "inspected", 2},
    {Matter::inspection, true, "violation", "stopped_use", 1},
    {Matter::inspection, false, "record_late", "none", 1},
    {Matter::rectification, true, "confirmed", "rectified_on_site", 1},
    {Matter::rectification, true, "violation", "stopped_use", 1},
    {Matter::rectification, false, "record_late", "none", 1},
    {Matter::outage, true, "confirmed", "repaired", 3},
    {Matter::outage, false, "confirmed", "inspected", 1},  // over by itself: the meter shows it
    {Matter::merchant, true, "confirmed", "rectified_on_site", 1},
    {Matter::merchant, false, "false_alarm", "none", 3},
    {Matter::merchant, false, "not_found", "none", 2},
    {Matter::hygiene, true, "confirmed", "rectified_on_site", 4},
    {Matter::hygiene, true, "violation", "rectification_ordered", 3},
    {Matter::hygiene, true, "confirmed", "guided", 1},
    {Matter::hygiene, true, "refused", "none", 1},
    {Matter::hygiene, true, "no_entry", "none", 1},
    {Matter::hygiene, false, "no_violation", "guided", 2},
    {Matter::hygiene, false, "not_found", "none", 2},
    {Matter::rodent, true, "violation", "rectification_ordered", 3},
    {Matter::rodent, true, "violation", "stopped_use", 2},
    {Matter::rodent, true, "confirmed", "rectified_on_site", 2},
    {Matter::rodent, false, "not_found", "none", 2},
    {Matter::rodent, false, "false_alarm", "none", 1},
    {Matter::food, true, "violation", "rectification_ordered", 3},
    {Matter::food, true, "confirmed", "rectified_on_site", 2},
    {Matter::food, true, "violation", "stopped_use", 1},
    {Matter::food, false, "no_violation", "answered", 2},
    {Matter::food, false, "not_found", "none", 1},
    {Matter::food, false, "no_entry", "none", 1},
    {Matter::street, true, "confirmed", "persuaded", 5},
    {Matter::street, true, "confirmed", "rectified_on_site", 3},
    {Matter::street, true, "violation", "rectification_ordered", 3},
    {Matter::street, true, "refused", "none", 1},
    {Matter::street, false, "not_found", "none", 4},
    {Matter::street, false, "false_alarm", "none", 2},
    {Matter::street, false, "permitted", "none", 1},
    {Matter::street, false, "no_violation", "guided", 1},
    {Matter::street, false, "false_alarm_other_violation", "guided", 1},
    {Matter::street, false, "duplicate", "answered", 1},
};
// clang-format on

}  // namespace

CrewTable crew_table() {
  static const std::vector<Play> kPlays = [] {
    std::vector<Play> all;
    for (const std::span<const Play> some : {elevator_plays(), premises_plays(), office_plays()})
      all.insert(all.end(), some.begin(), some.end());
    return all;
  }();
  return {kPlays, kFindings};
}

}  // namespace simulate
