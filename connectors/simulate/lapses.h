#pragma once

// Lapses: what cameras see in kitchens and in front of shops, and when, drawn once from the seed:
// how many by a table, when by the hour, where by lot among those that are open. Some of it is not
// so: now and then any camera is mistaken, and a few bad ones are every hour. Made by Trade.

#include <vector>

#include "connectors/simulate/arrival.h"
#include "connectors/simulate/premises.h"

namespace simulate {

struct Lapse {
  enum class What { no_mask, no_hat, uncovered_bin, rodent, goods };
  Time at{};
  std::size_t premises = 0;
  std::size_t camera = 0;  // of the premises
  What what = What::no_mask;
  bool real = true;
  bool sure = true;      // seen with a confidence mostly above the rules' thresholds
  bool between = false;  // of a shop: as near to the next one
  int sightings = 1;
  Duration apart{};  // of two sightings
  Duration lasts{};  // unless somebody corrects it
};
/// As cameras label it.
inline constexpr std::string_view kLapses[] = {"no_mask", "no_hat", "uncovered_bin", "rodent",
                                               "goods_beyond_door"};

/// In order of time. Kitchens are the first `kitchens` of them, shops the rest.
std::vector<Lapse> make_lapses(std::uint64_t seed, const std::vector<Premises>& premises,
                               std::size_t kitchens, Time start, Time end);

}  // namespace simulate
