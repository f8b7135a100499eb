// Files that mean what they say: what YAML allows and a reader could take in two ways is a problem
// with line, column and what was expected; several are told at once, in the order of the text; each
// bound holds at the bound.

#include "operators/yaml/document.h"

#include <gtest/gtest.h>

#include <ostream>

#include "operators/yaml/json.h"
#include "operators/yaml/mapping.h"

namespace {

using yaml::Document;
using yaml::Mapping;
using yaml::Node;
using yaml::Problems;

/// Through a reader of {name, when, many: [], inner: {}, flag, number, time}; the sentences.
std::string problems_of(const std::string& text) {
  Problems problems{"f.yaml"};
  const Document document = Document::read(text, problems);
  if (document.root() != nullptr) {
    Mapping map{*document.root(), "the file", problems};
    (void)map.text("name");
    (void)map.text("when");
    (void)map.texts("many");
    map.members("inner", [](const Node&, const Node&) {});
    (void)map.flag("flag", false);
    (void)map.number("number", 2, 100);
    (void)map.decimal("decimal", -180, 180);
    (void)map.time("time");
  }
  return problems.all.empty() ? "" : yaml::refusal(problems.all).what + "\n";
}

struct Case {
  const char* name;
  std::string text;
  std::string wanted;  // the sentences, or how the first begins
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class YamlProblem : public testing::TestWithParam<Case> {};

TEST_P(YamlProblem, IsNamedWithPlaceAndWhatWasExpected) {
  const std::string found = problems_of(GetParam().text);
  EXPECT_TRUE(found.starts_with(GetParam().wanted)) << found;
}

std::string of_bytes(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) text += static_cast<char>(byte);
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Files, YamlProblem,
    testing::Values(
        Case{"Empty", "", "f.yaml:1:1: the file is empty; expected a mapping"},
        Case{"CommentsAlone", "# nothing\n", "f.yaml:1:1: the file is empty"},
        Case{"Null", "~\n", "f.yaml:1:1: the file must be a mapping of keys to values"},
        Case{"List", "- a\n",
             "f.yaml:1:1: the file must be a mapping of keys to values, not a list"},
        Case{"RepeatedKey", "name: a\nwhen: b\nname: c\n",
             "f.yaml:3:1: 'name' stands at line 1 already; expected each key once\n"},
        Case{"RepeatedInFlow", "inner: {x: 1, y: 2, x: 3}\n", "f.yaml:1:21: 'x' stands at line 1"},
        Case{"RepeatedQuoted", "inner: {x: 1, \"x\": 3}\n", "f.yaml:1:15: 'x' stands at line 1"},
        Case{"SecondDocument", "name: a\n---\nname: b\n", "f.yaml:2:1: another document begins"},
        Case{"SecondEmptyDocument", "name: a\n---\n", "f.yaml:"},
        Case{"Anchor", "inner: &x {a: 1}\n", "f.yaml:1:"},
        Case{"Alias", "name: &x a\nwhen: *x\n", "f.yaml:1:"},
        Case{"MergeKey", "inner: {<<: {a: 1}}\n", "f.yaml:1:9: merge keys (<<) are not read here"},
        Case{"Tag", "name: !!str 5\n", "f.yaml:1:"},
        Case{"OwnTag", "name: !secret x\n", "f.yaml:1:"},
        Case{"Directive", "%YAML 1.1\n---\nname: a\n", "f.yaml:1:1: directives"},
        Case{"KeyThatIsAList", "? [a]\n: b\n", "f.yaml:1:3: a key is text"},
        Case{"KeyThatIsNothing", ": b\n", "f.yaml:1:1: a key is text"},
        Case{"TabIndent", "inner:\n\ta: 1\n", "f.yaml:2:1: a tab; expected spaces"},
        Case{"TabInValue", "name: a\tb\n", "f.yaml:1:8: a tab; expected spaces"},
        Case{"ByteOrderMark", "\xef\xbb\xbfname: a\n", "f.yaml:1:1: a byte order mark; expected"},
        Case{"Utf16", of_bytes({0xff, 0xfe, 'n', 0}), "f.yaml:1:1: the file is in UTF-16"},
        Case{"NotUtf8", of_bytes({'n', 'a', 'm', 'e', ':', ' ', 0xff, '\n'}),
             "f.yaml:1:7: no UTF-8; expected the file in UTF-8"},
        Case{"Overlong", of_bytes({'n', 'a', 'm', 'e', ':', ' ', 0xc0, 0x80, '\n'}),
             "f.yaml:1:7: no UTF-8"},
        Case{"Nul", of_bytes({'n', 'a', 'm', 'e', ':', ' ', 'a', 0, 'b', '\n'}),
             "f.yaml:1:8: a NUL character"},
        Case{"Control",
             "name: a\x07"
             "b\n",
             "f.yaml:1:8: a control character"},
        Case{"EscapedControl", "name: \"a\\0b\"\n", "f.yaml:1:7: a control character in text"},
        Case{"RightToLeft",
             "name: a\xe2\x80\xae"
             "b\n",
             "f.yaml:1:8: a character that can't be seen"},
        Case{"Unclosed", "many: [a\n", "f.yaml:2:1: not YAML: "},
        Case{"UnknownKey", "nmae: a\n",
             "f.yaml:1:1: unknown key 'nmae' in the file; did you mean 'name'?"},
        Case{"FarKey", "qqqqqq: a\n", "f.yaml:1:1: unknown key 'qqqqqq' in the file; known are: "},
        Case{"ListForText", "name: [a]\n",
             "f.yaml:1:7: 'name' of the file: expected text, not a list\n"},
        Case{"NothingForText", "name:\nwhen: b\n",
             "f.yaml:1:1: 'name' of the file: expected text, not nothing\n"},
        Case{"TextForList", "many: a\n",
             "f.yaml:1:7: 'many' of the file: expected a list, not 'a'\n"},
        Case{"MapForList", "many: {a: b}\n",
             "f.yaml:1:7: 'many' of the file: expected a list, not a mapping\n"},
        Case{
            "ListForMap", "inner: [a]\n",
            "f.yaml:1:8: 'inner' of the file: expected a mapping of names to values, not a list\n"},
        Case{"NestedElement", "many: [a, [b]]\n", "f.yaml:1:11: expected text, not a list\n"},
        Case{"TwiceInList", "many: [a, b, a]\n", "f.yaml:1:14: 'a' stands twice in 'many'\n"},
        Case{"CapitalTrue", "flag: True\n",
             "f.yaml:1:7: 'flag' of the file: expected true or false, as YAML 1.2 writes them, not "
             "'True'\n"},
        Case{"Yes", "flag: yes\n", "f.yaml:1:7: 'flag' of the file: expected true or false"},
        Case{"QuotedTrue", "flag: \"true\"\n", "f.yaml:1:7: 'flag' of the file: expected true or"},
        Case{"One", "flag: 1\n", "f.yaml:1:7: 'flag' of the file: expected true or false"},
        Case{"Word", "number: three\n",
             "f.yaml:1:9: 'number' of the file: expected a whole number from 2 to 100, not "
             "'three'\n"},
        Case{"Fraction", "number: 2.5\n", "f.yaml:1:9: 'number' of the file: expected a whole"},
        Case{"TooSmall", "number: 1\n", "f.yaml:1:9: 'number' of the file: expected a whole"},
        Case{"TooLarge", "number: 101\n", "f.yaml:1:9: 'number' of the file: expected a whole"},
        Case{"Overflow", "number: 99999999999999999999\n", "f.yaml:1:9: 'number' of the file: exp"},
        Case{"Infinite", "decimal: inf\n", "f.yaml:1:10: 'decimal' of the file: expected a number"},
        Case{"NoTime", "time: soon\n",
             "f.yaml:1:7: 'time' of the file: expected a duration such as"},
        Case{"BareTime", "time: 60\n",
             "f.yaml:1:7: 'time' of the file: expected a duration such as"},
        Case{"ZeroTime", "time: 0s\n",
             "f.yaml:1:7: 'time' of the file: expected a duration such as"},
        Case{"LongTime", "time: 36526d\n", "f.yaml:1:7: 'time' of the file: expected a duration"},
        Case{"EndlessTime", "time: 1000000000d1000000000d1000000000d1000000000d\n", "f.yaml:1:7: "},
        Case{"ChineseColumns", "name: 电梯困人, en: b\n", "f.yaml:1:"},
        Case{"AllAtOnceInOrder", "many: a\nname: [b]\nflag: no\nnmae: c\n",
             "f.yaml:1:7: 'many' of the file: expected a list, not 'a'\n"
             "f.yaml:2:7: 'name' of the file: expected text, not a list\n"
             "f.yaml:3:7: 'flag' of the file: expected true or false, as YAML 1.2 writes them, not "
             "'no'\n"
             "f.yaml:4:1: unknown key 'nmae' in the file; did you mean 'name'?\n"}),
    [](const auto& one) { return one.param.name; });

TEST(Yaml, WhatIsMeantIsRead) {
  EXPECT_EQ(
      problems_of("# 注释\n---\nname: 5\nwhen: \"a: b # c\"\nmany: [a, 'b']\ninner: {x: [1]}\n"
                  "flag: true\nnumber: 2\ndecimal: -180\ntime: 1h30m\n...\n"),
      "");
  EXPECT_EQ(problems_of("name: a\r\nflag: false\r\n"), "");
  EXPECT_EQ(problems_of("name: a\t# aligned\n").find("f.yaml:1:8: a tab"), 0u);
  EXPECT_EQ(problems_of("name: a  # a\ttab in a comment\n"), "");
}

TEST(Yaml, BoundsHoldAtTheBound) {
  const auto of_size = [](std::size_t size) {
    std::string text = "name: a\n";
    while (text.size() + 100 < size) text += "#" + std::string(98, '.') + "\n";
    return text + "#" + std::string(size - text.size() - 2, '.') + "\n";
  };
  EXPECT_EQ(problems_of(of_size(yaml::kMaxFileBytes)), "");
  EXPECT_NE(problems_of(of_size(yaml::kMaxFileBytes + 1)).find("f.yaml:1:1: a file of"),
            std::string::npos);

  const auto of_depth = [](int depth) {
    return "inner: {x: " + std::string(static_cast<std::size_t>(depth - 2), '[') + "a" +
           std::string(static_cast<std::size_t>(depth - 2), ']') + "}\n";
  };
  EXPECT_EQ(problems_of(of_depth(yaml::kMaxDepth)), "");
  EXPECT_NE(problems_of(of_depth(yaml::kMaxDepth + 1)).find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(problems_of("many: " + std::string(100'000, '[')).find("nested too deeply"),
            std::string::npos);

  const auto of_text = [](std::size_t size) { return "name: " + std::string(size, 'x') + "\n"; };
  EXPECT_EQ(problems_of(of_text(yaml::kMaxTextBytes)), "");
  EXPECT_NE(problems_of(of_text(yaml::kMaxTextBytes + 1)).find("expected at most 16384"),
            std::string::npos);

  const auto of_nodes = [](std::size_t nodes) {
    std::string text = "inner: {x: [";
    for (std::size_t i = 5; i < nodes; ++i) text += "1,";
    return text + "]}\n";
  };
  EXPECT_EQ(problems_of(of_nodes(yaml::kMaxNodes)), "");
  EXPECT_NE(problems_of(of_nodes(yaml::kMaxNodes + 1)).find("the file says too much"),
            std::string::npos);
}

/// The place of a byte of the text under `when`.
std::string place_in_when(const std::string& text, const std::string& of) {
  Problems problems{"f.yaml"};
  const Document document = Document::read(text, problems);
  EXPECT_TRUE(problems.all.empty()) << text;
  if (document.root() == nullptr) return "nothing";
  const Node& node = *document.root()->find("when");
  const yaml::Place place = node.origin().at(node.text, node.text.find(of));
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

TEST(Yaml, APartOfATextHasItsPlace) {
  EXPECT_EQ(place_in_when("when: a && X\n", "X"), "1:12");
  EXPECT_EQ(place_in_when("when: \"'困' + X\"\n", "X"), "1:14") << "quotes";
  EXPECT_EQ(place_in_when("when: \"a && X\"\n", "X"), "1:13");
  EXPECT_EQ(place_in_when("when: \"a == \\\"b\\\" && X\"\n", "X"), "1:22") << "escapes";
  EXPECT_EQ(place_in_when("when: 'a == ''b'' && X'\n", "X"), "1:22");
  EXPECT_EQ(place_in_when("when: a &&\n  b && X\n", "X"), "2:8") << "folded";
  EXPECT_EQ(place_in_when("when: >\n  a &&\n  b && X\n", "X"), "3:8");
  EXPECT_EQ(place_in_when("when: |\n  a &&\n    X\n", "X"), "3:5");
  EXPECT_EQ(place_in_when("when: \"a &&\n\n   X\"\n", "X"), "3:4");
}

std::string json_of(const std::string& value) {
  Problems problems{"f.yaml"};
  const Document document = Document::read("data: " + value + "\n", problems);
  std::string json = yaml::to_json(*document.root()->find("data"), problems);
  return problems.all.empty() ? json : problems.all.front().sentence();
}

TEST(Yaml, DataIsJsonOrAProblem) {
  EXPECT_EQ(json_of("{a: 1, b: -0.5, c: 1e3, d: true, e: null, f: ~, g: x, h: '5', i: [1, a]}"),
            R"({"a":1,"b":-0.5,"c":1000,"d":true,"e":null,"f":null,"g":"x","h":"5","i":[1,"a"]})");
  EXPECT_EQ(json_of("2026-01-01"), "\"2026-01-01\"");
  EXPECT_EQ(json_of("cam-1"), "\"cam-1\"");
  for (const char* word : {"True", "yes", "No", "on", "OFF", "FALSE", ".inf", "-.INF", ".NaN"})
    EXPECT_NE(json_of(word).find("f.yaml:1:7: "), std::string::npos) << word;
  for (const char* number : {"007", "+5", "0x1F", "1_000", ".5", "5.", "0o17", "1e999"})
    EXPECT_NE(json_of(number).find("f.yaml:1:7: "), std::string::npos) << number;
}

}  // namespace
