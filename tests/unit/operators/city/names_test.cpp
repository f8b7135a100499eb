// Ids in sentences become names.

#include "operators/city/names.h"

#include <gtest/gtest.h>

namespace {

using city::named;
using city::Text;

const city::NameList kListed{{"unit/119", {"消防救援119", "the fire service"}}};

std::string zh(const std::string& text, std::string_view entity = {}, std::string_view name = {}) {
  return named(Text{text, text}, kListed, entity, name).zh;
}
std::string en(const std::string& text) {
  return named(Text{text, text}, kListed).en;
}

TEST(Names, AreThoseOfTheDutyListElseOfTheKind) {
  EXPECT_EQ(zh("unit/119到场"), "消防救援119到场");
  EXPECT_EQ(en("unit/119 is there"), "the fire service is there");
  EXPECT_EQ(zh("通知unit/91310105MA1、unit/b-2：5分钟"), "通知单位91310105MA1、单位b-2：5分钟");
  EXPECT_EQ(zh("seat/3甄别：属实"), "3 席甄别：属实");
  EXPECT_EQ(en("screened by seat/3."), "screened by seat 3.");
  EXPECT_EQ(zh("officer/SH-0421反馈"), "执法人员SH-0421反馈");
}

TEST(Names, OfTheEntityItselfAreAsRegistered) {
  EXPECT_EQ(zh("对象为elevator/1", "elevator/1", "仙霞路花园3号楼#1"), "对象为仙霞路花园3号楼#1");
  EXPECT_EQ(zh("对象为elevator/12", "elevator/1", "仙霞路花园3号楼#1"), "对象为电梯12");
  EXPECT_EQ(zh("对象为elevator/1", "elevator/1", ""), "对象为电梯1");
}

TEST(Names, LeaveEverythingElseAlone) {
  for (const char* text : {"", "/", "unit/", "a/b", "3/4号楼", "和/或", "http://unit/119x/y", "24/7",
                           "subunit/119", "unit /119"})
    EXPECT_EQ(zh(text).substr(0, 3), std::string{text}.substr(0, 3)) << text;
  EXPECT_EQ(zh("3/4号楼"), "3/4号楼");
  EXPECT_EQ(zh("subunit/119"), "subunit/119");
  EXPECT_EQ(zh("a/b"), "a/b");
}

}  // namespace
