// What rules say of their decisions, on real events: the sentences of packs, the ones made where a
// rule has none, and values as people say them.

#include "operators/see/wording.h"

#include <gtest/gtest.h>

#include <map>

#include "connectors/json/event_decoder.h"
#include "connectors/json/raw_slots.h"
#include "operators/city/topics.h"
#include "operators/city/words.h"
#include "operators/see/detect.h"
#include "operators/see/spoken_value.h"
#include "streams/test_driver.h"
#include "tests/support/signals.h"

namespace {

using namespace std::chrono_literals;
using signals::kStart;

constexpr const char* kCalendar = "zone: \"+08:00\"\n";

struct Line {
  static constexpr std::string_view kType = "test.line.v1";
  std::string id = "line";
  int revision = 1;
  static constexpr auto fields() { return std::tuple{streams::field("id", &Line::id)}; }
};

class Keep : public streams::Operator<Line(city::Conclusion)> {
 public:
  explicit Keep(std::vector<city::Conclusion>* all) : all_(all) {}
  void process(const streams::Record<city::Conclusion>& in, streams::Emit<Line>&) override {
    all_->push_back(in.value);
  }

 private:
  std::vector<city::Conclusion>* all_;
};

class WordingTest : public testing::Test {
 protected:
  explicit WordingTest() {
    std::vector<std::string> types;
    for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
    topology_.apply<Keep>(
        "keep",
        topology_.apply<see::Detect>("detect", with(topology_.events(types), topology_.versions()),
                                     see::DetectOptions{connectors::read_raw_slot}),
        &all_);
    driver_ = std::make_unique<streams::TestDriver>(
        topology_, [] { return std::make_unique<connectors::EventDecoder>(); },
        streams::EpochOptions{
            .city = "t", .doors = city::door_topics(), .partitions = 1, .memory_bytes = 0});
    driver_->activate({"calendar", "h0", kCalendar});
  }
  void pack(const std::string& rules) {
    driver_->activate({"rules/p", "h1", "pack: p\n" + rules});
  }
  void send(const std::string& door, streams::Duration at, const std::string& data) {
    std::string type;
    for (const city::Door& one : city::kDoors)
      if (one.topic == door) type = one.type;
    driver_->send(door, "elevator/1", kStart + at,
                  signals::event(type, "elevator/1", "e" + std::to_string(++count_), kStart + at,
                                 data));
  }
  /// What the last conclusion says, in both languages.
  std::string said(streams::Duration at) {
    driver_->advance_to(kStart + at);
    if (all_.empty()) return "nothing";
    const city::Reason& reason = all_.back().reasons.front();
    return reason.zh + " | " + reason.en;
  }

  std::vector<city::Conclusion> all_;
  streams::Topology topology_{"t"};
  std::unique_ptr<streams::TestDriver> driver_;
  int count_ = 0;
};

constexpr const char* kStuck = R"(
rules:
  - rule: stuck
    title: {zh: 困人, en: Stuck}
    on: elevator.telemetry
    when: data.occupied && data.speedMps == 0.0
    for: 60s
    because:
      zh: "轿厢内{data.occupied}，停在{data.floor}层，门：{data.door}，已持续{held}"
      en: "cabin {data.occupied}, at floor {data.floor}, door {data.door}, for {held}"
)";

TEST_F(WordingTest, ASentenceHasTheValuesThatDecidedAlsoWhereTimeDecides) {
  pack(kStuck);
  send("elevator.telemetry", 0s,
       R"({"floor":5,"speedMps":0.0,"door":"closed","occupied":true})");
  EXPECT_EQ(said(70s),
            "轿厢内有人，停在5层，门：关门，已持续60秒 | cabin occupied, at floor 5, door closed, "
            "for 60 s");
}

TEST_F(WordingTest, WhatIsNotKnownIsSaidToBeUnknown) {
  pack(kStuck);
  send("elevator.telemetry", 0s, R"({"floor":null,"speedMps":0.0,"occupied":true})");
  EXPECT_EQ(said(70s),
            "轿厢内有人，停在未知层，门：未知，已持续60秒 | cabin occupied, at floor unknown, "
            "door unknown, for 60 s");
}

TEST_F(WordingTest, EvidenceHasWhatTheSentenceSays) {
  pack(kStuck);
  send("elevator.telemetry", 0s,
       R"({"floor":5,"speedMps":0.0,"door":"closed","occupied":true,"loadKg":75})");
  (void)said(70s);
  EXPECT_EQ(all_.back().evidence.back().data.text,
            R"({"occupied":true,"speedMps":0,"floor":5,"door":"closed"})");
}

TEST_F(WordingTest, FactsPackWordsTimesAndTermsAreSaidInTheCitysZone) {
  pack(R"y(
words: {faultCode: {brake: {zh: 制动器, en: the brake}}}
facts:
  fault: {on: elevator.telemetry, when: data.faultCode != null, value: data.faultCode}
rules:
  - rule: call
    on: hotline.complaints
    when: data.kind == 'help'
    episode: each
    because:
      zh: "{data.channel}{data.kind}，{fault.age}前{fault.time}故障：{fault.value}"
      en: "{data.channel}: {data.kind}, {fault.age} before, at {fault.time}: {fault.value}"
  - rule: late
    on: permit.changes
    missing: true
    when: data.record == 'inspection'
    due: timestamp(data.validUntil + 'T16:00:00Z')
    because:
      zh: "有效期至{due}（登记为{data.validUntil}）"
      en: "valid until {due} (recorded {data.validUntil})"
)y");
  send("elevator.telemetry", 0s, R"({"faultCode":"brake"})");
  send("hotline.complaints", 90s, R"({"channel":"12345","kind":"help"})");
  EXPECT_EQ(said(95s),
            "12345热线求助，90秒前11月22日16:00故障：制动器 | the 12345 hotline: call for help, "
            "90 s before, at 2026-11-22 16:00: the brake");
  send("permit.changes", 2min, R"({"record":"inspection","validUntil":"2026-11-23"})");
  EXPECT_EQ(said(60h),
            "有效期至11月23日24:00（登记为2026年11月23日） | valid until the end of 2026-11-23 "
            "(recorded 2026-11-23)");
}

TEST_F(WordingTest, ACountAndASequenceSayWhatTheyRestOn) {
  pack(R"y(
rules:
  - rule: reopen
    on: elevator.telemetry
    when: data.faultCode == 'door_reopen'
    count: 2
    within: 10m
    because:
      zh: "{within}内{count}次，在{data.floor}层"
      en: "{count} times within {within}, at {data.floor}"
  - rule: stop_then_fire
    on: elevator.telemetry
    when: data.faultCode == 'brake'
    sequence: [data.mode == 'fire']
    within: 2m
    because:
      zh: "先停在{data.floor}层，自{since}"
      en: "first at {data.floor}, since {since}"
)y");
  send("elevator.telemetry", 0s, R"({"faultCode":"door_reopen","floor":1})");
  send("elevator.telemetry", 90s, R"({"faultCode":"door_reopen","floor":-2})");
  EXPECT_EQ(said(95s), "10分钟内2次，在-2层 | 2 times within 10 min, at -2");
  send("elevator.telemetry", 100s, R"({"faultCode":"brake","floor":7})");
  send("elevator.telemetry", 110s, R"({"mode":"fire","floor":8})");
  EXPECT_EQ(said(115s), "先停在7层，自11月22日16:01 | first at 7, since 2026-11-22 16:01");
}

TEST_F(WordingTest, ARuleWithoutASentenceIsToldByItsTitleAndKind) {
  pack(R"y(
rules:
  - rule: seen
    title: {zh: 老鼠, en: Rodent}
    on: camera.alerts
    when: data.label == 'rodent'
  - rule: twice
    title: {zh: 开门, en: Door}
    on: elevator.telemetry
    when: data.door == 'open'
    count: 2
    within: 1h
  - rule: mute
    title: {zh: 失联, en: Silent}
    on: elevator.telemetry
    missing: true
    silence: true
    when: "true"
    within: 5m
)y");
  send("camera.alerts", 0s, R"({"label":"rodent","device":"cam-1"})");
  EXPECT_EQ(said(1s), "老鼠：摄像头发现 | Rodent: seen by a camera");
  send("elevator.telemetry", 1min, R"({"door":"open"})");
  send("elevator.telemetry", 2min, R"({"door":"open"})");
  EXPECT_EQ(said(3min), "开门：1小时内出现2次 | Door: 2 times within 1 h");
  EXPECT_EQ(said(8min),
            "失联：自11月22日16:02起没有信号 | Silent: no signal since 2026-11-22 16:02");
  EXPECT_EQ(all_.back().due, std::nullopt) << "silence is no deadline";
}

TEST_F(WordingTest, AWordThatIsWrongHoldsNoWarningUp) {
  pack(R"y(
rules:
  - rule: seen
    on: camera.alerts
    when: data.label == 'rodent'
    because:
      zh: "{data.confidence}，{int(data.label)}，{data.lon}"
      en: "{[data.lat, data.lon]}"
)y");
  send("camera.alerts", 0s, R"({"label":"rodent","lon":121.4221999})");
  EXPECT_EQ(said(1s), "未知，未知，121.42 | unknown");
}

TEST(SpokenValue, SaysNumbersAsPeopleDo) {
  const city::Calendar utc;
  const auto number = [&](double value) {
    return see::spoken_value(streams::Slot::number(value), "", {}, utc, kStart).zh;
  };
  EXPECT_EQ(number(5), "5");
  EXPECT_EQ(number(-1), "-1");
  EXPECT_EQ(number(0.93 * 100), "93");
  EXPECT_EQ(number(1.5), "1.5");
  EXPECT_EQ(number(-0.001), "0");
  EXPECT_EQ(number(1200), "1200");
  EXPECT_EQ(number(1e300 * 1e300), "未知");
}

TEST(SpokenValue, SaysDurationsInWords) {
  for (const auto& [length, zh, en] : {std::tuple{0ms, "0秒", "0 s"},
                                       {60'000ms, "60秒", "60 s"},
                                       {119'999ms, "119秒", "119 s"},
                                       {150'000ms, "2分30秒", "2 min 30 s"},
                                       {300'000ms, "5分钟", "5 min"},
                                       {5'400'000ms, "1小时30分钟", "1 h 30 min"},
                                       {3'600'000ms, "1小时", "1 h"},
                                       {3'605'000ms, "1小时", "1 h"},
                                       {273'600'000ms, "3天4小时", "3 d 4 h"}}) {
    EXPECT_EQ(city::spoken_fully(length).zh, zh);
    EXPECT_EQ(city::spoken_fully(length).en, en);
  }
}

TEST(SpokenValue, CutsWhatIsTooLongForASentence) {
  const city::Calendar utc;
  const std::string text = see::spoken_value(streams::Slot::text(std::string(5000, 'x') + "\n"),
                                             "", {}, utc, kStart)
                               .zh;
  EXPECT_LE(text.size(), 100u);
  EXPECT_EQ(see::spoken_value(streams::Slot::text("a\tb"), "", {}, utc, kStart).zh, "a b");
}

}  // namespace
