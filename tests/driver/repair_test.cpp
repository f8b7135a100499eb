// Orders that a checker closes: repair, from acceptance to verification; returns and who decides
// them; pause, extension, reminders, the ladder of supervision; overdue ones closed by the record
// itself.

#include "tests/support/loop_city.h"

namespace {

using namespace loop;

constexpr const char* kRepair = "elevator.repair";
constexpr const char* kCompany = "unit/fast-lift";

const TestConclusion kFault = fired("elevator.fault", "order", kRepair);

struct Repair : testing::Test {
  Repair() {
    city.register_elevator();
    city.conclude(0min, kFault);
  }
  static Feedback said(const std::string& step, const std::string& by) {
    Feedback feedback = step_by(step, by);
    feedback.item = kRepair;
    feedback.eta = kStart + 1h;
    feedback.reason = "理由";
    feedback.evidence = "照片";
    feedback.until = kStart + 30h;
    feedback.finding = "confirmed";
    feedback.action = "repaired";
    feedback.reply_by = kStart + 40h;
    feedback.text = "已安排";
    feedback.who = "物业";
    feedback.result = "已接通";
    return feedback;
  }
  static Feedback to(Feedback feedback, const std::string& unit) {
    feedback.to = unit;
    return feedback;
  }
  void handle(Duration at, const std::string& unit = kCompany) {
    city.say(at, said("accept", unit));
    city.say(at + 1min, said("en_route", unit));
    city.say(at + 2min, said("arrived", unit));
    city.say(at + 3min, said("finding", unit));
  }
  Order order() { return city.order(kRepair); }
  std::string last_code() { return city.rejected.empty() ? "" : city.rejected.back().reason.code; }
  City city;
};

TEST_F(Repair, GoesFromAcceptanceToTheCheckersYes) {
  city.run_to(1min);
  EXPECT_EQ(order().priority, Priority::P3);
  EXPECT_EQ(order().finish_by, kStart + 24h);
  const OrderState wanted[] = {OrderState::accepted, OrderState::en_route, OrderState::arrived,
                               OrderState::handled};
  const char* steps[] = {"accept", "en_route", "arrived", "finding"};
  for (int i = 0; i < 4; ++i) {
    city.say(10min + i * 1min, said(steps[i], kCompany));
    city.run_to(10min + i * 1min + 1s);
    EXPECT_EQ(order().state, wanted[i]);
  }
  city.say(20min, said("verify", kCompany));  // not its own checker
  city.say(21min, said("verify", "checker/1"));
  city.run_to(22min);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(last_code(), "step.sender");
  EXPECT_EQ(order().state, OrderState::closed);
  EXPECT_EQ(city.orders[city.orders.size() - 2].state, OrderState::verified);
  EXPECT_EQ(order().verdict->action, "repaired");
  EXPECT_EQ(city.warning("elevator.fault").state, WarningState::resolved);
  EXPECT_EQ(city.trust.size(), 1u);
  for (const Step& step : order().history) {
    EXPECT_FALSE(step.why.zh.empty()) << step.step;
    EXPECT_FALSE(step.why.en.empty()) << step.step;
    EXPECT_EQ(step.why.en.find("{}"), std::string::npos) << step.why.en;
    EXPECT_EQ(step.why.zh.find("{}"), std::string::npos) << step.why.zh;
  }
}

TEST_F(Repair, ARejectedResultGoesBackToTheUnit) {
  handle(10min);
  city.say(20min, said("reject_result", "checker/1"));
  city.run_to(21min);
  EXPECT_EQ(order().state, OrderState::accepted);
  EXPECT_FALSE(order().verdict);
  city.say(22min, said("finding", kCompany));
  city.run_to(23min);
  EXPECT_EQ(last_code(), "step.state");
  city.say(24min, said("arrived", kCompany));
  city.say(25min, said("finding", kCompany));
  city.say(26min, said("verify", "checker/1"));
  city.run_to(27min);
  EXPECT_EQ(order().state, OrderState::closed);
  EXPECT_EQ(order().attempt, 1);
}

TEST_F(Repair, RectifiedWaitsForTheCheckerAsWell) {
  city.say(10min, said("accept", kCompany));
  city.say(20min, said("rectified", "unit/stranger"));
  city.say(21min, said("rectified", kCompany));
  city.say(21min, said("rectified", kCompany));
  city.run_to(22min);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(order().state, OrderState::handled);
  EXPECT_EQ(order().verdict->action, "rectified_on_site");
  EXPECT_EQ(order().revision, 3);
}

TEST_F(Repair, AReturnIsDecidedAndASecondOneByALeader) {
  Feedback bare = said("return", kCompany);
  bare.evidence.clear();
  city.say(5min, bare);
  city.say(6min, said("return", "unit/stranger"));
  city.say(7min, said("return_accepted", "seat/3"));
  city.run_to(8min);
  ASSERT_EQ(city.rejected.size(), 3u);
  EXPECT_EQ(city.rejected[0].reason.code, "step.field");
  EXPECT_EQ(city.rejected[1].reason.code, "by.not_called");
  EXPECT_EQ(city.rejected[2].reason.code, "return.none");
  city.say(10min, said("return", kCompany));
  city.say(10min, said("return", kCompany));
  city.run_to(11min);
  EXPECT_EQ(order().revision, 2);
  ASSERT_TRUE(order().returning);
  EXPECT_EQ(order().returning->evidence, "照片");
  EXPECT_EQ(order().state, OrderState::dispatched);
  city.say(15min, said("return_refused", "seat/3"));
  city.run_to(16min);
  EXPECT_FALSE(order().returning);
  EXPECT_EQ(order().finish_by, kStart + 24h) << "the clock went on";
  city.say(20min, said("return", kCompany));
  city.say(30min, said("return_accepted", "seat/3"));
  city.run_to(31min);
  EXPECT_EQ(order().attempt, 2);
  EXPECT_EQ(order().returns, 1);
  ASSERT_EQ(order().responders.size(), 1u);
  EXPECT_EQ(order().responders[0].unit, "unit/regulator-changning") << "the next on the list";
  EXPECT_EQ(order().finish_by, kStart + 30min + 24h);
  EXPECT_EQ(city.count_orders(), 1u);
  // The second return: only a leader, only with a name, and for good.
  city.say(40min, said("return", "unit/regulator-changning"));
  city.say(41min, to(said("return_accepted", "seat/3"), "unit/x"));
  city.say(42min, said("return_accepted", "leader/1"));
  city.say(43min, to(said("return_accepted", "leader/1"), "unit/x"));
  city.run_to(44min);
  EXPECT_EQ(city.rejected[3].reason.code, "return.leader");
  EXPECT_EQ(city.rejected[4].reason.code, "return.leader");
  EXPECT_EQ(order().attempt, 3);
  EXPECT_EQ(order().responders[0].unit, "unit/x");
  EXPECT_EQ(order().responders[0].why, "designated");
  city.say(45min, said("return", "unit/x"));
  city.run_to(46min);
  EXPECT_EQ(last_code(), "return.designated");
}

TEST_F(Repair, AReturnAfterItsWindowIsRefused) {
  city.say(5min, said("accept", kCompany));
  city.say(2h + 1min, said("return", kCompany));
  city.run_to(3h);
  EXPECT_EQ(last_code(), "return.window");
  EXPECT_NE(city.rejected.back().reason.zh.find("2小时"), std::string::npos);
}

TEST_F(Repair, TransferKeepsTheAttemptAndTheDeadlines) {
  city.say(5min, said("accept", kCompany));
  city.say(6min, to(said("transfer", kCompany), "other-lift"));
  city.say(7min, said("en_route", kCompany));
  city.run_to(8min);
  EXPECT_EQ(last_code(), "by.not_called") << "it is no longer theirs";
  EXPECT_EQ(order().state, OrderState::dispatched);
  EXPECT_EQ(order().responders[0].unit, "unit/other-lift");
  EXPECT_EQ(order().responders[0].accept_by, kStart + 36min);
  EXPECT_EQ(order().attempt, 1);
  EXPECT_EQ(order().finish_by, kStart + 24h);
  city.run_to(37min);
  EXPECT_TRUE(has_step(order(), "urge")) << "the heir has not accepted";
}

TEST_F(Repair, RecallSendsTheWarningBackAndANewOrderIsAnotherOne) {
  city.say(5min, said("recall", "seat/3"));
  city.run_to(6min);
  EXPECT_EQ(order().state, OrderState::recalled);
  const std::string first = order().id;
  Warning warning = city.warning("elevator.fault");
  EXPECT_EQ(warning.state, WarningState::confirmed);
  EXPECT_TRUE(city.trust.empty());
  Feedback dispatch;
  dispatch.step = "dispatch";
  dispatch.by = "seat/3";
  dispatch.warning = warning.id;
  city.say(7min, dispatch);
  city.run_to(8min);
  EXPECT_EQ(order().state, OrderState::dispatched);
  EXPECT_NE(order().id, first);
  EXPECT_EQ(city.warning("elevator.fault").dispatches, 2);
}

TEST_F(Repair, PauseStopsTheClock) {
  city.say(10min, said("accept", kCompany));
  city.say(11min, said("arrived", kCompany));
  city.say(1h, said("pause", kCompany));  // until 30 h
  city.say(1h, said("pause", kCompany));
  city.run_to(29h);
  ASSERT_TRUE(order().pause);
  EXPECT_FALSE(has_step(order(), "remind"));
  EXPECT_FALSE(has_step(order(), "urge"));
  city.run_to(30h);
  EXPECT_FALSE(order().pause);
  EXPECT_EQ(order().finish_by, kStart + 24h + 29h);
  EXPECT_NE(why_of(order(), "resume").find("挂起期满"), std::string::npos);
  Feedback pause = said("pause", kCompany);
  pause.until = kStart + 60h;
  city.say(31h, pause);
  city.say(32h, said("resume", kCompany));
  city.say(32h, said("resume", kCompany));
  city.run_to(33h);
  EXPECT_EQ(order().finish_by, kStart + 24h + 30h);
  EXPECT_TRUE(city.rejected.empty());
  city.run_to(41h);
  EXPECT_EQ(city.count_notices("reminder"), 0u) << "half of the time is gone at 42 h";
  city.run_to(42h);
  EXPECT_EQ(city.count_notices("reminder"), 1u);
  pause.until = kStart + 1h;
  city.say(43h, pause);
  city.run_to(44h);
  EXPECT_EQ(last_code(), "pause.until");
}

TEST_F(Repair, ExtensionMovesTheDeadlineWhenItIsGranted) {
  city.say(10min, said("accept", kCompany));
  Feedback early = said("extend_request", kCompany);
  early.until = kStart + 2h;
  city.say(1h, early);
  city.say(2h, said("extend_grant", "leader/1"));
  city.run_to(3h);
  ASSERT_EQ(city.rejected.size(), 2u);
  EXPECT_EQ(city.rejected[0].reason.code, "extension.until");
  EXPECT_EQ(city.rejected[1].reason.code, "extension.none");
  city.say(13h, said("extend_request", kCompany));
  city.run_to(13h + 1s);
  EXPECT_EQ(order().finish_by, kStart + 24h);
  EXPECT_EQ(city.count_notices("reminder"), 1u);  // 50 % at 12 h
  city.say(14h, said("extend_grant", "leader/1"));
  city.run_to(15h + 1s);
  EXPECT_EQ(order().finish_by, kStart + 30h);
  EXPECT_TRUE(order().extension->granted);
  EXPECT_EQ(city.count_notices("reminder"), 2u) << "50 % of the longer time is at 15 h";
}

TEST_F(Repair, TheLadderIsClimbedRungByRungEachWithItsCause) {
  city.run_to(31min);
  EXPECT_NE(why_of(order(), "urge").find("30分钟无人签收"), std::string::npos);
  EXPECT_EQ(order().supervision->level, 2);
  city.say(35min, said("accept", kCompany));
  city.run_to(2h + 1min);
  EXPECT_NE(why_of(order(), "urge").find("2小时仍无人到场"), std::string::npos);
  EXPECT_EQ(city.count_notices("urge"), 2u);
  city.run_to(23h);
  EXPECT_EQ(city.count_notices("reminder"), 3u);
  EXPECT_NE(why_of(order(), "remind").find("90%"), std::string::npos);
  for (const Notice& notice : city.notices)
    EXPECT_TRUE(notice.kind != "reminder" || notice.to == kCompany) << notice.to;
  city.run_to(24h);
  EXPECT_EQ(city.count_notices("urge"), 3u);
  city.run_to(28h);
  ASSERT_EQ(city.count_notices("supervision"), 1u);
  EXPECT_EQ(order().supervision->level, 3);
  EXPECT_EQ(order().supervision->to, "leader/changning-1");
  EXPECT_EQ(order().supervision->reply_by, kStart + 52h);
  EXPECT_EQ(order().responders[0].unit, kCompany) << "the unit keeps the order";
  city.run_to(48h);
  ASSERT_EQ(city.count_notices("report"), 1u);
  EXPECT_EQ(city.notices.back().to, "unit/regulator-changning");
  EXPECT_EQ(order().supervision->level, 4);
  city.run_to(200h);
  EXPECT_EQ(city.count_notices("report"), 1u);
  EXPECT_EQ(order().state, OrderState::accepted) << "nothing ends silently";
}

TEST_F(Repair, AnUnansweredSupervisionIsReported) {
  city.say(10min, said("accept", kCompany));
  city.say(11min, said("arrived", kCompany));
  Feedback supervise = said("supervise", "leader/9");
  supervise.reply_by = kStart + 3h;
  city.say(1h, supervise);
  city.run_to(2h);
  EXPECT_EQ(order().supervision->by, "leader/9");
  city.run_to(3h);
  EXPECT_EQ(order().supervision->level, 4);
  EXPECT_NE(why_of(order(), "report").find("未在期限内书面答复"), std::string::npos);
}

TEST_F(Repair, AnAnsweredOneIsNot) {
  city.say(10min, said("accept", kCompany));
  city.say(11min, said("supervise_reply", kCompany));
  Feedback supervise = said("supervise", "leader/9");
  supervise.reply_by = kStart + 3h;
  city.say(1h, supervise);
  city.say(2h, said("supervise_reply", "leader/changning-1"));
  city.say(2h, said("supervise_reply", "leader/changning-1"));
  city.run_to(4h);
  ASSERT_EQ(city.rejected.size(), 1u);
  EXPECT_EQ(last_code(), "supervision.none");
  EXPECT_EQ(order().supervision->level, 3);
  EXPECT_EQ(order().supervision->answer, "已安排");
}

TEST_F(Repair, ItemNamesTheOneOpenOrder) {
  Feedback wrong = said("accept", kCompany);
  wrong.item = "elevator.rescue";
  city.say(1min, wrong);
  Feedback both = said("accept", kCompany);
  both.order = "o-1";
  city.say(2min, both);
  Feedback complaint = said("accept", kCompany);
  complaint.item.clear();
  complaint.complaint = "c-1";
  city.say(3min, complaint);
  city.say(4min, said("accept", kCompany), "elevator/another");
  city.run_to(5min);
  ASSERT_EQ(city.rejected.size(), 4u);
  EXPECT_EQ(city.rejected[0].reason.code, "item.none");
  EXPECT_EQ(city.rejected[1].reason.code, "target.several");
  EXPECT_EQ(city.rejected[2].reason.code, "target.unknown");
  EXPECT_EQ(city.rejected[3].reason.code, "item.none");
}

TEST_F(Repair, ANewEpisodeAfterwardsIsANewOrder) {
  handle(10min);
  city.say(20min, said("verify", "checker/1"));
  city.conclude(25min, then(kFault, "more"));
  city.run_to(26min);
  EXPECT_EQ(city.count_orders(), 1u) << "the same episode, still remembered";
  city.conclude(3h, kFault);
  city.run_to(4h);
  EXPECT_EQ(city.count_orders(), 2u);
  EXPECT_EQ(order().state, OrderState::dispatched);
}

struct Overdue : testing::Test {
  Overdue() {
    city.register_elevator();
    city.conclude(0min, {.what = "fired",
                         .rule = "elevator.maintenance",
                         .consequence = "record",
                         .priority = "",
                         .item = "elevator.maintenance",
                         .device = "",
                         .cause = "",
                         .due = kStart - 8h});
    change.record = "maintenance";
    change.action = "completed";
    change.by = "fast-lift";
    change.no = "WB-7";
  }
  City city;
  PermitChange change;
};

TEST_F(Overdue, IsClosedByTheRecordBecomingValid) {
  change.on = streams::format_time(kStart + 24h);
  PermitChange other = change;
  other.action = "ordered";
  city.permit(1h, other);
  city.permit(25h, change);
  city.run_to(24h);
  EXPECT_EQ(city.order("elevator.maintenance").state, OrderState::dispatched);
  city.run_to(26h);
  const Order order = city.order("elevator.maintenance");
  EXPECT_EQ(order.state, OrderState::closed);
  EXPECT_EQ(order.verdict->finding, "confirmed");
  EXPECT_EQ(order.verdict->action, "maintained");
  EXPECT_EQ(order.verdict->by, "unit/fast-lift");
  EXPECT_EQ(city.warning("elevator.maintenance").state, WarningState::resolved);
}

TEST_F(Overdue, ALateRecordSpeaksAgainstNobody) {
  change.on = streams::format_time(kStart - 24h);  // done in time
  city.permit(2h, change);
  city.run_to(3h);
  EXPECT_EQ(city.order("elevator.maintenance").verdict->finding, "record_late");
  ASSERT_EQ(city.trust.size(), 1u);
  EXPECT_EQ(city.trust[0].neutral, 1);
}

// Each row of the table reaches code that does something: a step that is legal is not refused by
// the table, and what it changes is published.
TEST(StepsOfOrders, EachHasItsCode) {
  for (const StepRule& rule : kSteps) {
    if (rule.of != Target::order) continue;
    SCOPED_TRACE(rule.step);
    City city;
    city.register_elevator();
    if (rule.step == "resolve_entity") continue;  // of what has no place: scenario unplaced_card
    const bool life = rule.kind == Kind::life;
    TestConclusion first = kFault;
    if (life) first = fired("elevator.trapped", "life", "elevator.rescue");
    city.conclude(0min, first);
    const auto say = [&](Duration at, const std::string& step, const std::string& by,
                         const std::string& to = "") {
      Feedback said = Repair::said(step, by);
      said.item = first.item;
      said.to = to;
      city.say(at, said);
    };
    // What has to come before, beside the state that the table asks for.
    const std::string step{rule.step};
    Duration at = 1min;
    for (const char* before : {"accept", "arrived", "finding"}) {
      const bool fits = rule.allows_state(static_cast<int>(OrderState::dispatched)) ||
                        (std::string{before} != "accept" &&
                         rule.allows_state(static_cast<int>(OrderState::accepted))) ||
                        (std::string{before} == "finding" &&
                         rule.allows_state(static_cast<int>(OrderState::arrived)));
      if (!fits) say(at += 1min, before, kCompany);
    }
    if (step.starts_with("return_")) say(at += 1min, "return", kCompany);
    if (step == "resume") say(at += 1min, "pause", kCompany);
    if (step == "extend_grant") say(at += 1min, "extend_request", kCompany);
    if (step == "supervise_reply") say(at += 1min, "supervise", "leader/1");
    city.run_to(at);
    city.run_to(at + 30s);
    ASSERT_TRUE(city.rejected.empty()) << city.rejected[0].reason.en;
    const std::size_t before = city.orders.size();
    const char* by = rule.allows_sender(Sender::unit)      ? kCompany
                     : rule.allows_sender(Sender::checker) ? "checker/1"
                                                           : "leader/1";
    const std::string to = step == "transfer"           ? "unit/other"
                           : step.starts_with("link_") ? kCompany
                                                       : "";
    say(at + 1min, step, by, to);
    city.run_to(at + 2min);
    EXPECT_TRUE(city.rejected.empty()) << city.rejected[0].reason.en;
    EXPECT_GT(city.orders.size(), before);
    EXPECT_TRUE(has_step(city.orders.back(), step));
  }
}

}  // namespace
