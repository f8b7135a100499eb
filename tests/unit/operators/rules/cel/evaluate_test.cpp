// What evaluation answers: fields and their absence, errors and who absorbs them, the arena's
// bound, raw fields, macros.

#include <limits>

#include "tests/unit/operators/rules/cel/harness.h"

namespace cel_test {
namespace {

using CelEvaluate = Harness;

TEST_F(CelEvaluate, AnAbsentFieldIsAnErrorButHasTells) {
  EXPECT_EQ(says("data.speed == 0.0"), "line 1, column 1: no such field: data.speed");
  EXPECT_EQ(says("has(data.speed)"), "false");
  EXPECT_EQ(says("has(data.speed) && data.speed > 1.0"), "false");
  set("data.speed", Slot::number(2));
  EXPECT_EQ(says("has(data.speed) && data.speed > 1.0"), "true");
  set("data.speed", Slot::null());
  EXPECT_EQ(says("has(data.speed)"), "false") << "null is as absent";
}

TEST_F(CelEvaluate, ChainsAbsorbErrorsFromBothSides) {
  EXPECT_EQ(says("data.occupied || true"), "true");
  EXPECT_EQ(says("true || data.occupied"), "true");
  EXPECT_EQ(says("data.occupied && false"), "false");
  EXPECT_EQ(says("1 / 0 > 0 && data.mode == 'a' && false"), "false");
  EXPECT_EQ(says("true && data.mode == 'a' && 1 / 0 > 0"),
            "line 1, column 9: no such field: data.mode");
  EXPECT_EQ(says("data.occupied || false"), "line 1, column 1: no such field: data.occupied");
  EXPECT_EQ(says("7 || false"), "line 1, column 1: '||' joins bools only");
}

TEST_F(CelEvaluate, ComparesNumbersAcrossTypesByValue) {
  set("data.floor", Slot::number(12));
  EXPECT_EQ(says("data.floor == 12"), "true");
  EXPECT_EQ(says("12u == data.floor"), "true");
  EXPECT_EQ(says("13 > data.floor && data.floor >= 12"), "true");
  EXPECT_EQ(says("data.floor in [11, 12, 13]"), "true");
  EXPECT_EQ(says("{12: true}[data.floor]"), "true");
  set("x", Slot::integer(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(says("x == 9223372036854775806"), "false");
  EXPECT_EQ(says("x == 9223372036854775807"), "true");
  set("x", Slot::number(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(says("x == x || x < 1 || x >= 1 || x in {1: 2}"), "false");
  EXPECT_EQ(says("x != x"), "true");
}

TEST_F(CelEvaluate, SaysWhichOperationDoesNotFit) {
  set("data.floor", Slot::number(12));
  set("data.mode", Slot::text("up"));
  EXPECT_EQ(says("data.floor + 1 > 2"),
            "line 1, column 12: '+' does not fit the types it is given");
  EXPECT_EQ(says("data.mode > 5"), "line 1, column 11: '>' does not fit the type of data.mode");
  EXPECT_EQ(says("data.mode && true"), "line 1, column 6: data.mode is no bool");
  EXPECT_EQ(says("!data.mode"), "line 1, column 1: '!' does not fit the type of data.mode");
  EXPECT_EQ(says("data.mode == 5"), "false");
}

TEST_F(CelEvaluate, TakesTheLongestDeclaredPath) {
  auto* entries = arena.array<cel::Entry>(1);
  entries[0] = {Slot::text("z"), Slot::boolean(true)};
  set("x.y", cel::map_of({entries, 1}));
  set("x", Slot::integer(5));
  EXPECT_EQ(says("x.y.z && x == 5"), "true");
  EXPECT_EQ(says("has(x.y.z) && !has(x.y.w)"), "true");
  EXPECT_EQ(says("x.y.w"), "line 1, column 5: no such field: w");
  EXPECT_EQ(says("[1].all(x, x == 1) && x == 5"), "true");
  EXPECT_EQ(says("[1].all(x, .x == 5)"), "true");
}

TEST_F(CelEvaluate, ListsWhatAProgramReads) {
  eval("data.mode == 'a' && (x > 1 || data.speed < 2.0) && data.mode != 'b' && has(data.door)");
  std::vector<std::string> paths;
  for (const cel::Use& use : program->variables()) paths.push_back(use.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"data.speed", "data.mode", "data.door", "x"}));
}

TEST_F(CelEvaluate, ReadsRawFieldsThroughTheHook) {
  EXPECT_EQ(says("has(data.payload)"), "false");
  set("data.payload", Slot::raw(R"({"a":1})"));
  EXPECT_EQ(says("data.payload.a == 1 && has(data.payload.a) && !has(data.payload.b)"), "true");
  EXPECT_EQ(says("data.payload == {'a': 1}"), "true");
  EXPECT_EQ(says("size(data.payload) == 1 && data.payload.exists(k, k == 'a')"), "true");
  set("data.payload", Slot::raw("[]"));
  EXPECT_EQ(says("data.payload.a == 1"), "line 1, column 1: not the JSON that this reader knows");
  environment = cel::Declarations();
  environment.declare("data.payload", 6);
  EXPECT_EQ(says("data.payload == 1"), "line 1, column 1: nobody reads the JSON of this field");
}

TEST_F(CelEvaluate, NeedsNoMemoryForScalars) {
  set("data.mode", Slot::text("fault"));
  set("data.speed", Slot::number(0));
  EXPECT_EQ(
      says("data.mode in ['normal', 'fault'] && data.speed * 3.6 < duration('1s').getSeconds()"
           " + 0 ? data.mode.matches('^f') && data.mode.size() == 5 : false"),
      "true");
  EXPECT_EQ(arena.used_bytes(), 0U);
}

TEST_F(CelEvaluate, StopsAtTheArenasBound) {
  arena = cel::Arena(1000);
  set("data.mode", Slot::text(std::string_view("0123456789")));
  EXPECT_EQ(says("(data.mode + data.mode).size() == 20"), "true");
  std::string source = "[data.mode]";
  for (int i = 0; i < 10; ++i) source += ".map(t, t + t)";
  EXPECT_EQ(says(source + ".size() == 1").substr(0, 8), "line 1, ");
  EXPECT_NE(told.find("more memory than its arena's limit"), std::string::npos);
  EXPECT_LE(arena.used_bytes(), 1000U);
  arena.reset();
  EXPECT_EQ(arena.used_bytes(), 0U);
  EXPECT_EQ(says("(data.mode + data.mode).size() == 20"), "true");
}

TEST_F(CelEvaluate, StopsAfterTooManySteps) {
  std::string source = "true";
  for (char name = 'a'; name < 'h'; ++name) {
    source = std::string("x.all(") + name + ", " + source + ")";
  }
  const std::vector<Slot> ten(10, Slot::integer(1));
  set("x", cel::list_of(ten));
  EXPECT_EQ(says("x.all(a, x.all(b, x.all(c, true)))"), "true");
  EXPECT_NE(says(source).find("more steps than allowed"), std::string::npos) << told;
}

TEST_F(CelEvaluate, MacrosWalkListsAndMapsInKeyOrder) {
  EXPECT_EQ(says("{'b': 1, 'a': 2}.map(k, k) == ['a', 'b']"), "true");
  EXPECT_EQ(says("[1, 2, 3].map(n, n > 1, n * 10) == [20, 30]"), "true");
  EXPECT_EQ(says("[1, 2, 3].filter(n, n != 2) == [1, 3]"), "true");
  EXPECT_EQ(says("[[1, 2], [3]].map(l, l.map(n, n + size(l))) == [[3, 4], [4]]"), "true");
  EXPECT_EQ(says("[1, 0].exists(n, 1 / n == 1) && ![1, 0].all(n, 1 / n == 0)"), "true");
  EXPECT_EQ(says("[0, 2].exists(n, 1 / n == 1)"), "line 1, column 20: division by zero");
  EXPECT_EQ(says("[0, 1].exists_one(n, 1 / n == 1)"), "line 1, column 24: division by zero");
  EXPECT_EQ(says("[0, 1].filter(n, 1 / n == 1) == []"), "line 1, column 20: division by zero");
  EXPECT_EQ(says("5.all(n, true)"), "line 1, column 3: all() walks a list or a map");
  EXPECT_EQ(says("[1].all(n, n)"), "line 1, column 5: the macro's predicate is no bool");
}

TEST_F(CelEvaluate, RefusesBadMaps) {
  EXPECT_EQ(says("{1: 'a', 1u: 'b'} == {}"), "line 1, column 1: a map's key appears twice");
  EXPECT_EQ(says("{1.5: 'a'} == {}"),
            "line 1, column 1: a map's key is neither bool, int, uint nor string");
  EXPECT_EQ(says("{'a': 1}['b'] == 1"), "line 1, column 9: no such key");
}

TEST_F(CelEvaluate, KeepsAnErrorThatAVariableHolds) {
  set("x", cel::fault("the fact has no value yet", 3));
  EXPECT_EQ(eval("x + 1").chars, std::string("the fact has no value yet"));
  EXPECT_EQ(says("x == 1 || true"), "true");
}

}  // namespace
}  // namespace cel_test
