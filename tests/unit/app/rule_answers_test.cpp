#include "app/rule_answers.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using Parts = std::vector<std::string>;

const std::vector<streams::Version> kVersions{{"duty", "1", "not a pack"}, {"rules/lift", "2", R"(
pack: lift
facts:
  fault: {on: elevator.telemetry, when: data.faultCode != null, value: data.faultCode}
rules:
  - rule: lift.trapped
    title: {zh: 困人, en: Trapped}
    on: elevator.telemetry
    when: data.occupied && data.speedMps == 0.0
    for: 60s
  - rule: lift.again
    title: {zh: 又坏, en: Again}
    on: elevator.telemetry
    when: data.mode == 'fault' && fault.age > duration('1m')
    count: 3
    within: 10m
  - rule: lift.e_bike
    title: {zh: 电瓶车, en: E-bike}
    on: camera.alerts
    when: data.label == 'e_bike'
)"}};

std::string event(const std::string& data) {
  return R"({"specversion":"1.0","id":"e-1","source":"/t","type":"city.elevator.telemetry.v1",)"
         R"("subject":"elevator/1","time":"2026-11-22T08:00:00Z","data":)" +
         data + "}";
}

TEST(RuleAnswers, PartsAreJoinedByAndAtTheTopAlone) {
  EXPECT_EQ(parts_of("a && b"), (Parts{"a", "b"}));
  EXPECT_EQ(parts_of("a && (b && c) && d == 'x && y'"), (Parts{"a", "(b && c)", "d == 'x && y'"}));
  EXPECT_EQ(parts_of(" a && b || c "), (Parts{"a && b || c"}));
  EXPECT_EQ(parts_of("a ? b : c && d"), (Parts{"a ? b : c && d"}));
  EXPECT_EQ(parts_of("a"), (Parts{"a"}));
}

TEST(RuleAnswers, TheFirstPartThatDoesNotHoldIsNamedWithWhatWasRead) {
  const auto answers =
      answers_to(event(R"({"occupied":false,"speedMps":0.0,"mode":"normal"})"), kVersions);
  ASSERT_EQ(answers.size(), 2u) << "of its own topic";
  EXPECT_EQ(answers[0].rule, "lift.trapped");
  EXPECT_FALSE(answers[0].holds);
  EXPECT_EQ(answers[0].why.en, R"(does not hold: data.occupied, where it read {"occupied":false})");
  EXPECT_EQ(answers[1].why.zh, R"(条件不成立：data.mode == 'fault'，读到{"mode":"normal"})");
}

TEST(RuleAnswers, WhatHoldsSaysWhatElseItTakes) {
  const auto answers =
      answers_to(event(R"({"occupied":true,"speedMps":0.0,"mode":"fault"})"), kVersions);
  EXPECT_TRUE(answers[0].holds);
  EXPECT_EQ(answers[0].why.en, "its condition holds, and has to for 1 min");
  EXPECT_EQ(answers[0].why.zh, "条件成立，还须持续1分钟");
  EXPECT_FALSE(answers[1].holds) << "what was before it is not here";
  EXPECT_NE(answers[1].why.en.find("it lies before): fault.age"), std::string::npos)
      << answers[1].why.en;
}

TEST(RuleAnswers, WhatCameNearestToAWarningStandsFirst) {
  const auto answers =
      answers_to(event(R"({"occupied":false,"speedMps":0.0,"mode":"fault"})"), kVersions);
  EXPECT_EQ(answers[0].rule, "lift.again");
  EXPECT_EQ(answers[0].held, 1u);
  EXPECT_EQ(answers[1].held, 0u);
}

TEST(RuleAnswers, ADateThatIsMissingOrCannotBeReadIsSaid) {
  const std::vector<streams::Version> versions{{"rules/due", "1", R"(
pack: due
rules:
  - rule: due.check
    on: permit.changes
    when: data.record == 'inspection'
    missing: true
    due: >-
      data.validUntil.contains('T') || data.validUntil.contains('t') ? timestamp(data.validUntil)
      : timestamp(data.validUntil + 'T16:00:00Z')
    within: 15d
)"}};
  const auto answer = [&](const std::string& until) {
    return answers_to(
               R"({"specversion":"1.0","id":"e-1","source":"/t","type":"city.permit.changed.v1",)"
               R"("subject":"elevator/1","time":"2026-11-22T08:00:00Z",)"
               R"("data":{"record":"inspection",)"
               R"("validUntil":)" + until + "}}",
               versions)
        .at(0)
        .why.en;
  };
  EXPECT_NE(answer("null").find("names no date: the default of"), std::string::npos);
  EXPECT_NE(answer("\"soon\"").find("can't be read: the former due date stands"),
            std::string::npos);
  EXPECT_EQ(answer("\"2026-12-01T00:00:00Z\"").find("date"), std::string::npos);
}

TEST(RuleAnswers, NothingLooksAtWhatNoRuleReads) {
  EXPECT_TRUE(answers_to("nonsense", kVersions).empty());
  EXPECT_TRUE(answers_to(event("{}"), {}).empty());
}

}  // namespace
}  // namespace app
