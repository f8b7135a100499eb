// Addresses as they are written in registrations and said by callers.

#include "operators/see/gazetteer.h"

#include <gtest/gtest.h>

#include "operators/see/street_text.h"

namespace {

using city::StreetAddress;
using see::Gazetteer;

const Gazetteer& shanghai() {
  static const Gazetteer made = *Gazetteer::parse(R"(
roads: [仙霞路, 威宁路, 中山中路, 人民路, 人民北路, 五角场, 石化一路]
categories:
  - {name: elevator, kinds: [elevator]}
)",
                                                  "gazetteer.yaml");
  return made;
}

StreetAddress read(const std::string& text) {
  return shanghai().address(text).value_or(StreetAddress{});
}

TEST(Gazetteer, ReadsWhatTellsPlacesApart) {
  EXPECT_EQ(read("长宁区仙霞路88弄3号楼2号梯"), (StreetAddress{"仙霞路", "88", "", "3", "2"}));
  EXPECT_EQ(read("仙霞路88弄3号"), (StreetAddress{"仙霞路", "88", "", "3", ""}));
  EXPECT_EQ(read("仙霞路1601号B座"), (StreetAddress{"仙霞路", "", "1601", "B", ""}));
  EXPECT_EQ(read("我在人民北路12号"), (StreetAddress{"人民北路", "", "12", "", ""}));
  EXPECT_EQ(read("石化一路5号"), (StreetAddress{"石化一路", "", "5", "", ""}));
}

TEST(Gazetteer, ReadsNumbersHoweverTheyAreWritten) {
  EXPECT_EQ(read("仙霞路八十八弄三号楼"), read("仙霞路88弄3号楼"));
  EXPECT_EQ(read("仙霞路８８弄 ３号楼"), read("仙霞路88弄3号楼"));
  EXPECT_EQ(read("仙霞路一百二十号"), read("仙霞路120号"));
  EXPECT_EQ(read("仙霞路一六零一号"), read("仙霞路1601号"));
  EXPECT_EQ(read("仙霞路1601号b座"), read("仙霞路1601号B座"));
}

TEST(Gazetteer, DoesNotGuessTheRoad) {
  EXPECT_EQ(shanghai().address("威海路88弄"), std::nullopt);
  EXPECT_EQ(shanghai().address("仙霞路附近那个小区"), std::nullopt);
  EXPECT_EQ(shanghai().address("仙霞路近威宁路88号"), std::nullopt);
  EXPECT_EQ(shanghai().address("仙霞路5号还是威宁路5号"), std::nullopt);
  EXPECT_EQ(read("仙霞路（近威宁路）88弄").place(), "place/仙霞路88弄");
}

TEST(Gazetteer, NamesTheOneRoadOfWhatHasNoNumber) {
  EXPECT_EQ(shanghai().road("仙霞路附近那个小区"), "仙霞路");
  EXPECT_EQ(shanghai().road("仙霞路上，就在仙霞路菜场旁边"), "仙霞路");
  EXPECT_EQ(shanghai().road("人民北路"), "人民北路");
  EXPECT_EQ(shanghai().road("仙霞路近威宁路"), "");
  EXPECT_EQ(shanghai().road("那个小区"), "");
}

TEST(Gazetteer, KnowsADistrictWhereOneBoxHasThePosition) {
  const auto made = Gazetteer::parse(R"(
districts:
  - {district: "1", west: 121.0, south: 31.0, east: 121.2, north: 31.2}
  - {district: "2", west: 121.1, south: 31.0, east: 121.3, north: 31.2}
)",
                                     "gazetteer.yaml");
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->district(121.05, 31.1), "1");
  EXPECT_EQ(made->district(121.25, 31.1), "2");
  EXPECT_EQ(made->district(121.15, 31.1), "") << "both have it";
  EXPECT_EQ(made->district(121.05, 31.3), "");
  for (const auto& [yaml, wanted] : {
           std::pair{"districts: [{district: '1', west: 121.0, south: 31.0, east: x, north: 31}]",
                     "gazetteer.yaml:1:61: 'east' of a district: expected a number"},
           std::pair{"districts: [{district: '1', west: 121, south: 31, east: 120, north: 32}]",
                     "gazetteer.yaml:1:13: a district reaches from west to east"},
           std::pair{"districts: [{west: 121, south: 31, east: 122, north: 32}]",
                     "gazetteer.yaml:1:13: a district needs 'district'"},
       }) {
    const auto wrong = Gazetteer::parse(yaml, "gazetteer.yaml");
    ASSERT_FALSE(wrong) << yaml;
    EXPECT_NE(wrong.error().what.find(wanted), std::string::npos) << wrong.error().what;
  }
}

TEST(Gazetteer, TakesNothingElseForANumber) {
  EXPECT_EQ(read("仙霞路88弄，25号下午开始坏的").within(), "");
  EXPECT_EQ(read("仙霞路88弄 电梯停用三天了").within(), "");
  EXPECT_EQ(shanghai().address("五角场的电梯"), std::nullopt);
}

TEST(Gazetteer, AddsWhatANameSays) {
  StreetAddress address = read("仙霞路88号");
  shanghai().add_name(address, "仙霞路花园3号楼#2");
  EXPECT_EQ(address, (StreetAddress{"仙霞路", "", "88", "3", "2"}));
  StreetAddress said = read("仙霞路88弄");
  shanghai().add_said(said, "12号线旁边，三号楼2号梯困人");
  EXPECT_EQ(said.within(), "3-2");
}

TEST(Gazetteer, NamesWhatIsWrongWithIt) {
  const auto wrong = Gazetteer::parse("roads: [路]\nkinds: []\n", "here.yaml");
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().what.find("here.yaml:1:"), std::string::npos) << wrong.error().what;
  EXPECT_NE(wrong.error().what.find("unknown key 'kinds'"), std::string::npos)
      << wrong.error().what;
}

TEST(StreetText, LeavesOutBrokenBytes) {
  EXPECT_EQ(see::utf8(see::characters("仙\xff霞 路\xe4")), "仙霞路");
  EXPECT_EQ(see::utf8(see::characters("𠀀#1")), "𠀀#1");
}

}  // namespace
