// Screening: by rule when rule and device are trusted, by a person when not, passed on when nobody
// answers, and never waiting for ever. Trust lost and regained. What seats may do with a warning.

#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "streams/hash.h"
#include "tests/support/loop_city.h"

namespace {

using namespace loop;

TestConclusion ebike(const std::string& device = "cam-1", const std::string& what = "fired") {
  return then(fired("elevator.ebike", "safety", "elevator.ebike", device), what);
}

Feedback said(const std::string& step, const std::string& by, const Warning& warning) {
  Feedback feedback = step_by(step, by);
  feedback.warning = warning.id;
  return feedback;
}

/// Shanghai's list, but this rule always goes to a person, and no sample is drawn.
std::string by_person() {
  std::string duty = shanghai_duty();
  duty.replace(duty.find("byPerson: ["), 11, "byPerson: [elevator.ebike, ");
  return duty;
}
std::string with_sample(const std::string& percent) {
  std::string duty = shanghai_duty();
  duty.replace(duty.find("samplePercent: 10"), 17, "samplePercent: " + percent);
  return duty;
}

struct ByPerson : testing::Test {
  ByPerson() {
    city.register_elevator();
    city.conclude(0min, ebike());
    city.run_to(1min);
    warning = city.warning("elevator.ebike");
  }
  Warning now() { return city.warning("elevator.ebike"); }
  City city{streams::Schedule::steady(), by_person()};
  Warning warning;
};

TEST(Screening, IsAutomaticWhenRuleAndDeviceAreTrusted) {
  City city;
  city.register_elevator();
  city.conclude(0min, ebike());
  city.run_to(1min);
  const Warning warning = city.warning("elevator.ebike");
  EXPECT_EQ(warning.state, WarningState::dispatched);
  EXPECT_EQ(warning.priority, Priority::P2);
  ASSERT_TRUE(warning.screened);
  EXPECT_EQ(warning.screened->by, "rule");
  EXPECT_EQ(warning.screened->reason, "screening.trusted");
  EXPECT_EQ(warning.device, "device/cam-1");
  EXPECT_EQ(city.order("elevator.ebike").responders.at(0).unit, "unit/yuyuan");
}

TEST_F(ByPerson, HasAnOwnerAndADeadline) {
  EXPECT_EQ(warning.state, WarningState::screening);
  ASSERT_TRUE(warning.screening);
  EXPECT_EQ(warning.screening->owner, "seat/3");
  EXPECT_EQ(warning.screening->deadline, kStart + 10min);
  EXPECT_TRUE(city.orders.empty());
}

TEST_F(ByPerson, IsPassedOnAndDispatchedWhenNobodyAnswers) {
  city.run_to(11min);
  EXPECT_EQ(now().screening->owner, "seat/4");
  EXPECT_EQ(now().screening->passed_on, 1);
  EXPECT_TRUE(has_reason(now(), "screening.passed_on"));
  city.run_to(21min);
  EXPECT_EQ(now().state, WarningState::dispatched);
  EXPECT_TRUE(has_reason(now(), "screening.nobody"));
  EXPECT_EQ(city.count_orders(), 1u);
}

TEST_F(ByPerson, ConfirmDispatches) {
  city.say(2min, said("confirm", "seat/4", warning));
  city.say(2min, said("confirm", "seat/4", warning));
  city.run_to(3min);
  EXPECT_EQ(now().state, WarningState::dispatched);
  EXPECT_EQ(now().screened->by, "seat/4");
  EXPECT_FALSE(now().screening);
  EXPECT_EQ(city.order("elevator.ebike").history.front().by, "seat/4");
  city.say(4min, said("confirm", "seat/3", warning));
  city.run_to(5min);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(city.rejected[0].reason.code, "confirm.dispatched");
  EXPECT_EQ(city.rejected[0].state, "dispatched");
}

TEST_F(ByPerson, DismissEndsItWithItsReasonAndReopenBringsItBack) {
  Feedback dismiss = said("dismiss", "seat/3", warning);
  city.say(2min, dismiss);  // without a reason
  dismiss.reason = "permitted";
  city.say(3min, dismiss);
  city.say(3min, dismiss);
  city.run_to(4min);
  EXPECT_EQ(now().state, WarningState::dismissed);
  EXPECT_EQ(now().state_reason, "permitted");
  EXPECT_EQ(now().revision, 2);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(city.rejected[0].reason.code, "step.field");
  city.say(5min, said("claim", "seat/3", warning));
  Feedback reopen = said("reopen", "seat/4", warning);
  reopen.reason = "复核发现未排除";
  city.say(6min, reopen);
  city.run_to(7min);
  EXPECT_EQ(city.rejected.back().reason.code, "step.state");
  EXPECT_EQ(city.rejected.back().state, "dismissed");
  EXPECT_EQ(now().state, WarningState::screening);
  EXPECT_EQ(now().reopened, 1);
  EXPECT_EQ(now().claim->by, "seat/4");
  city.say(8min, said("dispatch", "seat/4", warning));
  city.run_to(9min);
  EXPECT_EQ(now().state, WarningState::dispatched);
  EXPECT_EQ(city.count_orders(), 1u);
}

TEST_F(ByPerson, FreeWordsOfDismissalAreADeskJudgement) {
  Feedback dismiss = said("dismiss", "seat/3", warning);
  dismiss.reason = "画面中是玩具车";
  city.say(3min, dismiss);
  city.run_to(4min);
  EXPECT_EQ(now().state_reason, "offsite_cleared");
  EXPECT_EQ(now().screened->reason, "画面中是玩具车");
}

TEST_F(ByPerson, AClaimHoldsTheDeadlineUntilItExpires) {
  city.say(9min, said("claim", "seat/3", warning));
  city.say(10min, said("claim", "seat/4", warning));
  city.say(10min, said("release", "seat/4", warning));
  city.run_to(20min);
  ASSERT_EQ(city.rejected.size(), 2u);
  EXPECT_EQ(city.rejected[0].reason.code, "claim.taken");
  EXPECT_EQ(city.rejected[1].reason.code, "claim.not_yours");
  EXPECT_EQ(now().screening->owner, "seat/3");
  city.run_to(25min);  // 9 + 15 min
  EXPECT_FALSE(now().claim);
  EXPECT_TRUE(has_reason(now(), "claim.expired"));
  EXPECT_EQ(now().screening->owner, "seat/4");
}

TEST_F(ByPerson, ReleaseGivesItBack) {
  city.say(5min, said("claim", "seat/3", warning));
  city.say(6min, said("release", "seat/3", warning));
  city.say(6min, said("release", "seat/3", warning));
  city.run_to(11min);
  EXPECT_TRUE(city.rejected.empty());
  EXPECT_EQ(now().screening->owner, "seat/4");
}

TEST_F(ByPerson, ShelvingIsLimitedAndEnds) {
  Feedback shelve = said("shelve", "seat/3", warning);
  shelve.reason = "等物业回电";
  shelve.until = kStart + 30h;
  city.say(2min, shelve);
  shelve.until = kStart + 1h;
  city.say(3min, shelve);
  city.run_to(59min);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(city.rejected[0].reason.code, "shelve.until");
  ASSERT_TRUE(now().shelved);
  EXPECT_EQ(now().screening->owner, "seat/3") << "shelved: nobody is asked";
  city.run_to(61min);
  EXPECT_FALSE(now().shelved);
  EXPECT_EQ(now().screening->owner, "seat/4");
  shelve.until = kStart + 2h;
  city.say(62min, shelve);
  city.say(63min, said("unshelve", "seat/4", warning));
  Feedback call = said("call_logged", "seat/4", warning);
  call.who = "物业";
  call.result = "无人接听";
  city.say(64min, call);
  city.run_to(65min);
  EXPECT_FALSE(now().shelved);
  EXPECT_TRUE(has_reason(now(), "call"));
}

TEST_F(ByPerson, MoreOfTheSameIsEvidenceOncePerMinute) {
  const int before = now().revision;
  for (int i = 0; i < 40; ++i)
    city.conclude(1min + i * 5s, ebike("cam-1", i < 20 ? "more" : "fired"));
  city.run_to(6min);
  EXPECT_EQ(now().count, 41);
  ASSERT_EQ(now().evidence.size(), 16u);
  EXPECT_EQ(now().evidence.front().id, warning.evidence.front().id) << "the first is kept";
  EXPECT_EQ(now().evidence.back().time, kStart + 1min + 195s);
  EXPECT_EQ(now().revision - before, 5) << "at 1, 2, 3, 4 and 5 min";
  EXPECT_EQ(now().id, warning.id);
}

TEST_F(ByPerson, TheConditionComesAndGoesBesideTheState) {
  city.conclude(2min, ebike("cam-1", "cleared"));
  city.run_to(3min);
  EXPECT_EQ(now().condition, Condition::cleared);
  EXPECT_EQ(now().state, WarningState::screening);
  city.conclude(4min, ebike());
  city.run_to(5min);
  EXPECT_EQ(now().condition, Condition::active);
  EXPECT_EQ(now().reopened, 1);
  EXPECT_EQ(now().priority, Priority::P2) << "coming back is urgent, but P1 is kept for life";
  EXPECT_EQ(now().state, WarningState::screening);
  EXPECT_EQ(city.count_orders(), 0u);
}

TEST(Screening, WithoutAListOrSeatsNothingWaits) {
  City city{streams::Schedule::steady(), "screening: {byPerson: [elevator.ebike]}"};
  city.conclude(0min, ebike());
  city.run_to(1min);
  EXPECT_EQ(city.warning("elevator.ebike").state, WarningState::dispatched);
  EXPECT_TRUE(has_reason(city.warning("elevator.ebike"), "screening.no_seat"));
}

/// One hit on an elevator of its own, taken to its verdict if it was dispatched.
void hit(City& city, int number, const std::string& device, const std::string& finding) {
  const std::string entity = "elevator/e" + std::to_string(number);
  const Duration at = 1h * number;
  city.conclude(at, ebike(device), entity);
  Feedback answer;
  answer.by = "officer/1";
  answer.item = "elevator.ebike";
  answer.step = "arrived";
  city.say(at + 5min, answer, entity);
  answer.step = "finding";
  answer.finding = finding;
  answer.action = "none";
  city.say(at + 6min, answer, entity);
  answer.step = "verify";
  answer.by = "checker/9";
  city.say(at + 7min, answer, entity);
  city.run_to(at + 8min);
}

TEST(Trust, SixFalseAlarmsSendTheNextHitOfThatCameraToAPerson) {
  City city{streams::Schedule::steady(), with_sample("0")};
  for (int i = 0; i < 6; ++i) hit(city, i, "cam-1", i == 3 ? "not_found" : "false_alarm");
  EXPECT_EQ(city.count_orders(), 6u);
  EXPECT_EQ(city.warning("elevator.ebike").state, WarningState::dismissed);
  EXPECT_EQ(city.warning("elevator.ebike").state_reason, "false_alarm");
  ASSERT_EQ(city.trust.size(), 12u);
  city.conclude(7h, ebike("cam-1"), "elevator/e7");
  city.run_to(7h + 1min);
  EXPECT_EQ(city.warning("elevator.ebike").state, WarningState::screening);
  EXPECT_TRUE(has_reason(city.warning("elevator.ebike"), "screening.device_distrusted"));
  EXPECT_FALSE(has_reason(city.warning("elevator.ebike"), "screening.rule_distrusted"))
      << "one camera is no fault of the rule";
  city.conclude(8h, ebike("cam-2"), "elevator/e8");
  city.run_to(8h + 1min);
  EXPECT_EQ(city.warning("elevator.ebike").state, WarningState::dispatched);
}

TEST(Trust, ARuleLosesItByTheFalseAlarmsOfSeveralDevices) {
  City city{streams::Schedule::steady(), with_sample("0")};
  for (int i = 0; i < 6; ++i) hit(city, i, "cam-" + std::to_string(i % 3), "false_alarm");
  city.conclude(7h, ebike("cam-9"), "elevator/e7");
  city.run_to(7h + 1min);
  EXPECT_EQ(city.warning("elevator.ebike").state, WarningState::screening);
  EXPECT_TRUE(has_reason(city.warning("elevator.ebike"), "screening.rule_distrusted"));
}

TEST(Trust, IsKeptPerDeviceAndRegained) {
  City city{streams::Schedule::steady(), with_sample("0")};
  int number = 0;
  // The rule is confirmed by another camera in between, so only cam-1 is distrusted.
  for (int i = 0; i < 6; ++i) {
    hit(city, number++, "cam-1", "false_alarm");
    hit(city, number++, "cam-2", "violation");
  }
  hit(city, number, "cam-2", "confirmed");
  EXPECT_EQ(city.warning("elevator.ebike").state, WarningState::resolved);
  ++number;
  hit(city, number, "cam-1", "confirmed");  // not dispatched: a person has to
  Warning warning = city.warning("elevator.ebike");
  EXPECT_EQ(warning.state, WarningState::screening);
  EXPECT_TRUE(has_reason(warning, "screening.device_distrusted"));
  city.rejected.clear();
  for (int i = 0; i < 3; ++i) {
    const std::string entity = "elevator/again" + std::to_string(i);
    const Duration at = 1h * ++number;
    city.conclude(at, ebike("cam-1"), entity);
    city.run_to(at + 1min);
    city.say(at + 1min, said("confirm", "seat/1", city.warning("elevator.ebike")), entity);
    Feedback answer;
    answer.by = "officer/1";
    answer.item = "elevator.ebike";
    answer.step = "arrived";
    city.say(at + 5min, answer, entity);
    answer.step = "finding";
    answer.finding = "violation";
    answer.action = "persuaded";
    city.say(at + 6min, answer, entity);
    answer.step = "verify";
    answer.by = "checker/9";
    city.say(at + 7min, answer, entity);
    city.run_to(at + 8min);
  }
  EXPECT_TRUE(city.rejected.empty());
  hit(city, ++number, "cam-1", "confirmed");
  warning = city.warning("elevator.ebike");
  EXPECT_EQ(warning.state, WarningState::resolved) << "trusted again: no person was asked";
  EXPECT_EQ(warning.screened->by, "rule");
}

TEST(Trust, AShareOfDistrustedHitsIsCheckedAllTheSame) {
  City city{streams::Schedule::steady(), with_sample("30")};
  for (int i = 0; i < 6; ++i) hit(city, i, "cam-1", "false_alarm");
  const std::size_t before = city.count_orders();
  for (int i = 0; i < 40; ++i)
    city.conclude(7h + i * 1s, ebike("cam-1"), "elevator/s" + std::to_string(i));
  city.run_to(7h + 5min);
  const std::size_t checked = city.count_orders() - before;
  EXPECT_GE(checked, 4u);
  EXPECT_LE(checked, 24u);
  for (const Warning& warning : city.warnings)
    if (has_reason(warning, "screening.sample")) {
      EXPECT_LT(streams::hash64(warning.id) % 100, 30u);
    }
}

TEST(Trust, NeverDelaysP1) {
  City city{streams::Schedule::steady(), with_sample("0")};
  for (int i = 0; i < 6; ++i) hit(city, i, "cam-1", "false_alarm");
  TestConclusion grave = ebike("cam-1");
  grave.consequence = "life";
  city.conclude(7h, grave, "elevator/e7");
  city.run_to(7h + 1s);
  EXPECT_EQ(city.warning("elevator.ebike").state, WarningState::dispatched);
}

TEST(Priority, AnExposedPlaceAndASecondSignalRaiseIt) {
  City city;
  city.register_elevator(-30min, kElevator, "school");
  TestConclusion fault{.what = "fired",
                       .rule = "elevator.fault",
                       .consequence = "order",
                       .priority = "",
                       .item = "elevator.repair",
                       .device = "",
                       .cause = "",
                       .due = {}};
  city.conclude(0min, fault);
  city.run_to(1min);
  EXPECT_EQ(city.warning("elevator.fault").priority, Priority::P2);
  EXPECT_TRUE(has_reason(city.warning("elevator.fault"), "exposure.school"));

  City other;
  other.register_elevator();
  other.conclude(0min, fault);
  TestConclusion slow = fault;
  slow.rule = "elevator.slow";
  slow.consequence = "record";
  other.conclude(1min, slow);
  other.run_to(2min);
  EXPECT_EQ(other.warning("elevator.slow").priority, Priority::P3);
  EXPECT_EQ(other.warning("elevator.fault").priority, Priority::P2) << "the first rises as well";
  EXPECT_TRUE(has_reason(other.warning("elevator.fault"), "urgency.second_signal"));
  // One story, and one order of this item in it.
  EXPECT_EQ(other.warning("elevator.slow").story, other.warning("elevator.fault").story);
  EXPECT_EQ(other.count_orders(), 1u);
  EXPECT_EQ(other.order("elevator.repair").warnings.size(), 2u);
  EXPECT_EQ(other.order("elevator.repair").priority, Priority::P2);
  EXPECT_TRUE(has_step(other.order("elevator.repair"), "join"));
}

TEST(Notices, RemindersGoToBothUnitsAndOverdueToTheRegulatorAsWell) {
  City city;
  city.register_elevator();
  TestConclusion due{.what = "reminder",
                     .rule = "elevator.maintenance",
                     .consequence = "record",
                     .priority = "",
                     .item = "elevator.maintenance",
                     .device = "",
                     .cause = "",
                     .due = kStart + 72h};
  city.conclude(0min, due);
  city.run_to(1min);
  EXPECT_TRUE(city.warnings.empty());
  ASSERT_EQ(city.notices.size(), 2u);
  EXPECT_EQ(city.notices[0].to, "unit/yuyuan");
  EXPECT_EQ(city.notices[1].to, "unit/fast-lift");
  EXPECT_NE(city.notices[0].text.zh.find("11月25日"), std::string::npos);
  due.what = "fired";
  city.conclude(72h, due);
  city.run_to(72h + 1min);
  EXPECT_EQ(city.count_notices("overdue"), 2u);
  ASSERT_EQ(city.count_notices("copy"), 1u);
  EXPECT_EQ(city.notices.back().to, "unit/regulator-changning");
}

}  // namespace
