// Unknown is not false: what a rule for life does where fields are null, absent or of another type;
// and what a clause can see at all.

#include <random>

#include "operators/city/fields.h"
#include "operators/rules/pack_reader.h"
#include "operators/rules/rulebook.h"
#include "tests/support/detecting.h"

namespace {

using namespace std::chrono_literals;
using signals::Detecting;
using Lines = Detecting::Lines;

constexpr const char* kButton = R"yaml(
pack: test
rules:
  - rule: button
    on: elevator.telemetry
    when: >-
      data.alarmButton && data.occupied && data.speedMps == 0.0
      && !(data.door == 'open' || data.mode == 'inspection')
    clear: "!data.occupied"
    ends: data.alarmEnd
    consequence: life
    unknown: {needs: [alarmButton], fires: [occupied, speedMps, door, mode]}
)yaml";

/// What the button's rule says of an event.
Lines pressed(const std::string& data) {
  Detecting rules;
  rules.activate(kButton);
  rules.send("elevator.telemetry", 0s, data);
  return rules.after(1s);
}

TEST(Unknown, NoSecondaryFieldSilencesTheAlarmButton) {
  const Lines fired{"fired button +0s 1"};
  const std::vector<std::string> fields{R"("occupied":true)", R"("speedMps":0.0)",
                                        R"("door":"closed")", R"("mode":"normal")"};
  for (unsigned absent = 0; absent < 16; ++absent)
    for (const char* instead : {"", "null", "{}", "[1]", "\"?\""}) {
      std::string data = R"({"alarmButton":true)";
      for (unsigned i = 0; i < fields.size(); ++i) {
        const std::string name = fields[i].substr(0, fields[i].find(':') + 1);
        const bool text = i > 1 && std::string_view{instead} == "\"?\"";
        if ((absent & 1u << i) == 0 || text)
          data += "," + fields[i];
        else if (*instead != 0)
          data += "," + name + instead;
      }
      EXPECT_EQ(pressed(data + "}"), fired) << data;
    }
}

TEST(Unknown, WhatIsKnownToBeOtherwiseStillSilencesIt) {
  EXPECT_EQ(pressed(R"({"alarmButton":true,"occupied":false})"), Lines{});
  EXPECT_EQ(pressed(R"({"alarmButton":true,"occupied":null,"speedMps":1.5})"), Lines{});
  EXPECT_EQ(pressed(R"({"alarmButton":true,"door":"open","mode":null})"), Lines{});
  EXPECT_EQ(pressed(R"({"alarmButton":true,"door":null,"mode":"inspection"})"), Lines{});
}

TEST(Unknown, TheTriggerItselfMustBeKnown) {
  for (const char* button : {"null", "\"true\"", "1", "[]"})
    EXPECT_EQ(pressed(std::string{R"({"occupied":true,"speedMps":0.0,"door":"closed",)"} +
                      R"("mode":"normal","alarmButton":)" + button + "}"),
              Lines{});
  EXPECT_EQ(pressed("{}"), Lines{});
}

TEST(Unknown, HasIsFalseForNullAndForAbsent) {
  Detecting rules;
  rules.activate(R"yaml(
pack: test
rules:
  - {rule: has, on: elevator.telemetry, when: "has(data.faultCode)", episode: each}
  - {rule: has_not, on: elevator.telemetry, when: "!has(data.faultCode)", episode: each}
)yaml");
  rules.send("elevator.telemetry", 0s, R"({"faultCode":null})");
  rules.send("elevator.telemetry", 1s, "{}");
  rules.send("elevator.telemetry", 2s, R"({"faultCode":"E1"})");
  EXPECT_EQ(rules.after(3s),
            (Lines{"fired has_not +0s 1", "fired has_not +1s 1", "fired has +2s 1"}));
}

std::string doubts_of(const std::string& lines) {
  std::vector<rules::Problem> problems, doubts;
  const rules::Pack pack = rules::read_pack(
      "pack: p\nrules:\n  - rule: r\n    on: elevator.telemetry\n" + lines, "p.yaml", problems);
  (void)rules::Rulebook::compile({pack}, nullptr, problems, &doubts);
  std::string all;
  for (const rules::Problem& problem : problems) all += problem.sentence() + "\n";
  for (const rules::Problem& doubt : doubts) all += "? " + doubt.sentence() + "\n";
  return all;
}

TEST(Unknown, TheCheckDoubtsWhatCouldSilenceARuleForLife) {
  const std::string when = "    when: data.alarmButton && data.speedMps == 0.0\n";
  const std::string life = when + "    consequence: life\n";
  const std::string doubts = doubts_of(life);
  EXPECT_NE(doubts.find("? p.yaml:5:11: rule 'r' guards life and is silent where data.alarmButton"),
            std::string::npos)
      << doubts;
  EXPECT_NE(doubts.find("? p.yaml:5:31: rule 'r' guards life and is silent where data.speedMps"),
            std::string::npos)
      << doubts;
  EXPECT_EQ(doubts_of(life + "    unknown: {needs: [alarmButton], fires: [speedMps]}\n"), "");
  EXPECT_EQ(doubts_of(when), "") << "not for life";
  EXPECT_EQ(doubts_of("    when: data.alarmButton\n    consequence: life\n"), "")
      << "one field is what it looks at";
  EXPECT_EQ(doubts_of("    when: data.alarmButton && (!has(data.door) || data.door != 'open')\n"
                      "    consequence: life\n    unknown: {needs: [alarmButton]}\n"),
            "")
      << "its absence was thought of";
  const std::string unread = doubts_of(life + "    unknown: {fires: [floor]}\n");
  EXPECT_NE(unread.find("p.yaml:7:23: 'unknown' names"), std::string::npos) << unread;
}

// ---- what a clause sees -------------------------------------------------------------------------

TEST(Contexts, WhatASequenceWantsToKnowIsAskedOfItsFirstEvent) {
  Detecting rules;
  rules.activate(R"yaml(
pack: test
facts:
  fault: {on: elevator.telemetry, when: data.faultCode != null, value: data.faultCode}
rules:
  - rule: s
    on: hotline.complaints
    when: data.kind == 'help'
    sequence: [{on: elevator.telemetry, when: data.speedMps > 3.0}]
    within: 1m
    priority: "data.category == 'elevator' ? 'P1' : 'P4'"
    cite: {fault: "data.channel == '12345'"}
)yaml");
  rules.send("elevator.telemetry", 0s, R"({"speedMps":0.0,"faultCode":"E1"})");
  rules.send("hotline.complaints", 1s,
             R"({"kind":"help","category":"elevator","channel":"12345","text":"secret"})");
  rules.send("elevator.telemetry", 2s, R"({"speedMps":4.0,"faultCode":null})");
  EXPECT_EQ(rules.after(3s), Lines{"fired s +2s P1 3"});
}

TEST(Contexts, WhatAHoldAndADueDateWantToKnowIsAskedOfTheirEvent) {
  Detecting rules;
  rules.activate(R"yaml(
pack: test
rules:
  - rule: h
    on: elevator.telemetry
    when: data.occupied
    for: 10s
    priority: "data.loadKg > 300.0 ? 'P1' : 'P2'"
  - rule: m
    on: permit.changes
    when: data.record == 'inspection'
    missing: true
    within: 1m
    priority: "data.by == 'x' ? 'P2' : 'P3'"
)yaml");
  rules.send("elevator.telemetry", 0s, R"({"occupied":true,"loadKg":400})");
  rules.send("permit.changes", 0s, R"({"record":"inspection","by":"x"})");
  EXPECT_EQ(rules.after(2min), (Lines{"fired h +10s P1 1", "fired m +1m P2 1"}));
}

TEST(Contexts, AnEndFromAnotherTopicIsItsOwnEvidenceAndNothingPersonal) {
  Detecting rules;
  rules.activate(R"yaml(
pack: test
rules:
  - rule: r
    on: elevator.telemetry
    when: data.occupied && data.mode == 'fault'
    for: 10s
    ends: {on: hotline.complaints, when: "data.kind == 'help' && data.text.contains('out')"}
)yaml");
  rules.send("hotline.complaints", 0s,
             R"({"kind":"help","text":"they are out","complainant":"h:1","address":"here"})");
  EXPECT_EQ(rules.after(1s), Lines{"ended r +0s 1"});
  EXPECT_EQ(rules.conclusions().back().evidence.back().data.text, R"({"kind":"help"})");
}

TEST(Contexts, ClausesBesideWhenAreRefusedOnAnotherTopic) {
  for (const char* line :
       {"    priority: {on: hotline.complaints, when: \"'P1'\"}\n",
        "    missing: true\n    due: {on: permit.changes, when: event.time}\n",
        "    cite: {f: {on: camera.alerts, when: \"true\"}}\n",
        "    permitted: {f: {on: camera.alerts, when: \"true\"}}\n"}) {
    std::vector<rules::Problem> problems;
    const rules::Pack pack = rules::read_pack(
        std::string{"pack: p\nfacts:\n  f: {on: elevator.telemetry, when: data.occupied}\n"
                    "rules:\n  - rule: r\n    on: elevator.telemetry\n    when: data.occupied\n"} +
            line,
        "p.yaml", problems);
    (void)rules::Rulebook::compile({pack}, nullptr, problems);
    ASSERT_FALSE(problems.empty()) << line;
    EXPECT_GE(problems[0].place.line, 8);
    EXPECT_GT(problems[0].place.column, 4);
  }
}

/// Every field that the contract calls personal, read by every clause that a rule can have.
TEST(Contexts, NothingPersonalReachesEvidence) {
  const std::string all =
      R"(data.text == '' || data.address == '' || data.complainant == '' || data.contact == '' )"
      R"(|| data.kind == 'help')";
  const std::string clause = "\"" + all + "\"";
  std::string pack = "pack: test\nfacts:\n  f: {on: "
                     "hotline.complaints, when: " + clause + ", value: data.kind}\nrules:\n";
  const std::string on = ", on: hotline.complaints, when: " + clause;
  pack += "  - {rule: match" + on + ", episode: each, cite: {f: " + clause + "}, permitted: {f: " +
          clause + "}}\n";
  pack += "  - {rule: hold" + on + ", for: 1s, ends: " + clause + "}\n";
  pack += "  - {rule: arrival" + on + ", for: 1s, decide: arrival}\n";
  pack += "  - {rule: count" + on + ", count: 2, within: 1m}\n";
  pack += "  - {rule: sequence" + on + ", sequence: [" + clause + "], within: 1m}\n";
  pack += "  - {rule: missing" + on + ", missing: true, within: 1s, cite: {f: " + clause + "}}\n";
  pack += "  - {rule: ended, on: elevator.telemetry, when: data.occupied, ends: {on: "
          "hotline.complaints, when: " + clause + "}, clear: {on: hotline.complaints, when: " +
          clause + "}}\n";
  Detecting rules;
  rules.activate(pack);
  for (int i = 0; i < 4; ++i) {
    rules.send("elevator.telemetry", i * 10s, R"({"occupied":true})");
    rules.send("hotline.complaints", i * 10s + 5s,
               R"({"kind":"help","text":"SECRET","address":"SECRET","complainant":"SECRET",)"
               R"("contact":"SECRET","photos":["SECRET"],"n":)" + std::to_string(i) + "}");
  }
  EXPECT_GT(rules.after(5min).size(), 15);
  for (const city::Conclusion& conclusion : rules.conclusions()) {
    std::vector<city::Evidence> evidence = conclusion.evidence;
    if (conclusion.permit) evidence.push_back(*conclusion.permit);
    for (const city::Evidence& one : evidence)
      EXPECT_EQ(one.data.text.find("SECRET"), std::string::npos)
          << conclusion.rule << " " << one.data.text;
    for (const city::Reason& reason : conclusion.reasons)
      EXPECT_EQ(reason.zh.find("SECRET"), std::string::npos);
  }
}

TEST(Contexts, FactsAndFieldsAreTheirPacksOwn) {
  // Another pack's names are not known.
  std::vector<rules::Problem> problems;
  std::vector<rules::Pack> packs;
  packs.push_back(rules::read_pack("pack: a\nfields: {camera.alerts: [hue]}\nfacts:\n  f: {on: "
                                   "camera.alerts, when: data.hue > 0.0}\nrules: []\n",
                                   "a.yaml", problems));
  packs.push_back(rules::read_pack(
      "pack: b\nrules:\n  - {rule: r, on: camera.alerts, when: data.hue > 0.0}\n"
      "  - {rule: s, on: camera.alerts, when: has(f.age)}\n",
      "b.yaml", problems));
  ASSERT_TRUE(problems.empty());
  (void)rules::Rulebook::compile(packs, nullptr, problems);
  ASSERT_EQ(problems.size(), 2);
  EXPECT_EQ(problems[0].file, "b.yaml");
}

TEST(Versions, AFormerVersionThatComesBackBeginsAnewAndItsDueDatesWait) {
  const auto pack = [](const char* hold, const char* within) {
    return std::string{"pack: test\nrules:\n  - {rule: h, on: elevator.telemetry, when: "
                       "data.occupied, for: "} + hold +
           "}\n  - {rule: m, on: permit.changes, when: \"data.record == 'sign'\", missing: true, "
           "within: " + within + "}\n";
  };
  Detecting rules;
  rules.activate(pack("60s", "10m"));
  rules.send("permit.changes", 0s, R"({"record":"sign"})");
  rules.send("elevator.telemetry", 0s, R"({"occupied":true})");
  EXPECT_EQ(rules.after(30s), Lines{});
  rules.activate(pack("90s", "20m"));
  EXPECT_EQ(rules.after(9min), Lines{}) << "nobody has looked under the new meaning";
  rules.activate(pack("60s", "10m"));
  rules.send("elevator.telemetry", 9min + 10s, R"({"occupied":true})");
  EXPECT_EQ(rules.after(11min), (Lines{"fired m +10m 1", "fired h +10m10s 1"}));
}

TEST(Versions, ADueDateThatPassedWhileItsRuleWasGoneIsSaidWhenItComesBack) {
  const auto pack = [](const char* within) {
    return std::string{"pack: test\nrules:\n  - {rule: m, on: permit.changes, when: "
                       "\"data.record == 'sign'\", missing: true, within: "} + within + "}\n";
  };
  Detecting rules;
  rules.activate(pack("10m"));
  rules.send("permit.changes", 0s, R"({"record":"sign"})");
  (void)rules.after(1min);
  rules.activate(pack("20m"));
  EXPECT_EQ(rules.after(30min), Lines{});
  rules.activate(pack("10m"));
  EXPECT_EQ(rules.after(2h), Lines{"fired m +1h10m 1"});
}

TEST(Downtime, IsNobodysSilence) {
  Detecting rules;
  rules.activate(R"yaml(
pack: test
rules:
  - {rule: silent, on: elevator.telemetry, when: "true", missing: true, silence: true, within: 5m}
  - {rule: due, on: elevator.telemetry, when: data.occupied, missing: true, within: 5m}
)yaml");
  rules.send("elevator.telemetry", 0s, R"({"occupied":true})");
  EXPECT_EQ(rules.after(1min), Lines{});
  rules.driver().activate(
      streams::Downtime{signals::kStart + 1min, signals::kStart + 1h}.version());
  EXPECT_EQ(rules.after(1h + 4min), Lines{"fired due +5m 1"}) << "what is due is due";
  EXPECT_EQ(rules.after(1h + 6min), (Lines{"fired silent +1h5m 1", "no_data due +1h5m 1"}));
  rules.send("elevator.telemetry", 2h, R"({"occupied":false})");
  EXPECT_EQ(rules.after(2h + 6min),
            (Lines{"cleared silent +2h 1", "more due +2h 1", "fired silent +2h5m 1",
                   "no_data due +2h5m 1"}));
}

// ---- any pack -----------------------------------------------------------------------------------

/// A pack from a grammar: kinds, clauses and topics at random.
std::string random_pack(std::mt19937& random) {
  const auto pick = [&](std::vector<std::string> all) { return all[random() % all.size()]; };
  const std::vector<std::string> topics{"elevator.telemetry", "camera.alerts", "permit.changes",
                                        "hotline.complaints", "field.feedback"};
  const auto expression = [&](const std::string& topic) {
    if (topic == "elevator.telemetry")
      return pick({"data.occupied", "data.speedMps > 1.0", "true", "has(f.age)", "!data.occupied",
                   "g.value == 'x'"});
    if (topic == "camera.alerts") return pick({"data.label == 'a'", "data.confidence > 0.5"});
    if (topic == "permit.changes")
      return pick({"data.record == 'sign'", "data.action == 'corrected'", "has(data.no)"});
    if (topic == "hotline.complaints")
      return pick({"data.kind == 'help'", "data.text.contains('a')", "f.value == 'x'"});
    return pick({"data.step == 'arrived'", "data.item == 'a'"});
  };
  const auto clause = [&](const std::string& topic) {
    if (random() % 3 != 0) return "\"" + expression(topic) + "\"";
    const std::string other = pick(topics);
    return "{on: " + other + ", when: \"" + expression(other) + "\"}";
  };
  std::string pack = "pack: test\nfacts:\n";
  for (const char* fact : {"f", "g"}) {
    const std::string topic = pick(topics);
    pack += std::string{"  "} + fact + ": {on: " + topic + ", when: \"" +
            (topic == "elevator.telemetry" ? "data.occupied" : "true") +
            "\", value: \"event.subject\"}\n";
  }
  pack += "rules:\n";
  for (int r = 0; r < 4; ++r) {
    const std::string topic = pick(topics);
    pack += "  - rule: r" + std::to_string(r) + "\n    on: " + topic + "\n    when: \"" +
            expression(topic) + "\"\n";
    switch (random() % 5) {
      case 0: pack += "    for: 10s\n" + pick({"", "    decide: arrival\n"}); break;
      case 1: pack += "    count: 2\n    within: 1m\n"; break;
      case 2:
        pack += "    sequence: [" + clause(topic) + ", " + clause(topic) + "]\n    within: 1m\n";
        break;
      case 3:
        pack += "    missing: true\n    within: 20s\n    reminders: [5s]\n" +
                pick({"", "    silence: true\n", "    cancel: " + clause(topic) + "\n",
                      "    due: \"event.time + duration('30s')\"\n"});
        break;
      default: pack += pick({"", "    episode: each\n", "    episode: 5s\n"}); break;
    }
    if (random() % 4 == 0) pack += "    clear: " + clause(topic) + "\n";
    if (random() % 2) pack += "    ends: " + clause(topic) + "\n";
    if (random() % 2)
      pack += "    priority: \"" + expression(topic) + " ? 'P1' : 'P3'\"\n";
    if (random() % 2) pack += "    cite: {f: \"" + expression(topic) + "\"}\n";
    if (random() % 3 == 0) pack += "    permitted: {g: \"" + expression(topic) + "\"}\n";
    if (random() % 3 == 0) pack += "    consequence: life\n";
  }
  return pack;
}

bool is_good(const std::string& text) {
  std::vector<rules::Problem> problems;
  const rules::Pack pack = rules::read_pack(text, "p.yaml", problems);
  (void)rules::Rulebook::compile({pack}, nullptr, problems);
  return problems.empty();
}

/// No pack that the check accepts ends a process, whatever comes, in whatever order.
TEST(AnyPack, ThatIsAcceptedNeverEndsAProcess) {
  int tried = 0;
  for (unsigned seed = 0; tried < 60 && seed < 60'000; ++seed) {
    std::mt19937 random{seed};
    const std::string pack = random_pack(random);
    if (!is_good(pack)) continue;
    ++tried;
    Detecting rules{streams::Schedule::random(seed)};
    rules.activate(pack);
    const auto value = [&](std::vector<const char*> all) { return all[random() % all.size()]; };
    for (int i = 0; i < 60; ++i) {
      const auto at = std::chrono::seconds{i}, delay = std::chrono::seconds{random() % 40};
      const std::string n = ",\"n\":" + std::to_string(i) + "}";
      switch (random() % 5) {
        case 0:
          rules.send("elevator.telemetry", at,
                     std::string{R"({"occupied":)"} + value({"true", "false", "null", "[]"}) +
                         R"(,"speedMps":)" + value({"0", "2", "\"?\""}) + n, delay);
          break;
        case 1:
          rules.send("camera.alerts", at,
                     std::string{R"({"device":"c","confidence":0.9,"label":)"} +
                         value({"\"a\"", "null"}) + n, delay);
          break;
        case 2:
          rules.send("permit.changes", at,
                     std::string{R"({"record":"a","no":"1","action":)"} +
                         value({"\"corrected\"", "\"done\""}) + R"(,"validUntil":)" +
                         value({"null", "\"soon\"", "\"2026-11-22T08:00:30Z\""}) + n, delay);
          break;
        case 3:
          rules.send("hotline.complaints", at,
                     std::string{R"({"text":"a","kind":)"} + value({"\"help\"", "7"}) + n, delay);
          break;
        default:
          rules.send("field.feedback", at,
                     std::string{R"({"step":)"} + value({"\"arrived\"", "{}"}) + n, delay);
      }
    }
    (void)rules.after(10min);
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed << "\n" << pack;
  }
  EXPECT_EQ(tried, 60);
}

}  // namespace
