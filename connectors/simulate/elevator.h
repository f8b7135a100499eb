#pragma once

// Elevator: the facts of one simulated elevator, as its use registration has them. Made once from
// the seed; read by everything else here. Immutable after that.

#include <string>
#include <vector>

#include "connectors/simulate/district.h"

namespace simulate {

enum class Exposure { residential, office, mall, school, hospital, metro };
inline constexpr std::string_view kExposures[] = {"residential", "office",   "mall",
                                                  "school",      "hospital", "metro"};

struct Elevator {
  std::string subject;  // "elevator/31010500010007"
  std::string district;
  std::string name, address, use_unit, maintenance_unit, phone, rescue_code;
  std::string building;   // "building/310105B00000012"; the next ones in it follow at once
  std::string installed;  // the year
  std::string camera;     // in the cabin; empty: none
  Exposure exposure = Exposure::residential;
  int floors = 0;
  int lon = 0, lat = 0;  // 1e-5 degrees
  std::string_view id() const { return std::string_view{subject}.substr(9); }
};

std::vector<Elevator> make_elevators(std::uint64_t seed, int count,
                                     const std::vector<District>& districts);

}  // namespace simulate
