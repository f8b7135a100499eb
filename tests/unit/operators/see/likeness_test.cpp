// How alike two texts are: what says the same in nearly the same words is, what only shares a
// subject is not, and it is the same wherever it is computed.

#include "operators/see/likeness.h"

#include <gtest/gtest.h>

#include "operators/see/alike.h"

namespace {

using see::percent_alike;
using see::sketch_of;

int alike(std::string_view a, std::string_view b) {
  return percent_alike(sketch_of(a), sketch_of(b));
}

TEST(Likeness, OfTheSameWordsIsWhole) {
  EXPECT_EQ(alike("水果摊把货摆到人行道上，走不过去", "水果摊把货摆到人行道上。走不过去！"), 100);
  EXPECT_EQ(alike("ＡＢＣ１２３", "ABC 123"), 100) << "full-width forms are the same characters";
}

TEST(Likeness, IsRoughlyTheShareOfPairs) {
  // Of 21 pairs that either uses both use 12.
  EXPECT_NEAR(alike("水果摊把货摆到人行道上走不过去", "水果摊把货摆到人行道上怎么没人管"), 57, 18);
  EXPECT_LT(alike("水果摊把货摆到人行道上走不过去", "电梯关门的时候一直有异响"), 10);
  EXPECT_LT(alike("餐厅后厨有老鼠，看着恶心", "餐厅油烟味道太大，受不了"), 25);
}

TEST(Likeness, OfTooFewWordsIsNone) {
  EXPECT_EQ(sketch_of("占道"), "");
  EXPECT_EQ(sketch_of(""), "");
  EXPECT_EQ(alike("占道", "占道"), 0);
}

TEST(Likeness, IsTheSameEverywhere) {
  const std::string sketch = sketch_of("水果摊把货摆到人行道上，走不过去");
  EXPECT_EQ(sketch.size(), 128u);
  EXPECT_EQ(sketch.substr(0, 16), "fdad6db2c2a295c1") << "it outlives the program that made it";
}

TEST(Alike, NothingThatBothSaidDiffers) {
  const city::StreetAddress house{"威宁路", "", "12", "", ""}, other{"威宁路", "", "14", "", ""},
      road{"威宁路", "", "", "", ""}, lane{"威宁路", "12", "", "", ""},
      building{"威宁路", "12", "", "3", ""}, elsewhere{"天山路", "", "12", "", ""};
  EXPECT_TRUE(see::may_be_one_place(house, house));
  EXPECT_TRUE(see::may_be_one_place(house, road));
  EXPECT_TRUE(see::may_be_one_place(lane, building));
  EXPECT_FALSE(see::may_be_one_place(house, other));
  EXPECT_FALSE(see::may_be_one_place(house, lane));
  EXPECT_FALSE(see::may_be_one_place(house, elsewhere));
  EXPECT_EQ(see::road_of(road), "road/威宁路");
  EXPECT_EQ(see::road_of({}), "");
}

}  // namespace
