#include "connectors/json/raw_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace connectors {
namespace {

using streams::Slot;

bool inside(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

TEST(RawListTest, GivesElementsOneLevelDeep) {
  const std::string json = R"([ 1, "a", "b\tc", null, true, [2,[3]], {"x":4} ])";
  RawList list;
  std::vector<Slot> slots;
  ASSERT_TRUE(list.for_each_element(json, [&](Slot slot) { slots.push_back(slot); }));
  ASSERT_EQ(slots.size(), 7u);
  EXPECT_EQ(slots[0].d, 1);
  EXPECT_EQ(slots[1].view(), "a");
  EXPECT_TRUE(inside(slots[1].view(), json));
  EXPECT_EQ(slots[2].view(), "b\tc");
  EXPECT_TRUE(slots[3].is(Slot::Kind::null));
  EXPECT_TRUE(slots[4].b);
  EXPECT_TRUE(slots[5].is(Slot::Kind::raw));
  EXPECT_EQ(slots[5].view(), "[2,[3]]");
  EXPECT_TRUE(inside(slots[5].view(), json));
  EXPECT_EQ(slots[6].view(), R"({"x":4})");
}

TEST(RawListTest, GivesMembersWithTheirNames) {
  RawList list;
  std::string seen;
  ASSERT_TRUE(
      list.for_each_member(R"({"a":"x","b\n":[],"a":"z"})", [&](std::string_view name, Slot slot) {
        seen += name;
        seen += '=';
        seen += slot.view();
        seen += ';';
      }));
  EXPECT_EQ(seen, "a=x;b\n=[];a=z;");
}

TEST(RawListTest, SaysNoToOtherKindsAndBrokenText) {
  RawList list;
  for (const char* json : {"", "{}", "1", "[1", "[1,]", "[1] 2", "nul"})
    EXPECT_FALSE(list.for_each_element(json, [](Slot) {})) << json;
  for (const char* json : {"", "[]", "{\"a\"}", "{} {}"})
    EXPECT_FALSE(list.for_each_member(json, [](std::string_view, Slot) {})) << json;
  EXPECT_TRUE(list.for_each_element("[]", [](Slot) { ADD_FAILURE(); }));
}

}  // namespace
}  // namespace connectors
