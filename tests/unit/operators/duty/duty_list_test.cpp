// The duty list: Shanghai's own reads; what is wrong in one is named with its line.

#include "operators/duty/duty_list.h"
#include "tests/support/source_directory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace {

using namespace city;
using namespace std::chrono_literals;

TEST(DutyList, ShanghaisReads) {
  std::ifstream file{source_directory("/deploy/city/shanghai/duty.yaml")};
  std::stringstream text;
  text << file.rdbuf();
  auto list = DutyList::parse(text.str());
  ASSERT_TRUE(list) << list.error().what;
  const Item& rescue = list->item("elevator.rescue");
  EXPECT_TRUE(rescue.life);
  ASSERT_EQ(rescue.levels.size(), 3u);
  EXPECT_EQ(rescue.level(1).accept, Span{5min});
  EXPECT_EQ(rescue.level(1).arrive, Span{30min});
  EXPECT_FALSE(rescue.level(1).responders[0].rescuer);
  EXPECT_TRUE(rescue.level(1).responders[1].rescuer);
  EXPECT_EQ(list->units("station", "310105").size(), 2u);
  EXPECT_EQ(list->units("station", "310101").size(), 1u) << "the default's";
  EXPECT_EQ(list->units("astrologer", "310105").size(), 0u);
  EXPECT_EQ(list->seats("310105"), (std::vector<std::string>{"seat/3", "seat/4"}));
  EXPECT_EQ(list->all_seats(), (std::vector<std::string>{"seat/1", "seat/2", "seat/3", "seat/4"}));
  EXPECT_EQ(list->screening().within[1], Span{10min});
  EXPECT_EQ(list->screening().within[2], Span{2h});
  EXPECT_EQ(list->item("elevator.maintenance").closed_by.at(0).action, "maintained");
  for (const auto& [name, item] : list->items()) {
    EXPECT_FALSE(item.title.en.empty()) << name;
    for (const Level& level : item.levels)
      for (const Role& role : level.responders)
        EXPECT_TRUE(role.name == "use_unit" || role.name == "maintenance_unit" ||
                    !list->units(role.name, "").empty())
            << name << ": nobody is a " << role.name;
  }
}

TEST(DutyList, AnUnknownItemHasOrdinaryNumbers) {
  EXPECT_FALSE(DutyList{}.item("x").life);
  EXPECT_EQ(DutyList{}.item("x").level(1).accept, Span{30min});
}

TEST(DutyList, SaysWhatIsWrongAndWhere) {
  const std::string item = "items:\n  x:\n    title: {zh: 甲, en: a}\n    department: regulator\n";
  const std::pair<std::string, std::string> kWrong[] = {
      {"itmes: {}", "line 1: unknown key 'itmes'"},
      {item + "    levels: [{accept: 5 minutes, arrive: 1h, responders: [{role: fire}]}]",
       "line 5: '5 minutes' is no duration"},
      {item + "    levels: [{accept: 2h, arrive: 1h, responders: [{role: fire}]}]",
       "line 5: a level needs accept, and arrive not before it"},
      {item + "    life: true\n    levels: [{accept: 1h, arrive: 1h, responders: [{role: fire}]}]",
       "each level of a life item needs a rescuer"},
      {item, "an item needs a level"},
      {item + "    levels: [{accept: 1h, arrive: 1h, responders: [{role: fire}]}]\n"
              "    ladder: {remind: [90, 50]}",
       "line 6: reminders are rising"},
      {"screening: {samplePercent: -1}", "line 1: a whole number from 0"},
      {"seats: [", "line 1"},
  };
  for (const auto& [yaml, wanted] : kWrong) {
    const auto list = DutyList::parse(yaml);
    ASSERT_FALSE(list) << yaml;
    EXPECT_NE(list.error().what.find(wanted), std::string::npos) << list.error().what;
  }
}

}  // namespace
