#pragma once

// StreetAddress: the parts of an address that tell elevators, kitchens and shops apart. Read out of
// text by see/gazetteer; carried from a complaint to the place that knows what stands there.

#include <string>

#include "operators/city/text.h"

namespace city {

/// Each may be empty. Numbers are in ASCII digits, whatever they were written in.
struct StreetAddress {
  std::string road;      // "仙霞路"
  std::string lane;      // 弄
  std::string number;    // 号, of the road
  std::string building;  // 号楼, 幢, 座; in a lane also 号
  std::string lift;      // 号梯, #
  static constexpr auto fields() {
    using A = StreetAddress;
    return std::tuple{field("road", &A::road), field("lane", &A::lane), field("number", &A::number),
                      field("building", &A::building), field("lift", &A::lift)};
  }
  bool operator==(const StreetAddress&) const = default;

  /// The entity that knows what stands there, `place/仙霞路88弄`; empty where road or number is
  /// missing.
  std::string place() const {
    if (road.empty() || (lane.empty() && number.empty())) return {};
    return "place/" + road + (lane.empty() ? number + "号" : lane + "弄");
  }
  /// What is told apart within the place, "3-2"; empty where nothing is.
  std::string within() const {
    return building.empty() && lift.empty() ? std::string{} : building + "-" + lift;
  }
  /// "仙霞路88弄3号楼2号梯"
  std::string spoken() const {
    std::string out = road;
    if (!lane.empty()) out += lane + "弄";
    if (!number.empty()) out += number + "号";
    if (!building.empty()) out += building + "号楼";
    if (!lift.empty()) out += lift + "号梯";
    return out;
  }
};

}  // namespace city
