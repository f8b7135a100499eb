// What the parser refuses: where, and in which words.

#include "tests/unit/operators/rules/cel/harness.h"

namespace cel_test {
namespace {

using CelParser = Harness;

struct Refused {
  std::string_view source;
  std::string_view sentence;
};

TEST_F(CelParser, SaysWhereAndWhatWasExpected) {
  const Refused cases[] = {
      {"", "line 1, column 1: unexpected end of the expression; expected a value"},
      {"1 +", "line 1, column 4: unexpected end of the expression; expected a value"},
      {"a = 1", "line 1, column 3: '=' is not an operator; equality is '=='"},
      {"a & b", "line 1, column 3: '&' is not an operator; expected '&&'"},
      {"(1",
       "line 1, column 3: unexpected end of the expression; expected ')' to close the bracket"},
      {"1 2", "line 1, column 3: unexpected '2'; expected an operator or the end"},
      {"[1, 2",
       "line 1, column 6: unexpected end of the expression; expected ',' or ']' after the list"},
      {"{1 2}", "line 1, column 4: unexpected '2'; expected ':' and the value of the key"},
      {"x ? 1",
       "line 1, column 6: unexpected end of the expression; expected ':' and what holds otherwise"},
      {"true &&\n  'open", "line 2, column 3: the string does not end; expected '"},
      {"'火' + '\\q'", "line 1, column 8: no such escape; a backslash itself is '\\\\'"},
      {"'\\u12'", "line 1, column 2: the escape is too short; expected 4 hexadecimal digits"},
      {"'\\ud800'", "line 1, column 2: no Unicode character has this number"},
      {"9223372036854775808", "line 1, column 1: the int is out of range; ints have 64 bits"},
      {"1e999", "line 1, column 1: the double is too large"},
      {"12abc", "line 1, column 3: unexpected 'a' after a number"},
      {"while + 1", "line 1, column 1: 'while' is reserved; expected a value"},
      {"a.in", "line 1, column 3: unexpected 'in'; expected a field or function after '.'"},
      {"has(x)", "line 1, column 1: has() asks for one field; expected has(a.b)"},
      {"x.all(1, true)", "line 1, column 7: expected a name for the element, as in list.all(e, …)"},
      {"x{a: 1}",
       "line 1, column 2: there are no message types here; expected an operator or the end"},
      {"\xff", "line 1, column 1: a character that may only stand in a string"},
  };
  for (const Refused& refused : cases) {
    EXPECT_EQ(says(refused.source), refused.sentence) << refused.source;
  }
}

TEST_F(CelParser, BoundsNestingInsteadOfCrashing) {
  const std::string deep(100'000, '(');
  EXPECT_NE(says(deep.substr(0, 60'000)).find("nested too deeply"), std::string::npos);
  EXPECT_NE(says(deep).find("too long"), std::string::npos);
  EXPECT_NE(says(std::string(60'000, '!')).find("nested too deeply"), std::string::npos);
  std::string chain = "1";
  for (int i = 0; i < 1000; ++i) chain += " + 1";
  EXPECT_NE(says(chain).find("chained too long"), std::string::npos);
}

TEST_F(CelParser, TakesLongFlatChainsAndDeepEnoughNesting) {
  std::string chain = "true";
  for (int i = 0; i < 4000; ++i) chain += " && true";
  EXPECT_EQ(says(chain), "true");
  for (int i = 0; i < 1000; ++i) chain += " && true";
  EXPECT_NE(says(chain).find("says too much"), std::string::npos) << "a sentence at the bound";
  std::string names = "a";
  for (int i = 0; i < 5000; ++i) names += " && a";
  EXPECT_NE(says(names).find("says too much"), std::string::npos);
  EXPECT_EQ(says(std::string(64, '(') + "true" + std::string(64, ')')), "true");
}

TEST_F(CelParser, TakesCommentsTrailingCommasAndQuotedFields) {
  EXPECT_EQ(says("// first\n[1, 2,].size() == 2 // last"), "true");
  EXPECT_EQ(says("{'a-b': 1,}.`a-b` == 1"), "true");
}

TEST_F(CelParser, BindsAsTheLanguageSays) {
  EXPECT_EQ(says("1 + 2 * 3 == 7"), "true");
  EXPECT_EQ(says("10 - 3 - 2 == 5"), "true");
  EXPECT_EQ(says("true || false && false"), "true");
  EXPECT_EQ(says("false ? true : false ? false : true"), "true");
  EXPECT_EQ(says("-2 - -3 == 1"), "true");
}

}  // namespace
}  // namespace cel_test
