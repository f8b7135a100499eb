// What came first is a matter of the events' own times: for each kind of rule, an event that comes
// late against what was said since.

#include <algorithm>
#include <random>

#include "tests/support/detecting.h"

namespace {

using namespace std::chrono_literals;
using signals::Detecting;
using Lines = Detecting::Lines;

/// One letter of a code is one event: what `data.faultCode` says.
constexpr const char* kPack = R"yaml(
pack: test
rules:
  - rule: hold
    on: elevator.telemetry
    when: data.faultCode == 'on'
    for: 60s
    clear: data.faultCode == 'clear'
    ends: data.faultCode == 'end'
  - rule: arrival
    on: elevator.telemetry
    when: data.door == 'open'
    for: 60s
    decide: arrival
  - rule: match
    on: elevator.telemetry
    when: data.faultCode == 'E9'
    clear: data.faultCode == 'E0'
    ends: data.faultCode == 'E1'
  - rule: life
    on: elevator.telemetry
    when: data.faultCode == 'SOS'
    clear: data.faultCode == 'S0'
    ends: data.faultCode == 'S1'
    consequence: life
  - rule: count
    on: hotline.complaints
    when: data.category == 'noise'
    ends: data.category == 'quiet'
    count: 3
    within: 10m
  - rule: sequence
    on: elevator.telemetry
    when: data.speedMps > 3.0
    sequence: [data.faultCode == 'gear', data.faultCode == 'brake']
    within: 2m
    ends: data.faultCode == 'reset'
  - rule: missing
    on: permit.changes
    when: data.record == 'maintenance' && data.action == 'completed'
    missing: true
    due: >-
      data.validUntil.contains('T') || data.validUntil.contains('t') ? timestamp(data.validUntil)
      : timestamp(data.validUntil + 'T16:00:00Z')
    within: 1h
    cancel: data.record == 'registration'
  - rule: quiet
    on: camera.alerts
    when: data.label == 'bike'
    episode: 1m
)yaml";

class Order : public testing::Test {
 protected:
  Order() { rules_.activate(kPack); }
  /// `delay`: how late it comes.
  void code(const char* code, streams::Duration at, streams::Duration delay = 0s) {
    rules_.send("elevator.telemetry", at,
                std::string{R"({"speedMps":0.0,"door":"closed","faultCode":")"} + code + "\"}",
                delay);
  }
  void fast(streams::Duration at, streams::Duration delay = 0s) {
    rules_.send("elevator.telemetry", at, R"({"speedMps":4.0,"door":"closed","faultCode":null})",
                delay);
  }
  void door(const char* door, streams::Duration at, streams::Duration delay = 0s) {
    rules_.send("elevator.telemetry", at,
                std::string{R"({"speedMps":0.0,"faultCode":null,"door":")"} + door + "\"}", delay);
  }
  void call(const char* category, streams::Duration at, streams::Duration delay = 0s) {
    rules_.send("hotline.complaints", at,
                std::string{R"({"category":")"} + category + R"(","n":)" +
                    std::to_string(++calls_) + "}",
                delay);
  }
  void record(const std::string& data, streams::Duration at, streams::Duration delay = 0s) {
    rules_.send("permit.changes", at, data, delay);
  }
  void bike(streams::Duration at, streams::Duration delay = 0s) {
    rules_.send("camera.alerts", at, R"({"label":"bike"})", delay);
  }
  Lines after(streams::Duration at) { return rules_.after(at); }

  Detecting rules_;
  int calls_ = 0;
};

// ---- hold ---------------------------------------------------------------------------------------

TEST_F(Order, AHoldIsNotEndedByWhatIsOlderThanIt) {
  for (const char* late : {"off", "clear", "end"}) {
    Detecting rules;
    rules.activate(kPack);
    const auto data = [](const char* code) {
      return std::string{R"({"speedMps":0.0,"door":"closed","faultCode":")"} + code + "\"}";
    };
    rules.send("elevator.telemetry", 10s, data("on"));
    rules.send("elevator.telemetry", 5s, data(late), 7s);
    Lines all = rules.after(5min);
    std::erase_if(all, [](const std::string& line) { return line.starts_with("ended"); });
    EXPECT_EQ(all, Lines{"fired hold +1m10s 1"}) << late;
  }
}

TEST_F(Order, AHoldThatIsOpeningRestartsWhereItWasNextSo) {
  code("on", 0s);
  code("on", 10s);
  code("on", 20s);
  code("off", 5s, 20s);  // between the first and the second
  EXPECT_EQ(after(69s), Lines{});
  EXPECT_EQ(after(71s), Lines{"fired hold +1m10s 1"});
}

TEST_F(Order, AHoldBeganWithTheOldestThatSaysSo) {
  code("on", 20s);
  code("on", 0s, 30s);
  EXPECT_EQ(after(61s), Lines{"fired hold +1m 1"});
}

TEST_F(Order, NothingOpensAHoldThatWasOverLater) {
  for (const char* over : {"off", "clear"}) {
    code(over, 10s);
    code("on", 5s, 10s);
    EXPECT_EQ(after(3min), Lines{}) << over;
  }
  EXPECT_EQ(rules_.counted()["detect_overtaken hold"], 1);  // the second is a minute too late
}

TEST_F(Order, TheFiredHoldOutlivesAnOlderClearAndAnOlderEnd) {
  code("on", 0s);
  code("on", 90s);
  EXPECT_EQ(after(91s), Lines{"fired hold +1m 1"});
  code("clear", 80s, 12s);
  code("end", 85s, 8s);
  EXPECT_EQ(after(95s), Lines{});
  code("clear", 90s, 8s);  // of the same time: the later arrival
  EXPECT_EQ(after(100s), Lines{"cleared hold +1m30s 1"});
}

TEST_F(Order, OfTwoWithTheSameTimeTheLaterArrivalHolds) {
  code("on", 0s);
  code("off", 0s, 1s);
  EXPECT_EQ(after(2min), Lines{});
  code("off", 121s);
  code("on", 121s, 1s);
  EXPECT_EQ(after(5min), Lines{"fired hold +3m1s 1"});
}

TEST_F(Order, AHoldDecidedOnArrivalIsCompletedByItsBeginning) {
  door("open", 70s);
  door("open", 0s, 75s);
  EXPECT_EQ(after(80s), Lines{"fired arrival +0s 2"});
}

// ---- match --------------------------------------------------------------------------------------

TEST_F(Order, AMatchIsNotClearedByWhatIsOlder) {
  code("E9", 10s);
  code("E0", 5s, 10s);
  EXPECT_EQ(after(20s), Lines{"fired match +10s 1"});
  code("E9", 30s);
  code("E0", 25s, 10s);  // older than the newest that says so
  EXPECT_EQ(after(40s), Lines{});
  code("E0", 30s, 11s);
  EXPECT_EQ(after(45s), Lines{"cleared match +30s 1"});
}

TEST_F(Order, AMatchThatWasOverLaterIsNone) {
  code("E0", 10s);
  code("E9", 5s, 10s);
  code("E1", 20s);
  code("E9", 18s, 5s);
  EXPECT_EQ(after(1min), Lines{"ended match +20s 1"});
}

TEST_F(Order, AnAlarmThatComesLateIsOneUnlessTheSourceHasEndedIt) {
  code("S0", 10s);
  code("SOS", 5s, 10s);
  EXPECT_EQ(after(20s), (Lines{"fired life +5s 1", "cleared life +5s 1"}));
  code("S1", 30s);
  code("SOS", 25s, 10s);
  EXPECT_EQ(after(40s), Lines{"ended life +30s 1"});
}

TEST_F(Order, LateWordOfAnEpisodeThatIsOverIsEvidenceOfIt) {
  bike(0s);
  EXPECT_EQ(after(2min), (Lines{"fired quiet +0s 1", "cleared quiet +1m 1"}));
  bike(30s, 100s);
  EXPECT_EQ(after(3min), Lines{"more quiet +30s 1"});
  bike(200s);
  EXPECT_EQ(after(201s), Lines{"fired quiet +3m20s 1"});
}

// ---- count --------------------------------------------------------------------------------------

TEST_F(Order, ACountLooksAtEveryWindowThatHasTheNewcomer) {
  call("noise", 20min);
  call("noise", 22min);
  call("noise", 5min, 20min);
  EXPECT_EQ(after(26min), Lines{});
  call("noise", 12min, 15min);
  EXPECT_EQ(after(28min), Lines{"fired count +12m 3"}) << "12, 20, 22; 5 is of another window";
  call("noise", 29min);
  call("noise", 30min);
  EXPECT_EQ(after(31min), Lines{}) << "the list has begun anew";
}

TEST_F(Order, AnEndTakesWhatIsOlderOutOfACount) {
  call("noise", 1min);
  call("noise", 2min);
  call("quiet", 90s, 60s);
  call("noise", 3min);
  EXPECT_EQ(after(4min), Lines{"ended count +1m30s 1"}) << "2, 3";
  call("noise", 1min + 10s, 4min);  // older than the end
  EXPECT_EQ(after(6min), Lines{});
  call("noise", 7min);
  EXPECT_EQ(after(8min), Lines{"fired count +7m 3"});
}

// ---- sequence -----------------------------------------------------------------------------------

TEST_F(Order, ASequenceIsCompletedByWhicheverComesLast) {
  fast(0s);
  code("brake", 20s);
  code("gear", 10s, 15s);
  EXPECT_EQ(after(30s), Lines{"fired sequence +10s 3"});
  code("gear", 70s);
  code("brake", 75s);
  fast(60s, 20s);
  EXPECT_EQ(after(90s), Lines{"fired sequence +1m 3"});
  fast(72s, 30s);  // of what is over
  code("gear", 110s);
  code("brake", 111s);
  EXPECT_EQ(after(2min), Lines{});
}

TEST_F(Order, AStepOfTheSameTimeCountsOnlyBehind) {
  code("gear", 0s);
  fast(0s, 1s);
  code("brake", 5s);
  EXPECT_EQ(after(10s), Lines{});
  code("gear", 10s);
  code("brake", 10s, 1s);
  EXPECT_EQ(after(20s), Lines{"fired sequence +10s 3"});
}

TEST_F(Order, ASequenceThatWasEndedLaterIsNone) {
  fast(0s);
  code("gear", 1s);
  code("reset", 10s);
  code("brake", 5s, 10s);
  EXPECT_EQ(after(20s), Lines{"ended sequence +10s 1"});
  fast(30s);
  code("gear", 31s);
  code("reset", 29s, 5s);
  code("brake", 40s);
  EXPECT_EQ(after(50s), (Lines{"ended sequence +29s 1", "fired sequence +40s 3"}));
}

// ---- missing ------------------------------------------------------------------------------------

constexpr const char* kDone = R"({"record":"maintenance","action":"completed","no":"M1"})";
constexpr const char* kGone = R"({"record":"registration","action":"deregistered"})";

TEST_F(Order, ACancelOlderThanTheRecordDoesNothing) {
  record(kDone, 10min);
  record(kGone, 5min, 10min);
  EXPECT_EQ(after(2h), Lines{"fired missing +1h10m 1"});
}

TEST_F(Order, ACancelNewerThanTheRecordHoldsThoughTheRecordComesLater) {
  record(kGone, 10min);
  record(kDone, 5min, 10min);
  EXPECT_EQ(after(2h), Lines{});
  record(R"({"record":"maintenance","action":"completed","no":"M2"})", 3h);
  EXPECT_EQ(after(5h), Lines{"fired missing +4h 1"});
}

TEST_F(Order, AnOlderRecordSetsNoDate) {
  record(kDone, 30min);
  record(R"({"record":"maintenance","action":"completed","no":"M0"})", 0min, 40min);
  EXPECT_EQ(after(89min), Lines{});
  EXPECT_EQ(after(91min), Lines{"fired missing +1h30m 1"});
}

TEST_F(Order, ACorrectionReplacesWhatItsNumberNames) {
  const auto dated = [](const char* action, const char* no, const char* until) {
    return std::string{R"({"record":"maintenance","action":")"} + action + R"(","no":")" + no +
           R"(","validUntil":")" + until + "\"}";
  };
  record(dated("completed", "M1", "2026-11-22T10:00:00Z"), 0min);  // +2h
  record(dated("corrected", "M2", "2026-11-22T08:30:00Z"), 1min);  // another one
  record(dated("corrected", "M1", "2026-11-22T09:00:00Z"), 2min);  // +1h
  record(dated("corrected", "M1", "2026-11-22T09:30:00Z"), 1min, 2min);  // older than that
  EXPECT_EQ(after(61min), Lines{"fired missing +1h 1"});
  record(dated("corrected", "M1", "2026-11-22T12:00:00Z"), 90min);  // +4h: it was not overdue
  EXPECT_EQ(after(2h), Lines{"cleared missing +1h30m 1"});
  EXPECT_EQ(after(5h), Lines{"fired missing +4h 1"});
  record(dated("corrected", "M1", "2026-11-22T11:00:00Z"), 6h);  // it is overdue all the same
  EXPECT_EQ(after(7h), Lines{});
}

TEST_F(Order, ADueDateThatIsNullIsTheDefaultAndOneThatCannotBeReadIsTheFormer) {
  const auto dated = [](const std::string& until) {
    return R"({"record":"maintenance","action":"completed","validUntil":)" + until + "}";
  };
  record(dated("\"2026-11-22T11:00:00Z\""), 0min);  // +3h
  record(dated("\"next week\""), 10min);
  EXPECT_EQ(after(179min), Lines{});
  EXPECT_EQ(rules_.counted()["detect_unreadable_due missing"], 1);
  record(dated("null"), 179min);
  EXPECT_EQ(after(4h), Lines{"fired missing +3h59m 1"});
  record(dated("7"), 5h);
  EXPECT_EQ(after(6h), Lines{}) << "the former date has passed, and nobody knows of a new one";
  record(dated("\"2026-11-22t18:00:00z\""), 7h);  // +10h
  EXPECT_EQ(after(8h), Lines{"cleared missing +7h 1"});
  EXPECT_EQ(after(11h), Lines{"fired missing +10h 1"});
}

// ---- all of them --------------------------------------------------------------------------------

/// Whatever the order in which a minute's events arrive, a hold comes to what their times say.
TEST(OrderOfArrival, ChangesNothingForAHoldThatHasNotFired) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random{seed};
    std::vector<std::pair<streams::Duration, bool>> events;
    for (int i = 0; i < 8; ++i)
      events.emplace_back(std::chrono::seconds{5 * i + static_cast<int>(random() % 5)},
                          random() % 3 != 0);
    const auto played = [&](const std::vector<std::size_t>& order) {
      Detecting rules;
      rules.activate(kPack);
      streams::Duration arrives = 41s;
      for (const std::size_t i : order) {
        arrives += 1s;
        rules.send("elevator.telemetry", events[i].first,
                   std::string{R"({"speedMps":0.0,"door":"closed","faultCode":")"} +
                       (events[i].second ? "on" : "off") + "\"}",
                   arrives - events[i].first);
      }
      return rules.after(5min);
    };
    std::vector<std::size_t> order(events.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const Lines wanted = played(order);
    std::shuffle(order.begin(), order.end(), random);
    EXPECT_EQ(played(order), wanted) << "seed " << seed;
  }
}

}  // namespace
