// The list of parents: Shanghai's own reads; what is wrong in one is named with its line, and life
// is never a child.

#include "operators/duty/parent_list.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "app/city_files.h"
#include "app/files.h"
#include "tests/contract/temp_directory.h"

namespace {

using namespace city;
using namespace std::chrono_literals;

TEST(ParentList, ShanghaisReads) {
  const auto text = app::read_file(app::default_city_directory() + "/parents.yaml");
  ASSERT_TRUE(text.ok());
  const auto list = ParentList::parse(*text, "parents.yaml");
  ASSERT_TRUE(list) << list.error().what;
  EXPECT_TRUE(list->covers("elevator.trapped", "elevator.door_fault"));
  EXPECT_FALSE(list->covers("elevator.door_fault", "elevator.trapped"));
  EXPECT_TRUE(list->is_parent("elevator.trapped_call"));
  const PlaceRule* place = list->counting("elevator.silent");
  ASSERT_NE(place, nullptr);
  EXPECT_EQ(place, list->place("building.elevators_silent"));
  EXPECT_EQ(place->count, 3);
  EXPECT_EQ(place->within, 10min);
  EXPECT_EQ(place->item, "building.outage");
  EXPECT_EQ(list->counting("elevator.fault"), nullptr);
}

TEST(ParentList, SaysWhatIsWrongAndWhere) {
  const std::string place =
      "places:\n"
      "  - rule: a.many\n"
      "    title: {zh: 甲, en: a}\n"
      "    children: a.one\n"
      "    count: 3\n"
      "    within: 10m\n"
      "    consequence: order\n";
  const auto replaced = [&](const std::string& line, const std::string& by) {
    std::string text = place;
    return text.replace(text.find(line), line.size(), by);
  };
  ASSERT_TRUE(ParentList::parse(place, "parents.yaml"));
  const std::pair<std::string, std::string> kWrong[] = {
      {replaced("count: 3", "count: 1"),
       "parents.yaml:5:12: 'count' of a rule of places: expected a whole number from 2"},
      {replaced("    within: 10m\n", ""), "parents.yaml:2:5: a rule of places needs 'within'"},
      {replaced("    title: {zh: 甲, en: a}\n", ""),
       "parents.yaml:2:5: a rule of places needs 'title'"},
      {replaced("children: a.one", "child: a.one"), "parents.yaml:4:5: unknown key 'child'"},
      {replaced("consequence: order", "consequence: grave"),
       "parents.yaml:7:18: 'consequence' of a rule of places: expected one of life, "},
      {replaced("children: a.one", "children: a.many"), "'a.many' is a parent and a child"},
      {place + place.substr(place.find("  - ")), "'a.one' is counted twice"},
      {"entities:\n  - {parents: [a]}\n", "parents.yaml:2:5: a covering needs 'children'"},
      {"entities:\n  - {parents: [a], children: [b]}\n  - {parents: [b], children: [c]}\n",
       "parents.yaml:3:5: 'b' is a parent and a child"},
      {"places: [\n", "parents.yaml:2:1"},
  };
  for (const auto& [yaml, wanted] : kWrong) {
    const auto list = ParentList::parse(yaml, "parents.yaml");
    ASSERT_FALSE(list) << yaml;
    EXPECT_NE(list.error().what.find(wanted), std::string::npos) << list.error().what;
  }
}

TEST(ParentList, LifeIsNeverAChild) {
  TempDirectory directory;
  const std::string rule =
      "pack: a\nrules:\n  - {rule: a.one, title: {zh: 甲, en: a}, on: elevator.telemetry,"
      " when: data.occupied, consequence: life, source: \"a\"}\n";
  std::filesystem::create_directory(directory.path() + "/rules");
  ASSERT_TRUE(app::write_file(directory.path() + "/rules/a.yaml", rule).ok());
  ASSERT_TRUE(app::write_file(directory.path() + "/parents.yaml",
                              "entities: [{parents: [a.two], children: [a.one]}]\n")
                  .ok());
  const auto city = app::read_city(directory.path());
  ASSERT_FALSE(city.ok());
  EXPECT_NE(city.error().what.find("never suppressed"), std::string::npos) << city.error().what;
}

}  // namespace
