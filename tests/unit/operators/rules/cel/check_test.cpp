// What check says about expressions that parse.

#include "tests/unit/operators/rules/cel/harness.h"

namespace cel_test {
namespace {

using CelCheck = Harness;
using Sentences = std::vector<std::string>;

TEST_F(CelCheck, HasNothingAgainstGoodRules) {
  for (const char* source :
       {"data.mode in ['normal', 'fault'] && data.occupied && data.speed == 0.0",
        "data.floor == 12 && data.floor + 1.0 > 3", "x.y.z[3].w > 1 || x > 'a'",
        "event.time - timestamp('2026-03-01T00:00:00Z') < duration('30m')",
        "event.time.getHours('Asia/Shanghai') >= 22 ? data.doorZone : !data.doorZone",
        "[1, 2].exists(n, n == data.floor)", "has(data.mode) && data.mode.matches('^n')",
        "type(x) == int && data.mode != null"}) {
    EXPECT_EQ(problems(source), Sentences{}) << source;
  }
}

TEST_F(CelCheck, SuggestsTheNearestName) {
  EXPECT_EQ(problems("data.mod == 'fault'"),
            Sentences{"line 1, column 1: unknown name: data.mod; did you mean data.mode?"});
  EXPECT_EQ(problems("true &&\n data.colour == 'red'"),
            Sentences{"line 2, column 2: unknown name: data.colour"});
  EXPECT_EQ(problems("data.mode.startWith('a')"),
            Sentences{"line 1, column 11: unknown function: startWith(); "
                      "did you mean startsWith()?"});
}

TEST_F(CelCheck, KnowsHowFunctionsAreCalled) {
  EXPECT_EQ(problems("startsWith(data.mode, 'a')"),
            Sentences{"line 1, column 1: startsWith() is called as value.startsWith(…)"});
  EXPECT_EQ(problems("data.mode.int() > 1"),
            Sentences{"line 1, column 11: int() is called as int(value)"});
  EXPECT_EQ(problems("data.mode.contains()"),
            Sentences{"line 1, column 11: contains() takes 1 argument, not 0"});
  EXPECT_EQ(problems("event.time.getHours('a', 'b') > 1"),
            Sentences{"line 1, column 12: getHours() takes 0 to 1 arguments, not 2"});
  EXPECT_EQ(problems("[1].all(true)"),
            Sentences{"line 1, column 5: all() is called as list.all(element, …)"});
}

TEST_F(CelCheck, SeesTypesThatCanNotFit) {
  EXPECT_EQ(problems("data.floor + 1 > 2.0"),
            Sentences{"line 1, column 12: '+' does not fit double and int: a number of an event is "
                      "a double; write 1.0"});
  EXPECT_EQ(problems("data.mode > 5"),
            Sentences{"line 1, column 11: '>' does not fit string and int"});
  EXPECT_EQ(problems("data.speed == 'fast'"),
            Sentences{"line 1, column 12: double and string are never equal; expected values of "
                      "one type beside '=='"});
  EXPECT_EQ(problems("data.occupied && data.speed"),
            Sentences{"line 1, column 23: expected a bool beside '&&', not double"});
  EXPECT_EQ(problems("data.speed ? 1 : 2"),
            Sentences{"line 1, column 6: expected a bool before '?', not double"});
  EXPECT_EQ(problems("data.speed.all(n, n > 1)"),
            Sentences{"line 1, column 12: all() walks a list or a map, not double"});
}

TEST_F(CelCheck, EvaluatesLiterals) {
  EXPECT_EQ(problems("event.time < timestamp('2026-03-01')"),
            Sentences{"line 1, column 14: the text is no time; expected one like "
                      "'2026-03-01T08:00:00Z'"});
  EXPECT_EQ(problems("duration('30 min') == duration('30m')"),
            Sentences{"line 1, column 1: the text is no duration in range; expected one like "
                      "'1h30m'"});
  EXPECT_EQ(problems("data.mode.matches('(')"),
            Sentences{"line 1, column 19: no regular expression: missing ): ("});
  EXPECT_EQ(problems("1 / 0 > 2"), Sentences{"line 1, column 3: division by zero"});
}

TEST_F(CelCheck, TellsAllProblemsInTheOrderOfTheText) {
  EXPECT_EQ(problems("data.mode > 5 && nobody && duration('x') > duration('1s')").size(), 3U);
  EXPECT_EQ(problems("1 +"), Sentences{"line 1, column 4: unexpected end of the expression; "
                                       "expected a value"});
}

}  // namespace
}  // namespace cel_test
