#pragma once

// Premises: the facts of one simulated kitchen or shop, as its registration has them: where it is,
// whose it is, when it is open, which cameras look at it. Made once from the seed; read by Trade
// and Callers. Immutable after that.

#include <string>
#include <vector>

#include "connectors/simulate/district.h"

namespace simulate {

struct Premises {
  std::string subject;  // "kitchen/31010500020007", "shop/31012000030012"
  std::string district;
  std::string name, address, use_unit, phone;
  std::string licence;   // its number is also what its QR code says
  std::string nickname;  // as people call it who know neither: no number in it
  std::vector<std::string> cameras;
  int opens = 10, closes = 21;  // hours of the day; the earlier one second: it closes tomorrow
  int lon = 0, lat = 0;         // 1e-5 degrees
  int next_door = 0;            // how far east the next one is, in the same; 0: there is none

  bool is_kitchen() const { return subject.starts_with("kitchen/"); }
  bool is_open(int hour) const {
    return opens < closes ? hour >= opens && hour < closes : hour >= opens || hour < closes;
  }
};

/// How many there are in a city of so many elevators. Of a whole city of 100,000: 29,000 street
/// cameras, 12,000 receipts a day.
struct CitySize {
  int kitchens = 0, shops = 0, street_cameras = 0;
  int calls_a_day = 0;  // besides those of people who are locked in
  static CitySize of(int elevators);
  static int shops_under(int street_cameras);
};

/// All over the city.
std::vector<Premises> make_kitchens(std::uint64_t seed, int count,
                                    const std::vector<District>& districts);
/// Along the streets of one district, whose cameras the districts share.
std::vector<Premises> make_shops(std::uint64_t seed, int count, int street_cameras,
                                 const std::vector<District>& districts);

}  // namespace simulate
