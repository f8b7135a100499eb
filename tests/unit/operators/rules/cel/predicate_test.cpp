// The shapes of predicates that rules are made of, which run as fused instructions: each operator
// against each kind of value, beside the plain instructions that must give the same.

#include "tests/unit/operators/rules/cel/harness.h"

namespace cel_test {
namespace {

using CelPredicate = Harness;

TEST_F(CelPredicate, StandsStillBetweenFloorsWithPeople) {
  const auto rule = "data.speed == 0.0 && !data.doorZone && data.occupied";
  set("data.speed", Slot::number(0));
  set("data.doorZone", Slot::boolean(false));
  set("data.occupied", Slot::boolean(true));
  EXPECT_EQ(says(rule), "true");
  set("data.doorZone", Slot::boolean(true));
  EXPECT_EQ(says(rule), "false");
  set("data.doorZone", Slot());
  EXPECT_EQ(says(rule), "line 1, column 23: no such field: data.doorZone");
  set("data.occupied", Slot::boolean(false));
  EXPECT_EQ(says(rule), "false");
}

TEST_F(CelPredicate, ModeInListAndDoorNotOpen) {
  const auto rule = "data.mode in ['normal','fault'] && data.door != 'open'";
  set("data.mode", Slot::text("fault"));
  set("data.door", Slot::text("closed"));
  EXPECT_EQ(says(rule), "true");
  set("data.mode", Slot::text("fault "));
  EXPECT_EQ(says(rule), "false");
  set("data.mode", Slot::text("normal"));
  set("data.door", Slot::text("open"));
  EXPECT_EQ(says(rule), "false");
}

TEST_F(CelPredicate, LabelAndConfidence) {
  environment.declare("data.label", 3).declare("data.confidence", 0);
  const auto rule = "data.label == 'e_bike' && data.confidence >= 0.8";
  set("data.label", Slot::text("e_bike"));
  set("data.confidence", Slot::number(0.8));
  EXPECT_EQ(says(rule), "true");
  set("data.confidence", Slot::number(0.79));
  EXPECT_EQ(says(rule), "false");
}

// `[x][0]` hides the variable, so that the comparison is not fused.
TEST_F(CelPredicate, FusedAndPlainAgree) {
  const Slot values[] = {Slot(),
                         Slot::null(),
                         Slot::boolean(true),
                         Slot::boolean(false),
                         Slot::integer(2),
                         Slot::integer(-1),
                         Slot::natural(2),
                         Slot::number(2),
                         Slot::number(2.5),
                         Slot::text("a"),
                         Slot::text(""),
                         Slot::view(Kind::bytes, "a"),
                         Slot::duration(2, 0),
                         Slot::raw(R"({"a":1})")};
  const char* constants[] = {
      "2", "2u", "2.0", "'a'", "true", "null", "b'a'", "duration('2s')", "{'a': 1}", "[2]"};
  int compared = 0;
  for (const Slot& value : values) {
    set("x", value);
    for (const std::string constant : constants) {
      for (const std::string sign : {"==", "!=", "<", "<=", ">", ">="}) {
        for (const std::string chain : {" && true", " || false", ""}) {
          const Slot fused = eval("x " + sign + " " + constant + chain);
          const Slot plain = eval("[x][0] " + sign + " " + constant + chain);
          const Slot turned = eval(constant + " " + sign + " x" + chain);
          const Slot turned_plain = eval(constant + " " + sign + " [x][0]" + chain);
          ASSERT_EQ(fused.kind, plain.kind) << sign << constant << chain;
          ASSERT_EQ(turned.kind, turned_plain.kind) << sign << constant << chain;
          ASSERT_EQ(fused.is(Kind::boolean) && fused.b, plain.is(Kind::boolean) && plain.b)
              << sign << constant << chain;
          ASSERT_EQ(turned.is(Kind::boolean) && turned.b,
                    turned_plain.is(Kind::boolean) && turned_plain.b)
              << sign << constant << chain;
          ++compared;
        }
      }
    }
    for (const std::string list : {"['a', 'b']", "[2, 'a']", "{'a': 1}", "[]"}) {
      const Slot fused = eval("x in " + list);
      const Slot plain = eval("[x][0] in " + list);
      ASSERT_EQ(fused.kind, plain.kind) << list;
      ASSERT_EQ(fused.is(Kind::boolean) && fused.b, plain.is(Kind::boolean) && plain.b) << list;
    }
  }
  EXPECT_EQ(compared, 14 * 10 * 6 * 3);
}

}  // namespace
}  // namespace cel_test
