// Packs that mean what they say: keys of another kind of rule, wrong kinds of values, the same name
// in two packs, and predicates whose types can never fit are problems with file, line and column.

#include <gtest/gtest.h>

#include <ostream>

#include "operators/rules/pack_reader.h"
#include "operators/rules/rulebook.h"

namespace {

std::string problems_of(const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<rules::Problem> problems;
  std::vector<rules::Pack> packs;
  for (const auto& [name, text] : files) packs.push_back(rules::read_pack(text, name, problems));
  (void)rules::Rulebook::compile(packs, nullptr, problems);
  return problems.empty() ? "" : yaml::refusal(problems).what + "\n";
}
std::string problems_of(const std::string& text) {
  return problems_of({{"p.yaml", text}});
}

std::string rule(const std::string& lines) {
  return "pack: p\nrules:\n  - rule: p.r\n    on: elevator.telemetry\n" + lines;
}
/// A rule with that predicate, which begins at 5:12.
std::string when(const std::string& predicate) {
  return rule("    when: \"" + predicate + "\"\n");
}

struct Case {
  const char* name;
  std::string text;
  std::string wanted;
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class StrictPack : public testing::TestWithParam<Case> {};

TEST_P(StrictPack, IsAProblemWithItsPlace) {
  const std::string found = problems_of(GetParam().text);
  EXPECT_NE(found.find(GetParam().wanted), std::string::npos) << found;
}

const std::string kWhen = "    when: data.mode == 'fault'\n";

INSTANTIATE_TEST_SUITE_P(
    Keys, StrictPack,
    testing::Values(
        Case{"TwoRulesKeys", "pack: p\nrules: []\nrules: []\n", "p.yaml:3:1: 'rules' stands at"},
        Case{"TwoWhens", rule(kWhen + kWhen), "p.yaml:6:5: 'when' stands at line 5 already"},
        Case{"WithinOnHold", rule(kWhen + "    for: 5m\n    within: 10m\n"),
             "p.yaml:7:5: 'within' belongs to a rule with `count`, `sequence` or"},
        Case{"DueWithoutMissing", rule(kWhen + "    due: event.time\n"),
             "p.yaml:6:5: 'due' belongs to a rule with `missing: true`"},
        Case{"RemindersOnHold", rule(kWhen + "    for: 5m\n    reminders: [1m]\n"),
             "p.yaml:7:5: 'reminders' belongs to"},
        Case{"CancelOnHold", rule(kWhen + "    for: 5m\n    cancel: data.occupied\n"),
             "p.yaml:7:5: 'cancel' belongs to"},
        Case{"ClearOnCount",
             rule(kWhen + "    count: 3\n    within: 9m\n    clear: data.occupied\n"),
             "p.yaml:8:5: 'clear' belongs to a rule without count"},
        Case{"EpisodeOnCount", rule(kWhen + "    count: 3\n    within: 9m\n    episode: 1m\n"),
             "p.yaml:8:5: 'episode' belongs to"},
        Case{"EpisodeOnHold", rule(kWhen + "    for: 3m\n    episode: 1m\n"),
             "p.yaml:7:5: 'episode' belongs to"},
        Case{"DecideOnMatch", rule(kWhen + "    decide: arrival\n"),
             "p.yaml:6:5: 'decide' belongs to a rule with `for`"},
        Case{"SilenceYes", rule(kWhen + "    missing: true\n    within: 9m\n    silence: yes\n"),
             "p.yaml:8:14: 'silence' of a rule: expected true or false"},
        Case{"SilenceOnCount", rule(kWhen + "    count: 3\n    within: 9m\n    silence: true\n"),
             "p.yaml:8:5: 'silence' belongs to a rule with `missing: true`"},
        Case{"MissingTrue", rule(kWhen + "    missing: True\n    within: 15d\n"),
             "p.yaml:6:14: 'missing' of a rule: expected true or false, as YAML 1.2 writes them, "
             "not 'True'"},
        Case{"FactsAsList", "pack: p\nfacts:\n  - a: {on: permit.changes, when: \"true\"}\n",
             "p.yaml:3:3: 'facts' of the pack: expected a mapping of names to values, not a list"},
        Case{"PermittedAsList", rule(kWhen + "    permitted: [pitch]\n"),
             "p.yaml:6:16: 'permitted' of a rule: expected a mapping"},
        Case{"CiteAsText", rule(kWhen + "    cite: pitch\n"),
             "p.yaml:6:11: 'cite' of a rule: expected a mapping"},
        Case{"WhenAsList", rule("    when: [data.occupied]\n"),
             "p.yaml:5:11: expected an expression, not a list"},
        Case{"RulesAsMap", "pack: p\nrules: {a: 1}\n",
             "p.yaml:2:8: 'rules' of the pack: expected a"},
        Case{"RuleAsText", "pack: p\nrules: [a]\n", "p.yaml:2:9: a rule must be a mapping"},
        Case{"DueOfAnotherTopic",
             rule(kWhen + "    missing: true\n    due: {on: permit.changes, when: event.time}\n"),
             "p.yaml:7:10: expected an expression, not a mapping"},
        Case{"ManyCounted", rule(kWhen + "    count: 1001\n    within: 1d\n"),
             "p.yaml:6:12: 'count' of a rule: expected a whole number from 2 to 1000"},
        Case{"FactNamedData", "pack: p\nfacts:\n  data: {on: permit.changes, when: \"true\"}\n",
             "p.yaml:3:3: a fact's name stands in expressions"},
        Case{"SpacedName", "pack: p\nrules:\n  - {rule: a b, on: camera.alerts, when: \"true\"}\n",
             "p.yaml:3:12: 'rule' of a rule: expected a name"},
        Case{"FieldOfNoType", "pack: p\nfields: {elevator.telemetry: {x: int}}\n",
             "p.yaml:2:34: 'x' of the fields of elevator.telemetry: expected one of any, boolean"},
        Case{"FieldTwice", "pack: p\nfields: {elevator.telemetry: [x, x]}\n",
             "p.yaml:2:34: 'x' stands twice in 'fields'"},
        Case{"TestWord",
             rule(kWhen + "    tests: [{given: [], expect: [{at: +0s, what: fire}]}]\n"),
             "p.yaml:6:50: 'what' of an expectation: expected one of permitted, fired"},
        Case{"TestBoolean",
             rule(kWhen + "    tests: [{given: [{at: +0s, data: {occupied: yes}}], expect: []}]\n"),
             "p.yaml:6:49: 'yes' may be a boolean or text"},
        Case{"TestType",
             rule(kWhen + "    tests: [{given: [{at: +0s, data: {floor: '2'}}], expect: []}]\n"),
             "p.yaml:6:46: 'floor' of elevator.telemetry is of type number, not text: '2'"},
        Case{"TestOfNoSuchWord",
             rule(kWhen + "    tests: [{given: [{at: +0s, data: {mode: falt}}], expect: []}]\n"),
             "p.yaml:6:45: 'mode' of elevator.telemetry is never 'falt': no door takes it"},
        Case{"TestTime",
             rule(kWhen + "    tests: [{given: [{at: 5, data: {floor: 2}}], expect: []}]\n"),
             "p.yaml:6:27: 'at' of an event: expected a time from the test's start"}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Types, StrictPack,
    testing::Values(
        Case{"Plus", when("data.loadKg + 1 > 300"),
             "p.yaml:5:24: '+' does not fit double and int: a number of an event is a double; "
             "write 1.0"},
        Case{"Times", when("data.loadKg * 2 > 1500"), "p.yaml:5:24: '*' does not fit"},
        Case{"Remainder", when("data.floor % 2 == 0"), "p.yaml:5:23: '%' does not fit"},
        Case{"NoSuchWord", when("data.mode == 'falt'"),
             "p.yaml:5:25: data.mode is never 'falt'; did you mean 'fault'?"},
        Case{"NoSuchWordFirst", when("'shut' != data.door"),
             "p.yaml:5:12: data.door is never 'shut'; expected one of open, opening, closing, "
             "closed"},
        Case{"NoSuchWordInList", when("data.mode in ['fault', 'Fire']"),
             "p.yaml:5:35: data.mode is never 'Fire'; did you mean 'fire'?"},
        Case{"NoSuchWordAsKey", when("data.mode in {'faults': 1}"),
             "p.yaml:5:25: data.mode is never 'faults'"},
        Case{"NoWordBeginsSo", when("data.mode.startsWith('flt')"),
             "p.yaml:5:33: no word that data.mode can be has 'flt' so"},
        Case{"NoSuchWordOfAFact",
             "pack: p\nfacts:\n  m: {on: elevator.telemetry, when: \"true\", value: data.mode}\n"
             "rules:\n  - rule: p.r\n    on: elevator.telemetry\n"
             "    when: \"m.value == 'falt'\"\n",
             "p.yaml:7:23: m.value is never 'falt'; did you mean 'fault'?"},
        Case{"NoSuchKindOfCall",
             "pack: p\nrules:\n"
             "  - {rule: p.r, on: hotline.complaints, when: \"data.kind == 'halp'\"}\n",
             "data.kind is never 'halp'; did you mean 'help'?"},
        Case{"NumberAndText", when("data.floor == '12'"),
             "p.yaml:5:23: double and string are never equal"},
        Case{"BoolAndText", when("data.occupied == 'true'"), "p.yaml:5:26: bool and string"},
        Case{"TextAndNumber", when("data.mode > 3"),
             "p.yaml:5:22: '>' does not fit string and int"},
        Case{"MethodOfNumber", when("data.speedMps.startsWith('1')"), "p.yaml:5:26: 'startsWith'"},
        Case{"TextAsBool", when("data.mode && data.occupied"),
             "p.yaml:5:17: expected a bool beside '&&', not string"},
        Case{"NumberAsWhole", when("data.floor"), "p.yaml:5:17: expected a bool, not double"},
        Case{"InMixed", when("data.mode in ['fault', 3]"),
             "p.yaml:5:35: string and int are never equal"},
        Case{"InText", when("data.mode in 'fault'"), "p.yaml:5:22: 'in' does not fit"},
        Case{"InInts", when("data.speedMps in [1, 2]"), "p.yaml:5:30: double and int: a number"},
        Case{"SizeOfNumber", when("size(data.floor) > 1"), "p.yaml:5:12: 'size' does not fit"},
        Case{"FieldOfText", when("data.mode.length > 1"),
             "p.yaml:5:22: data.mode is a string, which has no field 'length'"},
        Case{"TimeAndText", when("event.time > '2026-01-01'"), "p.yaml:5:23: '>' does not fit"},
        Case{"Zone", when("event.time.getHours('Asia/Shangai') > 8"),
             "p.yaml:5:32: no such time zone: 'Asia/Shangai'"},
        Case{"ByZero", when("data.floor / 0.0 > 1.0"), "p.yaml:5:23: division by zero"},
        Case{"IntByZero", when("size(data.mode) % 0 == 1"), "p.yaml:5:28: division by zero"},
        Case{"BeyondList", when("['a', 'b'][2] == data.mode"), "the index is out of the list"},
        Case{"BelowList", when("['a'][-1] == data.mode"), "p.yaml:5:18: an index counts from 0"},
        Case{"NoKey", when("{'a': 1}['b'] == 1"), "no such key"},
        Case{"BadPattern", when("data.mode.matches('[')"), "p.yaml:5:30: no regular expression"},
        Case{"HugePattern", when("data.mode.matches('((a{100}){100}){100}')"),
             "p.yaml:5:30: no regular expression"},
        Case{"BadDuration", when("event.time > event.time + duration('5 minutes')"),
             "the text is no duration"},
        Case{"BadTimestamp", when("event.time > timestamp('2026-13-01T00:00:00Z')"),
             "the text is no time"},
        Case{"DateAlone",
             "pack: p\nrules:\n  - {rule: p.r, on: permit.changes, when: "
             "\"timestamp(data.validUntil) < event.time\"}\n",
             "p.yaml:3:44: data.validUntil may be a date alone"},
        Case{"FactAge",
             "pack: p\nfacts: {load: {on: elevator.telemetry, when: \"true\"}}\nrules:\n"
             "  - {rule: p.r, on: elevator.telemetry, when: load.age > 60}\n",
             "p.yaml:4:56: '>' does not fit"},
        Case{
            "FactValue",
            "pack: p\nfacts: {load: {on: elevator.telemetry, when: \"true\", value: data.loadKg}}\n"
            "rules:\n  - {rule: p.r, on: elevator.telemetry, when: load.value - 100 > 0}\n",
            "p.yaml:4:58: '-' does not fit double and int"},
        Case{"DueNoTime", rule(kWhen + "    missing: true\n    due: data.mode\n"),
             "p.yaml:7:15: expected a timestamp, not string"},
        Case{"PriorityNoText", rule(kWhen + "    priority: data.floor\n"),
             "p.yaml:6:20: expected a string, not double"},
        Case{"OwnType",
             "pack: p\nfields: {elevator.telemetry: {wind: number}}\nrules:\n"
             "  - {rule: p.r, on: elevator.telemetry, when: data.wind == 'strong'}\n",
             "p.yaml:4:57: double and string are never equal"},
        Case{"FoldedLines", rule("    when: data.occupied &&\n      data.floor == '1'\n"),
             "p.yaml:6:18: double and string"},
        Case{"TooMuch", when("data.floor in [" + std::string(4200 * 2, '1') + "]"), "p.yaml:5:"}),
    [](const auto& one) { return one.param.name; });

TEST(StrictPack, WhatFitsIsTaken) {
  for (const char* good :
       {"data.loadKg + 1.0 > 300", "data.loadKg * 2.0 > 1500.0", "int(data.floor) % 2 == 0",
        "data.floor == 12", "data.faultCode == null", "data.mode in ['fault', 'fire']",
        "data.speedMps in [1.0, 2.0]", "size(data.mode) > 1", "dyn(data.floor) == '12'",
        "event.time.getHours('Asia/Shanghai') >= 22", "event.time.getDayOfWeek('+08:00') == 0",
        "data.mode.matches('^f.*')", "['normal', 'fault'][1] == data.mode", "!has(data.faultCode)",
        "['a', 'b'].exists(x, data.mode.startsWith(x))"})
    EXPECT_EQ(problems_of(when(good)), "") << good;
  EXPECT_EQ(problems_of("pack: p\nfields: {elevator.telemetry: [wind, {}]}\n").find("p.yaml:2:37"),
            0u);
  EXPECT_EQ(problems_of("pack: p\nfields: {elevator.telemetry: [wind]}\nrules:\n"
                        "  - {rule: p.r, on: elevator.telemetry, when: data.wind == 'strong'}\n"),
            "")
      << "a field without a type is of any";
  EXPECT_EQ(problems_of("pack: p\nrules:\n  - {rule: p.r, on: permit.changes, when: "
                        "\"data.validUntil.contains('T') && timestamp(data.validUntil) < "
                        "event.time\"}\n"),
            "");
}

TEST(StrictPack, OneNameInTwoPacksIsAProblemWithBothPlaces) {
  const std::string fact = "facts:\n  last: {on: elevator.telemetry, when: data.floor > 0.0}\n";
  EXPECT_EQ(problems_of({{"a.yaml", "pack: a\n" + fact}, {"b.yaml", "pack: b\n" + fact}}),
            "b.yaml:3:3: fact 'last' is also at a.yaml:3:3; expected one of each name\n");
  const std::string one = "rules:\n  - {rule: r, on: elevator.telemetry, when: data.occupied}\n";
  EXPECT_EQ(problems_of({{"a.yaml", "pack: a\n" + one}, {"b.yaml", "pack: b\n" + one}}),
            "b.yaml:3:5: rule 'r' is also at a.yaml:3:5; expected one of each name\n");
  EXPECT_NE(problems_of({{"a.yaml", "pack: a\n"}, {"b.yaml", "pack: a\n"}})
                .find("b.yaml:1:1: a pack of the name 'a' is also at a.yaml:1:1"),
            std::string::npos);
}

TEST(StrictPack, AllOfAPackIsToldAtOnceInItsOrder) {
  const std::string found = problems_of(
      "pack: p\nfacts: []\nrules:\n"
      "  - {rule: p.a, on: elevator.telemetry, when: data.floor == '1', decide: arrival}\n"
      "  - {rule: p.b, on: elevator.telemetri, when: data.floor == '1'}\n"
      "  - {rule: p.c, on: elevator.telemetry, when: data.flor == 1, fro: 60s}\n");
  std::vector<std::string> places;
  std::size_t at = 0;
  while (at < found.size()) {
    const std::size_t end = found.find(": ", at);
    places.push_back(found.substr(at, end - at));
    at = found.find('\n', at) + 1;
  }
  EXPECT_EQ(places, (std::vector<std::string>{"p.yaml:2:8", "p.yaml:4:58", "p.yaml:4:66",
                                              "p.yaml:5:21", "p.yaml:6:47", "p.yaml:6:63"}))
      << found;
}

TEST(StrictPack, BoundsHoldAtTheBound) {
  const auto of_rules = [](std::size_t count) {
    std::string text = "pack: p\nrules:\n";
    for (std::size_t i = 0; i < count; ++i)
      text += "  - {rule: p.r" + std::to_string(i) + ", on: camera.alerts, when: \"true\"}\n";
    return text;
  };
  EXPECT_EQ(problems_of(of_rules(rules::kMaxRules)), "");
  EXPECT_EQ(problems_of(of_rules(rules::kMaxRules + 1)),
            "p.yaml:3:3: 501 rules; expected at most 500\n");

  const auto list = [](std::size_t count, const std::string& element) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
      std::string one = element;
      const std::size_t at = one.find('#');
      if (at != one.npos) one.replace(at, 1, std::to_string(i));
      all += (i == 0 ? "" : ", ") + one;
    }
    return all;
  };
  const auto facts = [&](std::size_t count) {
    return "pack: p\nfacts: {" + list(count, "f#: {on: permit.changes, when: \"true\"}") + "}\n";
  };
  EXPECT_EQ(problems_of(facts(rules::kMaxFacts)), "");
  EXPECT_NE(problems_of(facts(rules::kMaxFacts + 1)).find("201 facts; expected at most 200"),
            std::string::npos);
  const auto fields = [&](std::size_t count) {
    return "pack: p\nfields: {camera.alerts: [" + list(count, "x#") + "]}\n";
  };
  EXPECT_EQ(problems_of(fields(rules::kMaxFields)), "");
  EXPECT_NE(problems_of(fields(rules::kMaxFields + 1)).find("201 fields; expected at most 200"),
            std::string::npos);
  const auto steps = [&](std::size_t count) {
    return rule("    when: data.occupied\n    within: 1m\n    sequence: [" +
                list(count, "data.doorZone") + "]\n");
  };
  EXPECT_EQ(problems_of(steps(rules::kMaxClauses)), "");
  EXPECT_NE(problems_of(steps(rules::kMaxClauses + 1)).find("51 clauses; expected at most 50"),
            std::string::npos);
  const auto reminders = [&](std::size_t count) {
    return rule("    when: data.occupied\n    missing: true\n    within: 9d\n    reminders: [" +
                list(count, "1m") + "]\n");
  };
  EXPECT_EQ(problems_of(reminders(rules::kMaxReminders)), "");
  EXPECT_NE(problems_of(reminders(rules::kMaxReminders + 1)).find("21 reminders; expected at most"),
            std::string::npos);
  const auto tests = [&](std::size_t count) {
    return rule("    when: data.occupied\n    tests: [" +
                list(count, "{given: [{at: +0s, data: {occupied: false}}], expect: []}") + "]\n");
  };
  EXPECT_EQ(problems_of(tests(rules::kMaxTests)), "");
  EXPECT_NE(problems_of(tests(rules::kMaxTests + 1)).find("1001 tests; expected at most 1000"),
            std::string::npos);
}

TEST(StrictPack, ASentenceHasBounds) {
  const auto sentence = [](const std::string& zh) {
    return problems_of(rule("    when: data.occupied\n    because: {zh: \"" + zh + "\", en: a}\n"));
  };
  EXPECT_EQ(sentence(std::string(600, 'x')), "");
  EXPECT_NE(sentence(std::string(601, 'x')).find("a sentence has at most 600 bytes"),
            std::string::npos);
  std::string values;
  for (int i = 0; i < 12; ++i) values += "{data.floor}";
  EXPECT_EQ(sentence(values), "");
  EXPECT_NE(sentence(values + "{data.floor}").find("a sentence has at most 12 values"),
            std::string::npos);
}

}  // namespace
