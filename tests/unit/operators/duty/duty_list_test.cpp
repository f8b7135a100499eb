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
      {"itmes: {}", "duty list:1:1: unknown key 'itmes' in the duty list; did you mean 'items'?"},
      {item + "    levels: [{accept: 5 minutes, arrive: 1h, responders: [{role: fire}]}]",
       "duty list:5:23: 'accept' of a level: expected a duration such as 30m, 2h or 15d, or"},
      {item + "    levels: [{accept: 2h, arrive: 1h, responders: [{role: fire}]}]",
       "duty list:5:14: a level needs accept, and arrive not before it"},
      {item + "    life: true\n    levels: [{accept: 1h, arrive: 1h, responders: [{role: fire}]}]",
       "each level of a life item needs a rescuer"},
      {item, "duty list:3:5: an item needs 'levels'"},
      {item + "    levels: []\n", "duty list:5:13: an item needs a level of responders"},
      {item + "    life: yes\n", "duty list:5:11: 'life' of an item: expected true or false"},
      {item + "    levels: [{accept: 1h, arrive: 1h, responders: [{role: fire}]}]\n"
              "    closedBy: [{record: r, actions: [a, b], action: x}, {record: r, actions: [b], "
              "action: y}]",
       "duty list:6:57: 'b' of r closes the order already by an entry before"},
      {item + "    levels: [{accept: 1h, arrive: 1h, responders: [{role: fire}]}]\nunits: {fir: "
              "{default: [unit/119]}}\n",
       "duty list:5:59: 'units' has no role 'fire'; did you mean 'fir'?"},
      {"seats: {default: [seat/1, seat/1]}", "duty list:1:27: 'seat/1' stands twice"},
      {"seats: {default: [three]}", "duty list:1:19: expected an entity such as unit/119"},
      {"seats: [seat/1]", "duty list:1:8: the seats must be a mapping of keys to values, not a"},
      {item + "    levels: [{accept: 1h, arrive: 1h, responders: [{role: fire}]}]\n"
              "    ladder: {remind: [90, 50]}",
       "duty list:6:27: reminders are rising"},
      {"screening: {samplePercent: -1}",
       "duty list:1:28: 'samplePercent' of the numbers of screening: expected a whole number from "
       "0 "
       "to 100, not '-1'"},
      {"seats: [", "duty list:1:"},
  };
  for (const auto& [yaml, wanted] : kWrong) {
    const auto list = DutyList::parse(yaml);
    ASSERT_FALSE(list) << yaml;
    EXPECT_NE(list.error().what.find(wanted), std::string::npos) << list.error().what;
  }
}

}  // namespace
