// Whatever people write, and however often, an order stays a record: 12 MB of call notes make
// revisions that are small each, and few megabytes together.

#include "operators/city/bounds.h"
#include "tests/support/loop_city.h"

namespace {

using namespace loop;

TEST(Bounds, ThousandsOfLongCallNotesLeaveAnOrderSmall) {
  constexpr int kCalls = 3000;
  City city;
  city.register_elevator();
  city.conclude(0min, fired("elevator.fault", "order", "elevator.repair"));
  Feedback call = step_by("call_logged", "seat/1");
  call.item = "elevator.repair";
  call.who = "物业";
  for (int i = 0; i < kCalls; ++i) {
    call.result = std::to_string(i) + " " + std::string(4000, i % 2 == 0 ? 'x' : '"');
    city.say(1min + i * 100ms, call);
  }
  city.run_to(10min);
  std::size_t all = 0, most = 0;
  for (const Order& order : city.orders) {
    std::string json;
    streams::append_json(json, order);
    all += json.size();
    most = std::max(most, json.size());
  }
  EXPECT_LT(most, kMaxRecordBytes);
  EXPECT_LT(all, 9u * kCalls * 4000u) << "the notes themselves are 12 MB";
  const Order order = city.order("elevator.repair");
  EXPECT_EQ(order.history.size(), kHistoryKept);
  EXPECT_GE(steps_of(order), kCalls);
  EXPECT_EQ(order.history.front().step, "dispatch");
  EXPECT_TRUE(order.history.back().why.zh.find("致电物业：2999 ") != std::string::npos)
      << order.history.back().why.zh;
}

TEST(Bounds, AnOrderIsJoinedBySoManyOfficers) {
  City city;
  city.register_elevator();
  city.conclude(0min, fired("elevator.fault", "order", "elevator.repair"));
  for (std::size_t i = 0; i <= kOfficersJoined; ++i) {
    Feedback arrived = step_by("arrived", "officer/" + std::to_string(i));
    arrived.item = "elevator.repair";
    city.say(1min + static_cast<int>(i) * 1s, arrived);
  }
  city.run_to(10min);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(city.rejected.front().by, "officer/" + std::to_string(kOfficersJoined));
  EXPECT_EQ(city.rejected.front().reason.code, "responders.many");
}

TEST(Bounds, AnOrderRemembersSoManyLinksThatWereTakenBack) {
  City city;
  city.register_elevator();
  city.conclude(0min, fired("elevator.fault", "order", "elevator.repair"));
  city.run_to(1min);
  Feedback revoked = step_by("link_revoked", "seat/3");
  revoked.order = city.order("elevator.repair").id;
  for (std::size_t i = 0; i <= kMostRevoked; ++i) {
    revoked.to = "unit/" + std::to_string(i);
    city.say(2min + static_cast<int>(i) * 1s, revoked);
  }
  city.run_to(10min);
  const Order order = city.order("elevator.repair");
  ASSERT_EQ(order.revoked_links.size(), kMostRevoked);
  EXPECT_EQ(order.revoked_links.front().unit, "unit/1") << "the oldest is forgotten";
}

}  // namespace
