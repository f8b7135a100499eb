#pragma once

// StreetAddress: the parts of an address that tell elevators, kitchens and shops apart. Read out of
// text by see/gazetteer; carried from a complaint to the place that knows what stands there.

#include <string>
#include <vector>

#include "operators/city/text.h"

namespace city {

/// Each may be empty. Numbers are in ASCII digits, whatever they were written in.
struct StreetAddress {
  std::string road;      // "仙霞路"
  std::string lane;      // 弄
  std::string number;    // 号, of the road: "88", "88-1", "88甲"
  std::string building;  // 号楼, 幢, 座; in a lane also 号
  std::string lift;      // 号梯, #
  std::string sublane{};  // 支弄, of the lane
  std::string unit{};     // 单元, of the building
  /// The words leave a doubt (a range, near by, not this one): nobody takes what fits, a person
  /// chooses.
  bool unsure = false;
  std::vector<std::string> others{};  // further places whose entities it may be
  static constexpr auto fields() {
    using A = StreetAddress;
    return std::tuple{field("road", &A::road),       field("lane", &A::lane),
                      field("number", &A::number),   field("building", &A::building),
                      field("lift", &A::lift),       field("sublane", &A::sublane),
                      field("unit", &A::unit),       field("unsure", &A::unsure),
                      field("others", &A::others)};
  }
  bool operator==(const StreetAddress&) const = default;

  static std::string number_place(const std::string& road, const std::string& number) {
    return "place/" + road + number + "号";
  }
  static std::string lane_place(const std::string& road, const std::string& lane) {
    return "place/" + road + lane + "弄";
  }
  /// The entity that knows what stands there, `place/仙霞路88弄`; empty where road or number is
  /// missing.
  std::string place() const {
    if (road.empty() || (lane.empty() && number.empty())) return {};
    return lane.empty() ? number_place(road, number) : lane_place(road, lane);
  }
  /// What is told apart within the place, "3-2"; empty where nothing is.
  std::string within() const {
    if (building.empty() && lift.empty() && sublane.empty() && unit.empty()) return {};
    return (sublane.empty() ? "" : sublane + "支") + building +
           (unit.empty() ? "" : "/" + unit) + "-" + lift;
  }
  /// "仙霞路88弄3号楼2号梯"
  std::string spoken() const {
    std::string out = road;
    if (!lane.empty()) out += lane + "弄";
    if (!sublane.empty()) out += sublane + "支弄";
    if (!number.empty()) out += number + "号";
    if (!building.empty()) out += building + "号楼";
    if (!unit.empty()) out += unit + "单元";
    if (!lift.empty()) out += lift + "号梯";
    return out;
  }
};

}  // namespace city
