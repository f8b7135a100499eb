// The kinds of rules, on real events and virtual time.

#include "operators/see/detect.h"

#include <gtest/gtest.h>

#include "tests/support/detecting.h"

namespace {

using namespace std::chrono_literals;

constexpr const char* kPack = R"yaml(
pack: test
facts:
  fault: {on: elevator.telemetry, when: data.faultCode != null, value: data.faultCode}
rules:
  - rule: stuck
    on: elevator.telemetry
    when: data.occupied && data.speedMps == 0.0
    for: 60s
    clear: data.speedMps > 0.0 || !data.occupied
    ends: data.alarmEnd
  - rule: reopen
    on: elevator.telemetry
    when: data.faultCode == 'door_reopen'
    count: 3
    within: 10m
  - rule: stop_then_fire
    on: elevator.telemetry
    when: data.faultCode == 'brake'
    sequence: [data.mode == 'fire']
    within: 2m
  - rule: late
    on: permit.changes
    missing: true
    when: data.record == 'maintenance'
    within: 15d
    reminders: [3d, 1d]
    cancel: data.record == 'registration'
  - rule: silent
    on: elevator.telemetry
    missing: true
    silence: true
    when: data.mode == 'normal'
    within: 1h
  - rule: bike
    on: camera.alerts
    when: data.label == 'e_bike' && data.confidence >= 0.8
    episode: 10m
  - rule: call
    on: hotline.complaints
    when: data.kind == 'help'
    episode: each
    priority: "has(fault.age) && fault.age <= duration('30m') ? 'P1' : 'P4'"
    cite: {fault: "has(fault.age)"}
)yaml";

class DetectTest : public testing::Test {
 protected:
  DetectTest() { rules_.activate(kPack); }
  void send(const char* door, streams::Duration at, const std::string& data,
            const std::string& id = "", streams::Duration delay = 0s) {
    rules_.send(door, at, data, delay, id);
  }
  void reading(streams::Duration at, bool standing, const std::string& extra = "") {
    send("elevator.telemetry", at, signals::telemetry(standing, true, extra));
  }
  void fault(streams::Duration at, const std::string& code, const std::string& id = "") {
    send("elevator.telemetry", at,
         R"({"occupied":false,"speedMps":1.0,"mode":"normal","alarmEnd":false,"faultCode":")" +
             code + "\"}",
         id);
  }
  signals::Detecting::Lines after(streams::Duration at) { return rules_.after(at); }
  using Lines = signals::Detecting::Lines;

  signals::Detecting rules_;
};

TEST_F(DetectTest, AConditionThatHoldsFiresWithoutAnotherEvent) {
  reading(0s, true);
  reading(20s, true);  // and then the device is silent
  EXPECT_EQ(after(59s), Lines{});
  EXPECT_EQ(after(61s), Lines{"fired stuck +1m 1"});
  EXPECT_EQ(after(10min), Lines{}) << "once per episode, and silence ends nothing";
  reading(11min, false);
  EXPECT_EQ(after(12min), Lines{"cleared stuck +11m 1"});
}

TEST_F(DetectTest, AnEarlyClearStartsAnew) {
  reading(0s, true);
  reading(50s, false);
  reading(55s, true);
  EXPECT_EQ(after(114s), Lines{});
  EXPECT_EQ(after(116s), Lines{"fired stuck +1m55s 1"});
}

TEST_F(DetectTest, TheSourceItselfMayEndIt) {
  reading(0s, true);
  reading(70s, true, R"("alarmEnd":true)");
  EXPECT_EQ(after(2min), (Lines{"fired stuck +1m 1", "ended stuck +1m10s 1"}));
}

TEST_F(DetectTest, CountsWithinATimeAndStartsAnew) {
  for (const auto at : {0s, 60s, 120s}) fault(at, "door_reopen");
  EXPECT_EQ(after(121s), Lines{"fired reopen +2m 3"});
  fault(3min, "door_reopen");
  fault(4min, "door_reopen");
  fault(14min, "door_reopen");
  EXPECT_EQ(after(14min), Lines{}) << "the first two are too old by then";
}

TEST_F(DetectTest, OneAfterTheOther) {
  fault(0s, "brake");
  send("elevator.telemetry", 30s,
       R"({"mode":"fire","occupied":false,"speedMps":1.0,"faultCode":null})");
  EXPECT_EQ(after(31s), Lines{"fired stop_then_fire +30s 2"});
  fault(1min, "brake");
  send("elevator.telemetry", 4min,
       R"({"mode":"fire","occupied":false,"speedMps":1.0,"faultCode":null})");
  EXPECT_EQ(after(5min), Lines{}) << "later than 2 min";
}

TEST_F(DetectTest, WhatDidNotComeIsRemindedOfThenOverdue) {
  send("permit.changes", 0s, R"({"record":"maintenance"})");
  EXPECT_EQ(after(std::chrono::days{13}), Lines{"reminder late +12d 1"});
  EXPECT_EQ(after(std::chrono::days{16}), (Lines{"reminder late +14d 1", "fired late +15d 1"}));
  send("permit.changes", std::chrono::days{17}, R"({"record":"maintenance","n":2})");
  EXPECT_EQ(after(std::chrono::days{18}), Lines{"cleared late +17d 1"});
  send("permit.changes", std::chrono::days{19}, R"({"record":"registration"})");
  EXPECT_EQ(after(std::chrono::days{60}), Lines{}) << "nothing is due any more";
}

TEST_F(DetectTest, WhatIsOverdueWhenItsRecordComesIsSaidThen) {
  std::string pack = kPack;
  pack.replace(pack.find("within: 15d"), 11,
               "due: \"data.validUntil.contains('T') ? timestamp(data.validUntil) : "
               "timestamp(data.validUntil + 'T16:00:00Z')\"");
  rules_.activate(pack);
  send("permit.changes", 1h, R"({"record":"maintenance","validUntil":"2026-10-01T00:00:00Z"})");
  EXPECT_EQ(after(2h), Lines{"fired late +1h 1"}) << "not dated back to October";
}

TEST_F(DetectTest, SilenceEndsNothingButIsSaid) {
  reading(0s, true);
  EXPECT_EQ(after(61min),
            (Lines{"fired stuck +1m 1", "fired silent +1h 1", "no_data stuck +1h 1"}));
  reading(2h, true);
  EXPECT_EQ(after(2h), (Lines{"cleared silent +2h 1", "more stuck +2h 1"}));
}

TEST_F(DetectTest, MatchesWithinTheEpisodeAreMoreOfTheSame) {
  const std::string bike = R"({"label":"e_bike","confidence":0.9})";
  send("camera.alerts", 0s, bike);
  send("camera.alerts", 5min, bike);
  send("camera.alerts", 6min, R"({"label":"e_bike","confidence":0.5})");
  EXPECT_EQ(after(7min), (Lines{"fired bike +0s 1", "more bike +5m 1"}));
  EXPECT_EQ(after(20min), Lines{"cleared bike +15m 1"});
  send("camera.alerts", 21min, bike);
  EXPECT_EQ(after(22min), Lines{"fired bike +21m 1"});
}

TEST_F(DetectTest, AFactGivesPriorityAndEvidence) {
  send("hotline.complaints", 0s, R"({"kind":"help"})");
  fault(1min, "overspeed");
  send("hotline.complaints", 2min, R"({"kind":"help","n":2})");
  send("hotline.complaints", 40min, R"({"kind":"help","n":3})");
  EXPECT_EQ(after(41min),
            (Lines{"fired call +0s P4 1", "fired call +2m P1 2", "fired call +40m P4 2"}));
}

TEST_F(DetectTest, WhatCannotBeEvaluatedIsCountedByRuleAndAFactThatIsNotKnownIsNoMistake) {
  std::string pack = kPack;
  const std::string_view known = "{fault: \"has(fault.age)\"}";
  pack.replace(pack.find(known), known.size(), "{fault: \"fault.value.contains('over')\"}");
  rules_.activate(pack);
  send("camera.alerts", 0s, R"({"label":"e_bike"})");
  send("camera.alerts", 1s, R"({"label":"e_bike","confidence":"high"})");
  send("hotline.complaints", 2s, R"({"kind":"help"})");
  EXPECT_EQ(after(10s), Lines{"fired call +2s P4 1"});
  fault(1min, "overspeed");
  send("hotline.complaints", 2min, R"({"kind":"help","n":2})");
  EXPECT_EQ(after(3min), Lines{"fired call +2m P1 2"});
  EXPECT_EQ(rules_.counted(),
            (std::map<std::string, std::uint64_t>{{"detect_evaluation_errors bike", 1}}));
}

TEST_F(DetectTest, DuplicatesAndLateOnesChangeNothing) {
  fault(0s, "door_reopen", "a");
  fault(1min, "door_reopen", "b");
  fault(1min, "door_reopen", "b");
  send("elevator.telemetry", 2min,
       R"({"occupied":false,"speedMps":1.0,"mode":"normal","faultCode":"door_reopen"})", "c", 6min);
  EXPECT_EQ(after(9min), Lines{}) << "b came twice, c six minutes late";
  fault(9min + 30s, "door_reopen", "d");
  EXPECT_EQ(after(10min), Lines{"fired reopen +9m30s 3"});
}

TEST_F(DetectTest, AnotherWordingKeepsAnOpenConditionAnotherMeaningRestartsIt) {
  reading(0s, true);
  (void)after(30s);
  std::string reworded = kPack;
  reworded.replace(reworded.find("ends: data.alarmEnd"), 19, "ends: data.alarmEnd\n    title: x");
  rules_.activate(reworded);
  EXPECT_EQ(after(61s), Lines{"fired stuck +1m 1"});
  std::string other = kPack;
  other.replace(other.find("for: 60s"), 8, "for: 90s");
  rules_.activate(other);
  reading(100s, true);
  EXPECT_EQ(after(189s), Lines{});
  EXPECT_EQ(after(191s), Lines{"fired stuck +3m10s 1"});
}

}  // namespace
