#include "connectors/simulate/lapses.h"

#include <algorithm>

#include "connectors/simulate/lift.h"

namespace simulate {
namespace {

using What = Lapse::What;

constexpr Duration kWarmUp = 2min;  // first the registers
constexpr int kTries = 12;          // to find one that is open

constexpr int kMeals[24] = {2,  2,  1,  1,  1,  3,  8,  8,  10, 20, 60, 90,
                            90, 50, 20, 20, 50, 90, 90, 60, 40, 20, 10, 5};
constexpr int kNights[24] = {60, 80, 90, 90, 80, 50, 10, 4, 2, 2,  2,  2,
                             2,  2,  4,  4,  4,  4,  4,  4, 6, 20, 40, 50};
// Goods stand on the pavement when people pass: before work, at noon, and above all after it.
constexpr int kStreets[24] = {0,  0,  0,  0,  0,  2,  20, 70, 60, 20, 20, 50,
                              50, 20, 15, 20, 50, 90, 90, 70, 40, 10, 2,  0};
constexpr int kDay[24] = {2,  2,  2,  2,  2,  4,  10, 20, 20, 20, 20, 20,
                          20, 20, 20, 20, 20, 20, 20, 20, 20, 10, 6,  4};

enum class Where { open_kitchen, closed_kitchen, any_kitchen, open_shop };

struct Frequency {
  std::string_view name;
  int per_day;  // of 100 kitchens, of 100 shops
  const int* hours;
  Where where;
  What what;
  bool real, sure;
  int sightings;  // at most
  Duration least, most;
};
constexpr Frequency kFrequencies[] = {
    {"no mask", 30, kMeals, Where::open_kitchen, What::no_mask, true, true, 4, 40min, 6h},
    {"no hat", 24, kMeals, Where::open_kitchen, What::no_hat, true, true, 4, 40min, 6h},
    {"no hat, closed", 2, kNights, Where::closed_kitchen, What::no_hat, true, true, 2, 20min, 1h},
    {"bin", 22, kMeals, Where::open_kitchen, What::uncovered_bin, true, true, 6, 1h, 8h},
    {"bin, closed", 2, kNights, Where::closed_kitchen, What::uncovered_bin, true, true, 6, 2h, 8h},
    {"rodent", 6, kNights, Where::any_kitchen, What::rodent, true, true, 2, 12h, 40h},
    {"no mask, taken for it", 5, kMeals, Where::open_kitchen, What::no_mask, false, true, 2, 0h,
     0h},
    {"rodent, taken for it", 4, kNights, Where::any_kitchen, What::rodent, false, true, 1, 0h, 0h},
    {"no mask, unclear", 14, kDay, Where::open_kitchen, What::no_mask, false, false, 2, 0h, 0h},
    {"bin, unclear", 10, kDay, Where::open_kitchen, What::uncovered_bin, false, false, 2, 0h, 0h},
    {"goods", 200, kStreets, Where::open_shop, What::goods, true, true, 5, 30min, 3h},
    {"goods, taken for it", 22, kDay, Where::open_shop, What::goods, false, true, 2, 0h, 0h},
    {"goods, unclear", 60, kDay, Where::open_shop, What::goods, false, false, 2, 0h, 0h},
};

// A few cameras are bad: a white wall is a face without a mask, a shadow a basket of fruit. Each
// sees it every 40 to 70 minutes while there is light, and one time in six it is so.
constexpr std::size_t kBad = 50;  // one of so many kitchens, of so many shops
constexpr std::uint64_t kTrueOfBad = 6;

constexpr int kBetween = 12;  // one sighting in so many is of two shops

bool suits(const Premises& one, Where where, int hour) {
  switch (where) {
    case Where::open_kitchen:
    case Where::open_shop:
      return one.is_open(hour);
    case Where::closed_kitchen:
      return !one.is_open(hour);
    case Where::any_kitchen:
      break;
  }
  return true;
}

struct Range {
  std::size_t first, count;
};

/// Nothing where so few are open that none was found.
std::optional<std::size_t> find(Random& dice, const std::vector<Premises>& premises, Range range,
                                Where where, int hour) {
  for (int i = 0; i < kTries && range.count > 0; ++i) {
    const std::size_t found = range.first + dice.below(range.count);
    if (!premises[found].cameras.empty() && suits(premises[found], where, hour)) return found;
  }
  return std::nullopt;
}

Lapse make_lapse(const Frequency& frequency, const Premises& at, Random& dice) {
  Lapse lapse;
  lapse.what = frequency.what;
  lapse.real = frequency.real;
  lapse.sure = frequency.sure;
  lapse.camera = dice.below(at.cameras.size());
  // A bin has to stand open for a while before a rule says so.
  const bool bin = frequency.what == What::uncovered_bin && frequency.sure;
  lapse.sightings = static_cast<int>(dice.between(bin ? 4 : 1, frequency.sightings));
  lapse.apart = dice.between(4min, bin ? Duration{6min} : Duration{11min});
  lapse.lasts = dice.between(frequency.least, frequency.most);
  lapse.between = at.next_door > 0 && dice.one_in(kBetween);
  return lapse;
}

void add_bad_cameras(std::vector<Lapse>& lapses, const std::vector<Premises>& premises, Range range,
                     Time start, Time end, Random& dice) {
  const std::size_t bad = (range.count + kBad / 2) / kBad;
  for (std::size_t n = 0; n < bad; ++n) {
    const std::size_t which = range.first + dice.below(range.count);
    const Premises& one = premises[which];
    if (one.cameras.empty()) continue;
    for (Time at = start + kWarmUp + dice.between(0s, 50min); at < end;
         at += dice.between(40min, 70min)) {
      if (!one.is_open(hour_of(at))) continue;
      Lapse lapse;
      lapse.at = at;
      lapse.premises = which;
      lapse.what = one.is_kitchen() ? (n % 2 == 0 ? What::no_mask : What::no_hat) : What::goods;
      lapse.real = dice.one_in(kTrueOfBad);
      lapse.lasts = lapse.real ? Duration{25min} : Duration{};
      lapses.push_back(lapse);
    }
  }
}

}  // namespace

std::vector<Lapse> make_lapses(std::uint64_t seed, const std::vector<Premises>& premises,
                               std::size_t kitchens, Time start, Time end) {
  const Range all_kitchens{0, kitchens}, all_shops{kitchens, premises.size() - kitchens};
  std::vector<Lapse> lapses;
  for (const Frequency& frequency : kFrequencies) {
    Random dice{seed, Random::of(frequency.name)};
    const Range range = frequency.what == What::goods ? all_shops : all_kitchens;
    std::int64_t of_day = 0;
    for (int hour = 0; hour < 24; ++hour) of_day += frequency.hours[hour];
    const std::int64_t whole = of_day * 100;
    std::int64_t owed = whole / 2;
    for (Time from = start; from < end; from += 1h) {
      const int hour = hour_of(from);
      owed += std::int64_t{frequency.per_day} * static_cast<std::int64_t>(range.count) *
              frequency.hours[hour];
      for (; owed >= whole; owed -= whole) {
        const auto where = find(dice, premises, range, frequency.where, hour);
        if (!where) continue;
        Lapse lapse = make_lapse(frequency, premises[*where], dice);
        const Time to = std::min<Time>(from + 1h, end);
        lapse.at = std::max(from + dice.between(0s, to - from), start + kWarmUp);
        lapse.premises = *where;
        lapses.push_back(lapse);
      }
    }
  }
  Random dice{seed, Random::of("bad cameras of premises")};
  add_bad_cameras(lapses, premises, all_kitchens, start, end, dice);
  add_bad_cameras(lapses, premises, all_shops, start, end, dice);
  std::stable_sort(lapses.begin(), lapses.end(),
                   [](const Lapse& a, const Lapse& b) { return a.at < b.at; });
  return lapses;
}

}  // namespace simulate
