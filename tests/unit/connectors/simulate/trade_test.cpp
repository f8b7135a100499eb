#include "connectors/simulate/trade.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "operators/see/gazetteer.h"
#include "tests/support/source_directory.h"
#include "tests/unit/connectors/simulate/shanghai.h"

namespace simulate {
namespace {

constexpr CitySize kSize{.kitchens = 200, .shops = 80, .street_cameras = 290, .calls_a_day = 72};

const Time kStart = options(7).start;

Trade day_of_trade(std::uint64_t seed = 7) {
  return Trade{seed, kSize, shanghai(), kStart, kStart + 24h};
}

/// All that arrives until then.
std::vector<Arrival> until(Trade& trade, Mail& mail, Time time) {
  for (auto next = trade.next(); next && *next <= time; next = trade.next()) trade.happen(mail);
  std::vector<Arrival> arrivals;
  mail.take(time, arrivals);
  return arrivals;
}

see::Gazetteer gazetteer() {
  std::ifstream file{source_directory("/deploy/city/shanghai/gazetteer.yaml")};
  std::stringstream text;
  text << file.rdbuf();
  return *see::Gazetteer::parse(text.str(), "gazetteer.yaml");
}

TEST(CitySize, IsAWholeCitysAtAHundredThousandElevators) {
  const CitySize whole = CitySize::of(100'000);
  EXPECT_EQ(whole.street_cameras, 29'000);
  EXPECT_EQ(whole.shops, 8'000);
  EXPECT_EQ(whole.kitchens, 30'000);
  for (const int elevators : {100, 1'000, 5'000, 100'000}) {
    const CitySize size = CitySize::of(elevators);
    EXPECT_EQ(CitySize::shops_under(size.street_cameras), size.shops);
  }
}

TEST(Premises, ArePlausible) {
  const Trade trade = day_of_trade();
  const see::Gazetteer known = gazetteer();
  std::set<std::string> subjects, licences, units, districts;
  int at_night = 0, usual = 0;
  for (const Premises& one : trade.premises()) {
    subjects.insert(one.subject);
    licences.insert(one.licence);
    units.insert(one.use_unit);
    if (one.is_kitchen()) districts.insert(one.district);
    EXPECT_FALSE(one.cameras.empty()) << one.subject;
    const auto address = known.address(one.address);
    ASSERT_TRUE(address) << one.address;
    EXPECT_FALSE(address->place().empty()) << one.address;
    EXPECT_FALSE(known.address(one.nickname)) << one.nickname;
    if (!one.is_kitchen()) {
      EXPECT_EQ(one.district, "310120");
      continue;
    }
    at_night += one.is_open(2);
    usual += one.is_open(10) && one.is_open(20) && !one.is_open(21) && !one.is_open(9);
  }
  EXPECT_EQ(subjects.size(), 280U);
  EXPECT_EQ(licences.size(), 280U);
  EXPECT_EQ(units.size(), 280U);
  EXPECT_GT(districts.size(), 10U);
  EXPECT_GT(at_night, 5);
  EXPECT_GT(usual, 120);
}

// No camera takes a shop of the next street for one of this; neighbours can be told apart.
TEST(Premises, StandApartAlongTheirStreets) {
  const std::vector<Premises> shops = make_shops(3, 8000, 29'000, shanghai());
  std::set<std::string> addresses;
  std::map<std::pair<int, int>, std::vector<const Premises*>> cells;
  for (const Premises& one : shops) {
    addresses.insert(one.address);
    cells[{one.lon / 100, one.lat / 100}].push_back(&one);
  }
  EXPECT_EQ(addresses.size(), 8000U);
  for (const auto& [cell, some] : cells)
    for (const Premises* one : some)
      for (const Premises* other : some) {
        if (one == other) continue;
        const double away =
            std::hypot((one->lon - other->lon) * 0.957, (one->lat - other->lat) * 1.113);
        EXPECT_GT(away, one->lat == other->lat ? 16 : 38) << one->subject << other->subject;
      }
}

TEST(Lapses, ComeWhereSomebodyIsAndAtNightWhereNobodyIs) {
  const Trade trade = day_of_trade();
  std::map<Lapse::What, int> seen, mistaken, closed;
  int goods_at_peaks = 0;
  for (const Lapse& lapse : trade.lapses()) {
    const Premises& one = trade.premises()[lapse.premises];
    const int hour = hour_of(lapse.at);
    ++(lapse.real ? seen : mistaken)[lapse.what];
    closed[lapse.what] += !one.is_open(hour);
    EXPECT_EQ(lapse.what == Lapse::What::goods, !one.is_kitchen());
    if (lapse.what == Lapse::What::goods && lapse.real)
      goods_at_peaks +=
          (hour >= 7 && hour <= 8) || hour == 11 || hour == 12 || (hour >= 16 && hour <= 19);
  }
  EXPECT_EQ(closed[Lapse::What::goods], 0);
  EXPECT_EQ(closed[Lapse::What::no_mask], 0);
  EXPECT_GT(closed[Lapse::What::no_hat], 0);
  EXPECT_GT(closed[Lapse::What::rodent], 3);
  for (std::size_t what = 0; what < std::size(kLapses); ++what)
    EXPECT_GT(seen[static_cast<Lapse::What>(what)], 5) << kLapses[what];
  EXPECT_GT(mistaken[Lapse::What::no_mask], 20);
  EXPECT_GT(mistaken[Lapse::What::rodent], 2);
  EXPECT_GT(goods_at_peaks * 100, seen[Lapse::What::goods] * 65);
}

// Cameras look again and again, until somebody has done something about it.
TEST(Trade, SeesNoMoreWhatHasBeenCorrected) {
  Trade trade = day_of_trade(), untouched = day_of_trade();
  const auto found =
      std::find_if(trade.lapses().begin(), trade.lapses().end(), [](const Lapse& lapse) {
        return lapse.what == Lapse::What::uncovered_bin && lapse.real && lapse.sure &&
               lapse.at > kStart + 3h;
      });
  ASSERT_NE(found, trade.lapses().end());
  const std::string entity = trade.premises()[found->premises].subject;
  const auto sightings = [&](Trade& one, bool correct) {
    Mail mail;
    until(one, mail, found->at + 1min);
    EXPECT_TRUE(one.scene(found->premises, Matter::hygiene, found->at + 1min).real);
    EXPECT_FALSE(one.scene(found->premises, Matter::street, found->at + 1min).real);
    if (correct) one.corrected(found->premises, Matter::hygiene, found->at + 1min);
    EXPECT_NE(one.scene(found->premises, Matter::hygiene, found->at + 2min).real, correct);
    int count = 0;
    for (const Arrival& arrival : until(one, mail, found->at + 40min))
      count +=
          arrival.subject == entity && arrival.bytes.find("uncovered_bin") != std::string::npos;
    return count;
  };
  EXPECT_GE(sightings(untouched, false), 3);
  EXPECT_EQ(sightings(trade, true), 0);
}

TEST(Trade, FilesPitchesAndTakesThemBack) {
  Trade trade = day_of_trade();
  Mail mail;
  std::map<std::string, int> actions;
  int over = 0;
  for (const Arrival& arrival : until(trade, mail, kStart + 24h)) {
    if (arrival.bytes.find("\"filing\"") == std::string::npos) continue;
    for (const char* action : {"registered", "revoked", "expired"})
      actions[action] += arrival.bytes.find(action) != std::string::npos;
    const std::size_t at = arrival.bytes.find("\"validUntil\":\"");
    over += at != std::string::npos && arrival.bytes.substr(at + 14, 10) < "2026-11-22";
    EXPECT_TRUE(arrival.subject.starts_with("shop/"));
  }
  EXPECT_GT(actions["registered"], 15);
  EXPECT_GT(actions["revoked"], 0);
  EXPECT_GT(actions["expired"], 0);
  EXPECT_GT(over, 0);
}

// A street camera knows its position alone; what it saw between two shops is the cell's.
TEST(Trade, FindsTheShopOfACell) {
  Trade trade = day_of_trade();
  Mail mail;
  std::vector<Arrival> arrivals = until(trade, mail, kStart + 24h);
  int street = 0;
  for (const Arrival& arrival : arrivals) {
    if (arrival.topic != "camera.alerts" || !arrival.subject.starts_with("device/")) continue;
    ++street;
    EXPECT_NE(arrival.bytes.find("goods_beyond_door"), std::string::npos);
  }
  EXPECT_GT(street, 100);
  const Premises& shop = trade.premises()[trade.kitchens()];
  EXPECT_EQ(trade.find(shop.subject), trade.kitchens());
  EXPECT_FALSE(trade.find("shop/unknown"));
  int cells = 0;
  for (int lon = 121'400; lon < 121'500; ++lon)
    for (int lat = 30'900; lat < 30'940; ++lat)
      cells += trade.find("cell/" + std::to_string(lon) + "-" + std::to_string(lat)).has_value();
  EXPECT_GT(cells, 3);
}

}  // namespace
}  // namespace simulate
