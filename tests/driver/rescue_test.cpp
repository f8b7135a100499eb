// The rescue of trapped passengers, from the conclusion to the closed order: levels by timeout,
// refusal, late arrival and injury, on one order; ended only by a rescue on site or the elevator.

#include "tests/support/loop_city.h"

namespace {

using namespace loop;

constexpr const char* kRescue = "elevator.rescue";
const TestConclusion kTrapped = fired("elevator.trapped", "life", kRescue);
constexpr const char* kCompany = "unit/fast-lift";
constexpr const char* kStation = "unit/rescue-station-hongqiao";

Feedback said(const std::string& step, const std::string& by) {
  Feedback feedback = step_by(step, by);
  feedback.item = kRescue;
  return feedback;
}
Feedback accept(const std::string& by, Duration eta) {
  Feedback feedback = said("accept", by);
  feedback.eta = kStart + eta;
  return feedback;
}
Feedback rescued(const std::string& by) {
  Feedback feedback = said("finding", by);
  feedback.finding = "confirmed";
  feedback.action = "rescued";
  feedback.people = 2;
  feedback.injured = 0;
  feedback.cause = "door";
  return feedback;
}

struct Rescue : testing::Test {
  Rescue() {
    city.register_elevator();
    city.conclude(0min, kTrapped);
  }
  City city;
};

TEST_F(Rescue, IsDispatchedAtOnceToDutyRoomAndCompany) {
  city.run_to(1min);
  const Warning warning = city.warning("elevator.trapped");
  EXPECT_EQ(warning.priority, Priority::P1);
  EXPECT_EQ(warning.state, WarningState::dispatched);
  EXPECT_TRUE(has_reason(warning, "consequence.life"));
  EXPECT_TRUE(has_reason(warning, "screening.p1"));
  const Order order = city.order(kRescue);
  EXPECT_EQ(order.state, OrderState::dispatched);
  EXPECT_EQ(order.warnings, std::vector{warning.id});
  EXPECT_EQ(order.story, warning.story);
  ASSERT_EQ(order.responders.size(), 2u);
  EXPECT_EQ(order.responders[0].unit, "unit/yuyuan");
  EXPECT_EQ(order.responders[1].unit, kCompany);
  EXPECT_EQ(order.responders[1].accept_by, kStart + 5min);
  EXPECT_EQ(order.responders[1].arrive_by, kStart + 30min);
  EXPECT_EQ(order.duty_version, "duty@0badf00d");
  EXPECT_EQ(order.revision, 1);
}

TEST_F(Rescue, UnansweredForFiveMinutesAddsLevelTwoToTheSameOrder) {
  city.run_to(4min + 59s);
  EXPECT_EQ(city.order(kRescue).responders.size(), 2u);
  city.run_to(5min);
  const Order order = city.order(kRescue);
  EXPECT_EQ(city.count_orders(), 1u);
  ASSERT_EQ(order.responders.size(), 4u);
  EXPECT_EQ(order.responders[2].unit, kStation);
  EXPECT_EQ(order.responders[2].level, 2);
  EXPECT_EQ(order.responders[2].why, "no_acceptance");
  EXPECT_EQ(order.responders[2].accept_by, kStart + 8min);
  EXPECT_EQ(order.responders[1].state, OrderState::dispatched) << "level 1 is not sent home";
  EXPECT_NE(why_of(order, "escalate").find("第1级派出5分钟无人签收"), std::string::npos);
  EXPECT_NE(why_of(order, "escalate").find("5 min ago"), std::string::npos);
  EXPECT_EQ(order.attempt, 1);
  // Level 1 may still come.
  city.say(6min, accept(kCompany, 15min));
  city.run_to(7min);
  EXPECT_EQ(city.order(kRescue).state, OrderState::accepted);
  EXPECT_TRUE(city.rejected.empty());
}

TEST_F(Rescue, TheDutyRoomsAnswerIsNotARescuers) {
  city.say(1min, accept("unit/yuyuan", 2min));
  city.say(2min, said("arrived", "unit/yuyuan"));
  city.run_to(6min);
  EXPECT_EQ(city.order(kRescue).responders.size(), 4u);
}

TEST_F(Rescue, AcceptedAndPunctualNeedsNoSecondLevel) {
  city.say(2min, accept(kCompany, 20min));
  city.say(19min, said("arrived", kCompany));
  city.run_to(40min);
  EXPECT_EQ(city.order(kRescue).responders.size(), 2u);
  EXPECT_EQ(city.order(kRescue).state, OrderState::arrived);
}

TEST_F(Rescue, RefusalCallsLevelTwoAtOnce) {
  Feedback refusal = said("return", kCompany);
  refusal.reason = "无人值班";
  city.say(1min, refusal);
  city.run_to(1min + 1s);
  Order order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 4u);
  EXPECT_EQ(order.responders[2].why, "refused");
  EXPECT_EQ(find_unit(order, kCompany)->declined, "无人值班");
  EXPECT_NE(why_of(order, "escalate").find("无人值班"), std::string::npos);
  EXPECT_EQ(order.returns, 0);
  // Both stations refuse: level 2 has failed.
  city.say(2min, said("return", kStation));
  city.run_to(2min + 1s);
  EXPECT_EQ(city.order(kRescue).responders.size(), 4u) << "one station is left";
  city.say(3min, said("return", "unit/rescue-station-zhongshan"));
  city.run_to(3min + 1s);
  order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 5u);
  EXPECT_EQ(order.responders[4].unit, "unit/119");
  EXPECT_EQ(order.responders[4].why, "refused");
}

TEST_F(Rescue, ALateEtaCallsLevelTwo) {
  city.say(2min, accept(kCompany, 29min));
  city.run_to(3min);
  EXPECT_EQ(city.order(kRescue).responders.size(), 2u);
  city.say(4min, accept(kCompany, 41min));  // stuck in traffic
  city.run_to(5min);
  const Order order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 4u);
  EXPECT_EQ(order.responders[2].why, "eta");
  EXPECT_NE(why_of(order, "escalate").find("37分钟"), std::string::npos);
  EXPECT_NE(why_of(order, "escalate").find("30分钟"), std::string::npos);
}

TEST_F(Rescue, NobodyThereInTimeCallsTheNextLevel) {
  city.say(2min, accept(kCompany, 20min));
  city.run_to(31min);
  Order order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 4u);
  EXPECT_EQ(order.responders[2].why, "late");
  city.say(32min, accept(kStation, 45min));
  city.run_to(49min);
  EXPECT_EQ(city.order(kRescue).responders.size(), 4u);
  city.run_to(51min);  // level 2 accepted, but 20 min are over
  order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 5u);
  EXPECT_EQ(order.responders[4].why, "late");
}

TEST_F(Rescue, LevelTwoUnansweredCallsTheFireServiceThenTheDistrict) {
  city.run_to(9min);
  Order order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 5u);
  EXPECT_EQ(order.responders[4].role, "fire");
  EXPECT_EQ(order.responders[4].why, "no_acceptance");
  EXPECT_NE(why_of(order, "escalate").find("第2级派出3分钟"), std::string::npos);
  EXPECT_EQ(city.count_notices("report"), 0u);
  city.run_to(11min);
  EXPECT_EQ(city.count_notices("report"), 1u);
  EXPECT_EQ(city.order(kRescue).supervision->level, 4);
}

TEST_F(Rescue, InjuryAndSmokeCallTheFireService) {
  city.say(2min, accept(kCompany, 10min));
  city.say(10min, said("arrived", kCompany));
  Feedback found = said("finding", kCompany);
  found.finding = "confirmed";
  found.action = "none";
  found.injured = 1;
  city.say(11min, found);
  city.run_to(12min);
  const Order order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 3u);
  EXPECT_EQ(order.responders[2].unit, "unit/119");
  EXPECT_EQ(order.responders[2].why, "injury");
  EXPECT_EQ(order.state, OrderState::arrived) << "not rescued: not over";

  City other;
  other.register_elevator();
  other.conclude(0min, kTrapped);
  Feedback call = said("call_logged", "unit/yuyuan");
  call.who = "轿厢内乘客";
  call.result = "有烟";
  call.cause = "smoke";
  other.say(1min, call);
  other.run_to(2min);
  ASSERT_EQ(other.order(kRescue).responders.size(), 3u);
  EXPECT_EQ(other.order(kRescue).responders[2].why, "smoke");
}

TEST_F(Rescue, EndsByARescueOnSite) {
  city.say(2min, accept(kCompany, 15min));
  city.say(3min, said("en_route", kCompany));
  city.say(14min, said("arrived", kCompany));
  city.say(20min, rescued(kCompany));
  city.run_to(21min);
  const Order order = city.order(kRescue);
  EXPECT_EQ(order.state, OrderState::closed);
  ASSERT_TRUE(order.verdict);
  EXPECT_EQ(order.verdict->people, 2);
  EXPECT_EQ(order.verdict->by, kCompany);
  EXPECT_NE(why_of(order, "close").find("救出2人"), std::string::npos);
  const Warning warning = city.warning("elevator.trapped");
  EXPECT_EQ(warning.state, WarningState::resolved);
  EXPECT_TRUE(has_reason(warning, "verdict.confirmed"));
  ASSERT_EQ(city.trust.size(), 1u);
  EXPECT_EQ(city.trust[0].entity, "rule/elevator.trapped");
  EXPECT_EQ(city.trust[0].on_its_behalf, 1);
  EXPECT_TRUE(city.rejected.empty());
  if (std::getenv("WATCHFIRE_SHOW") != nullptr)
    for (const std::string& record : city.raw)
      if (record.starts_with("dispatch.orders")) std::puts(record.c_str());
}

TEST_F(Rescue, NobodyElseCanEndIt) {
  city.say(2min, accept(kCompany, 15min));
  city.say(3min, rescued(kCompany));  // accepted, not there
  city.run_to(4min);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(city.rejected[0].reason.code, "step.state");
  EXPECT_EQ(city.rejected[0].state, "accepted");
  EXPECT_NE(city.rejected[0].reason.zh.find("已签收"), std::string::npos);
  city.say(5min, said("arrived", "unit/yuyuan"));
  city.say(6min, rescued(kCompany));  // somebody is there, but not they
  city.say(7min, rescued("unit/stranger"));
  city.run_to(8min);
  ASSERT_EQ(city.rejected.size(), 3u);
  EXPECT_EQ(city.rejected[1].reason.code, "finding.not_arrived");
  EXPECT_NE(city.rejected[1].reason.en.find("accepted"), std::string::npos);
  EXPECT_EQ(city.rejected[2].reason.code, "by.not_called");
  city.conclude(9min, then(kTrapped, "cleared"));
  city.conclude(10min, then(kTrapped, "no_data"));
  Feedback recall = said("recall", "seat/3");
  recall.reason = "误派";
  city.say(11min, recall);
  Feedback dismiss;
  dismiss.step = "dismiss";
  dismiss.by = "seat/3";
  dismiss.reason = "false_alarm";
  dismiss.warning = city.warning("elevator.trapped").id;
  city.say(12min, dismiss);
  city.say(12min, dismiss);  // the same word again
  city.run_to(13min);
  EXPECT_EQ(city.order(kRescue).state, OrderState::arrived);
  EXPECT_EQ(city.rejected.back().reason.code, "step.life");
  const Warning warning = city.warning("elevator.trapped");
  EXPECT_EQ(warning.state, WarningState::dispatched);
  EXPECT_EQ(warning.condition, Condition::no_data);
  ASSERT_TRUE(warning.screened);
  EXPECT_EQ(warning.screened->result, "dismissed");
}

TEST_F(Rescue, EndsByTheElevatorsOwnEndOfAlarm) {
  city.conclude(7min, then(kTrapped, "ended"));
  city.run_to(8min);
  const Order order = city.order(kRescue);
  EXPECT_EQ(order.state, OrderState::closed);
  EXPECT_FALSE(order.verdict);
  EXPECT_EQ(city.warning("elevator.trapped").state, WarningState::resolved);
  EXPECT_TRUE(city.trust.empty()) << "nobody found anything";
}

TEST_F(Rescue, AnOfficerOnTheWayJoins) {
  Feedback arrived = said("arrived", "officer/SH-0421");
  arrived.item.clear();
  city.run_to(1min);
  arrived.order = city.order(kRescue).id;
  city.say(4min, arrived);
  city.say(6min, rescued("officer/SH-0421"));
  city.run_to(7min);
  EXPECT_EQ(city.order(kRescue).state, OrderState::closed);
  EXPECT_TRUE(has_step(city.order(kRescue), "escalate")) << "an officer's arrival is no rescuer's";
}

TEST_F(Rescue, AnOfficerForWhomNobodyVouchesChangesNothing) {
  city.run_to(1min);
  const int before = city.order(kRescue).revision;
  const std::pair<const char*, const char*> vouched[] = {{"", "by.unvouched"},
                                                         {"none", "by.unvouched"},
                                                         {"unit/somebody-else", "by.unvouched"},
                                                         {"unit/fast", "by.unvouched"}};
  for (const auto& [units, code] : vouched) {
    city.say(2min, said("arrived", "officer/ghost"), kElevator, units);
    city.say(2min, rescued("officer/ghost"), kElevator, units);
  }
  city.run_to(3min);
  ASSERT_EQ(city.rejected.size(), 8u);
  EXPECT_EQ(city.rejected[0].reason.code, "by.unvouched");
  EXPECT_NE(city.rejected[0].reason.zh.find("执法人员ghost"), std::string::npos);
  EXPECT_EQ(city.order(kRescue).revision, before);
  // One who has joined is vouched for each time.
  city.say(4min, said("arrived", "officer/SH-0421"), kElevator, "unit/x unit/fast-*");
  city.say(5min, rescued("officer/SH-0421"), kElevator, "unit/x");
  city.run_to(6min);
  EXPECT_EQ(city.rejected.back().reason.code, "by.unvouched");
  EXPECT_EQ(city.order(kRescue).state, OrderState::arrived);
  city.say(7min, rescued("officer/SH-0421"), kElevator, "officer/SH-0421");  // a link of his own
  city.run_to(8min);
  EXPECT_EQ(city.order(kRescue).state, OrderState::closed);
}

TEST_F(Rescue, WhoeverWasNotCalledSaysNothingAboutIt) {
  city.run_to(1min);
  const int before = city.order(kRescue).revision;
  for (const char* step : {"accept", "en_route", "arrived", "return", "call_logged"}) {
    Feedback word = said(step, "unit/somebody-else");
    word.who = "119";
    word.result = "ok";
    word.eta = kStart + 10min;
    city.say(2min, word);
  }
  Feedback reply = said("supervise_reply", "unit/somebody-else");
  reply.text = "已处理";
  city.say(2min, reply);
  city.run_to(3min);
  ASSERT_EQ(city.rejected.size(), 6u);
  for (const Rejected& refused : city.rejected) EXPECT_EQ(refused.reason.code, "by.not_called");
  EXPECT_EQ(city.order(kRescue).revision, before);
}

TEST_F(Rescue, PeopleAreToldWhoHasJustRegisteredTheRescuer) {
  city.run_to(1min);
  EXPECT_TRUE(has_step(city.order(kRescue), "newly_registered"));
  const std::string why = why_of(city.order(kRescue), "newly_registered");
  EXPECT_NE(why.find("/test"), std::string::npos) << why;
  EXPECT_EQ(city.count_notices("newly_registered"), 2u) << "the duty room and the company";
  for (const Notice& notice : city.notices)
    EXPECT_TRUE(notice.kind != "newly_registered" || notice.to == "seat/3") << notice.to;
}

TEST_F(Rescue, ALinkThatIsTakenBackStandsOnTheOrder) {
  city.run_to(1min);
  Feedback given = said("link_given", "seat/3");
  given.to = kCompany;
  city.say(2min, given);
  given.to = "unit/somebody-else";
  city.say(2min, given);
  city.say(4min, said("arrived", kCompany));
  city.say(5min, rescued(kCompany));
  Feedback revoked = said("link_revoked", "seat/3");
  revoked.item.clear();
  revoked.order = city.order(kRescue).id;
  revoked.to = kCompany;
  city.say(6min, revoked);
  city.run_to(7min);
  const Order order = city.order(kRescue);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(city.rejected[0].reason.code, "link.not_called");
  EXPECT_EQ(order.state, OrderState::closed) << "also of one that has ended";
  ASSERT_EQ(order.revoked_links.size(), 1u);
  EXPECT_EQ(order.revoked_links[0].unit, kCompany);
  EXPECT_EQ(order.revoked_links[0].until, kStart + 6min);
  EXPECT_TRUE(has_step(order, "link_given") && has_step(order, "link_revoked"));
}

TEST_F(Rescue, RepeatsAndLateWordsChangeNothingTwice) {
  city.say(2min, accept(kCompany, 15min));
  city.say(2min + 1s, accept(kCompany, 15min));
  city.say(14min, said("arrived", kCompany));
  city.say(15min, said("arrived", kCompany));
  city.say(16min, said("en_route", kCompany));
  city.run_to(17min);
  EXPECT_EQ(city.order(kRescue).revision, 3);
  EXPECT_TRUE(city.rejected.empty());
  city.say(20min, rescued(kCompany));
  city.say(21min, rescued(kCompany));
  Feedback by_id = said("arrived", kStation);
  by_id.item.clear();
  by_id.order = city.order(kRescue).id;
  city.say(22min, by_id);
  city.run_to(23min);
  EXPECT_EQ(city.order(kRescue).revision, 4);
  ASSERT_EQ(city.rejected.size(), 2u);
  EXPECT_EQ(city.rejected[0].reason.code, "item.none");
  EXPECT_EQ(city.rejected[1].state, "closed");
  city.run_to(49h);
  city.say(49h, by_id);
  city.run_to(50h);
  EXPECT_EQ(city.rejected.back().reason.code, "target.unknown");
  EXPECT_EQ(city.count_orders(), 1u);
}

TEST(Silence, OfADeviceWhileTrappedIsDispatchedLikeAnAlarm) {
  City city;
  city.register_elevator();
  TestConclusion silent = kTrapped;
  silent.rule = "elevator.silent";
  city.conclude(0min, silent);
  city.run_to(1min);
  EXPECT_EQ(city.warning("elevator.silent").priority, Priority::P1);
  EXPECT_EQ(city.order(kRescue).priority, Priority::P1);
}

TEST(Unregistered, ElevatorsGoStraightToTheStations) {
  City city;
  city.conclude(0min, kTrapped);
  city.run_to(1min);
  Order order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 1u);
  EXPECT_EQ(order.responders[0].unit, "unit/rescue-station-city");
  EXPECT_EQ(order.responders[0].why, "no_unit");
  EXPECT_TRUE(has_step(order, "no_unit"));
  city.register_elevator(2min);  // the registration comes late: they are called as well
  city.run_to(2min + 1s);
  order = city.order(kRescue);
  ASSERT_EQ(order.responders.size(), 3u);
  EXPECT_EQ(order.responders[2].unit, kCompany);
  EXPECT_EQ(order.responders[2].accept_by, kStart + 7min);
}

TEST(Exercise, TellsNobodyAndTeachesNothing) {
  City city;
  city.register_elevator();
  city.conclude(0min, kTrapped, kElevator, true);
  city.run_to(3h);
  EXPECT_FALSE(city.orders.empty());
  EXPECT_TRUE(city.notices.empty());
}

}  // namespace
