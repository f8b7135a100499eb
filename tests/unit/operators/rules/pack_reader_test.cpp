#include "operators/rules/pack_reader.h"

#include <gtest/gtest.h>

#include <ostream>

#include "operators/rules/rulebook.h"

namespace {

/// All problems of a pack's text, one sentence a line.
std::string problems_of(const std::string& text) {
  std::vector<rules::Problem> problems;
  const rules::Pack pack = rules::read_pack(text, "p.yaml", problems);
  if (problems.empty()) (void)rules::Rulebook::compile({pack}, nullptr, problems);
  std::string all;
  for (const rules::Problem& problem : problems) all += problem.sentence() + "\n";
  return all;
}

std::string rule(const std::string& lines) {
  return "pack: p\nrules:\n  - rule: r\n    on: elevator.telemetry\n" + lines;
}

struct Case {
  const char* name;
  std::string text;
  const char* wanted;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.wanted; }

class PackProblem : public testing::TestWithParam<Case> {};

TEST_P(PackProblem, NamesFileLineColumnAndWhatWasExpected) {
  EXPECT_NE(problems_of(GetParam().text).find(GetParam().wanted), std::string::npos)
      << problems_of(GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Packs, PackProblem,
    testing::Values(
        Case{"NotYaml", "pack: [", "p.yaml:1:"},
        Case{"NoName", "rules: []\n", "the pack needs 'pack'"},
        Case{"UnknownKey", rule("    when: data.occupied\n    fro: 60s\n"),
             "p.yaml:6:5: unknown key 'fro' in a rule; did you mean 'for'?"},
        Case{"UnknownTopic",
             "pack: p\nrules:\n  - rule: r\n    on: elevator.telemetri\n    when: "
             "data.occupied\n",
             "p.yaml:4:9: no such topic 'elevator.telemetri'; did you mean 'elevator.telemetry'?"},
        Case{"UnknownField", rule("    when: data.ocupied\n"), "p.yaml:5:11: "},
        Case{"UnknownFieldMeant", rule("    when: data.ocupied\n"), "did you mean"},
        Case{"BadExpression", rule("    when: data.occupied &&\n"), "p.yaml:5:"},
        Case{"BadDuration", rule("    when: data.occupied\n    for: soon\n"),
             "p.yaml:6:10: 'for' of a rule: expected a duration such as 60s"},
        Case{"TwoKinds",
             rule("    when: data.occupied\n    for: 60s\n    count: 3\n    within: 1m\n"),
             "a rule is of one kind"},
        Case{"CountWithoutWithin", rule("    when: data.occupied\n    count: 3\n"),
             "needs 'within'"},
        Case{"BadConsequence", rule("    when: data.occupied\n    consequence: grave\n"),
             "p.yaml:6:18: 'consequence' of a rule: expected one of life, safety, order, record"},
        Case{"UnknownFact", rule("    when: data.occupied\n    cite: {ghost: \"true\"}\n"),
             "names no fact"},
        Case{"SentenceOfOneLanguage", rule("    when: data.occupied\n    because: {zh: 有人}\n"),
             "p.yaml:6:14: a sentence needs 'en'"},
        Case{"SentenceUnknownField",
             rule("    when: data.occupied\n    because:\n      zh: \"停在{data.flor}层\"\n"
                  "      en: a\n"),
             "p.yaml:7:15: "},
        Case{"SentencePersonal",
             "pack: p\nrules:\n  - rule: r\n    on: hotline.complaints\n    when: data.kind == "
             "'help'\n    because: {zh: '来电人{data.complainant}', en: a}\n",
             "p.yaml:6:24: 'data.complainant' is personal"},
        Case{"SentencePersonalInACall",
             "pack: p\nrules:\n  - rule: r\n    on: hotline.complaints\n    when: data.kind == "
             "'help'\n    because: {zh: '{size(data.text)}', en: a}\n",
             "p.yaml:6:21: 'data.text' is personal"},
        Case{"SentencePersonalFact",
             "pack: p\nfacts:\n  said: {on: hotline.complaints, when: 'true', value: data.text}\n"
             "rules:\n  - rule: r\n    on: elevator.telemetry\n    when: data.occupied\n    "
             "because: {zh: '{said.value}', en: a}\n",
             "p.yaml:8:21: 'said.value' is personal"},
        Case{"SentenceOpenBrace",
             rule("    when: data.occupied\n    because: {zh: '停在{data.floor层', en: a}\n"),
             "p.yaml:6:22: '{' has no '}' behind it"},
        Case{"SentenceClosedBrace",
             rule("    when: data.occupied\n    because: {zh: '停}', en: a}\n"),
             "'}' has no '{' before it"},
        Case{"SentenceEmptyBraces",
             rule("    when: data.occupied\n    because: {zh: '停{ }', en: a}\n"),
             "an expression is expected between { and }"},
        Case{"SentenceOfAnotherKind",
             rule("    when: data.occupied\n    because: {zh: '已{held}', en: a}\n"),
             "p.yaml:6:22: "},
        Case{"WordsOfNoField",
             "pack: p\nwords: {faultcode: {brake: {zh: a, en: b}}}\nrules: []\n",
             "p.yaml:2:9: no topic has a field 'faultcode'; did you mean 'faultCode'?"},
        Case{"RemindersOfSilence",
             rule("    when: data.occupied\n    missing: true\n    silence: true\n    within: "
                  "5m\n    reminders: [1m]\n"),
             "p.yaml:9:16: 'reminders' are of a due date; silence has none"},
        Case{"TwiceTheSame",
             rule("    when: data.occupied\n") +
                 "  - rule: r\n    on: camera.alerts\n    when: data.label == 'x'\n",
             "stands at line 3 already"}),
    [](const auto& one) { return one.param.name; });

TEST(PackReader, AGoodPackHasNoProblems) {
  EXPECT_EQ(problems_of(rule("    when: data.occupied && data.speedMps == 0.0\n    for: 60s\n")),
            "");
}

TEST(PackReader, WordingKeepsTheMeaningOfARule) {
  const auto semantics_of = [](const std::string& lines) {
    std::vector<rules::Problem> problems;
    const rules::Pack pack = rules::read_pack(rule(lines), "p", problems);
    return rules::semantics(pack, pack.rules.at(0));
  };
  const std::string plain = "    when: data.occupied\n    for: 60s\n";
  EXPECT_EQ(semantics_of(plain), semantics_of("    because: {zh: 有人, en: occupied}\n" + plain));
  EXPECT_EQ(semantics_of(plain), semantics_of("    title: other\n    consequence: life\n" + plain));
  EXPECT_NE(semantics_of(plain), semantics_of("    when: data.occupied\n    for: 61s\n"));
  EXPECT_NE(semantics_of(plain), semantics_of("    when: data.alarmButton\n    for: 60s\n"));
}

}  // namespace
