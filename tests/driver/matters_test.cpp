// What scenarios can't show of matters: how many a party has at most.

#include "tests/support/loop_city.h"

namespace {

using namespace loop;

void violation(City& city, int number, Duration at) {
  const std::string entity = "elevator/v" + std::to_string(number);
  city.register_elevator(at, entity);
  city.conclude(at + 1s, fired("elevator.ebike", "safety", "elevator.ebike", "cam-1"), entity);
  Feedback said;
  said.item = "elevator.ebike";
  said.finding = "violation";
  said.action = "persuaded";
  for (const char* step : {"arrived", "finding", "verify"}) {
    said.step = step;
    said.by = said.step == "verify" ? "checker/1" : "officer/7";
    city.say(at += 2s, said, entity);
  }
}

TEST(Matters, APartyHasABoundedNumberAndTheOldestGoesFirst) {
  City city;
  for (int i = 0; i < 70; ++i) violation(city, i, i * 10s);
  city.run_to(15min);
  std::map<std::string, Matter> latest;
  for (const Matter& matter : city.matters) latest[matter.id] = matter;
  ASSERT_EQ(latest.size(), 70u) << "each one opens";
  const Matter* last = nullptr;
  for (const auto& [id, matter] : latest)
    if (last == nullptr || last->found_at < matter.found_at) last = &matter;
  EXPECT_EQ(last->earlier.size(), 64u);
  EXPECT_EQ(last->earlier.front().found_at, kStart + 5 * 10s + 4s) << "the five oldest are gone";
  EXPECT_EQ(last->proposal.why.code, "law.repeated");
}

}  // namespace
