// The law list: Shanghai's own reads and speaks of rules that there are; what is wrong in one is
// named with its line.

#include "operators/duty/law_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "app/city_files.h"

namespace {

using namespace city;
using namespace std::chrono_literals;

const streams::Version* version_of(const app::CityFiles& city, std::string_view name) {
  for (const streams::Version& version : city.versions)
    if (version.name == name) return &version;
  return nullptr;
}

TEST(LawList, ShanghaisReads) {
  const auto city = app::read_city(app::default_city_directory());
  ASSERT_TRUE(city.ok()) << city.error().what;
  const streams::Version* version = version_of(*city, kLawVersion);
  ASSERT_NE(version, nullptr);
  const auto list = LawList::parse(version->content, "law.yaml");
  ASSERT_TRUE(list) << list.error().what;
  EXPECT_EQ(list->notice(), 24h * 30);
  EXPECT_EQ(list->decide(), 24h * 90);
  EXPECT_EQ(list->serve(), 24h * 7);
  const Behaviour* street = list->behaviour("street.goods_beyond_door");
  ASSERT_NE(street, nullptr);
  EXPECT_TRUE(street->minor);
  EXPECT_EQ(street->window, 24h * 365);
  EXPECT_EQ(street->correct, 24h);
  EXPECT_FALSE(list->behaviour("kitchen.rodent")->minor);
  std::set<std::string> rules;
  for (const rules::Pack& pack : city->packs)
    for (const rules::Rule& rule : pack.rules) rules.insert(rule.name);
  for (const Behaviour& one : list->behaviours())
    for (const std::string& rule : one.rules)
      EXPECT_TRUE(rules.contains(rule)) << one.name << ": there is no rule " << rule;
}

const std::string kWhole =
    "behaviours:\n"
    "  - behaviour: a.b\n"
    "    title: {zh: 甲, en: a}\n"
    "    rules: [r.one]\n"
    "    items: [i.one]\n"
    "    minor: true\n"
    "    window: 365d\n"
    "    correct: 1d\n"
    "    fine: {zh: 罚, en: fined}\n"
    "    sources: [行政处罚法第三十三条]\n";

std::string replaced(const std::string& line, const std::string& by) {
  std::string text = kWhole;
  const std::size_t at = text.find(line);
  EXPECT_NE(at, text.npos) << line;
  return text.replace(at, line.size(), by);
}

TEST(LawList, RulesComeBeforeItems) {
  std::string two = kWhole + kWhole.substr(kWhole.find("  - "));
  two.replace(two.rfind("a.b"), 3, "c.d");
  two.replace(two.rfind("r.one"), 5, "r.two");
  two.replace(two.rfind("i.one"), 5, "i.two");
  const auto list = LawList::parse(two, "law.yaml");
  ASSERT_TRUE(list) << list.error().what;
  ASSERT_EQ(list->of({"r.two"}, "i.one").size(), 1u);
  EXPECT_EQ(list->of({"r.two"}, "i.one").front()->name, "c.d");
  ASSERT_EQ(list->of({"r.three"}, "i.one").size(), 1u);
  EXPECT_EQ(list->of({"r.three"}, "i.one").front()->name, "a.b");
  EXPECT_EQ(list->of({"r.two", "r.one"}, "").size(), 2u);
  EXPECT_TRUE(list->of({"r.three"}, "i.three").empty());
}

TEST(LawList, SaysWhatIsWrongAndWhere) {
  ASSERT_TRUE(LawList::parse(kWhole, "law.yaml"));
  const std::pair<std::string, std::string> kWrong[] = {
      {replaced("behaviour: a.b", "behavior: a.b"), "law.yaml:2:5: unknown key 'behavior'"},
      {replaced("behaviour: a.b", "behavior: a.b"), "law.yaml:2:5: a behaviour needs 'behaviour'"},
      {replaced("    title: {zh: 甲, en: a}\n", ""), "law.yaml:2:5: a behaviour needs 'title'"},
      {replaced("{zh: 甲, en: a}", "{zh: 甲}"),
       "law.yaml:3:12: a text in two languages needs 'en'"},
      {replaced("    rules: [r.one]\n    items: [i.one]\n", ""),
       "law.yaml:2:5: a behaviour names the 'rules' or 'items'"},
      {replaced("[r.one]", "r.one"),
       "law.yaml:4:12: 'rules' of a behaviour: expected a list, not 'r.one'"},
      {replaced("minor: true", "minor: perhaps"),
       "law.yaml:6:12: 'minor' of a behaviour: expected true or false"},
      {replaced("    minor: true\n", ""), "law.yaml:2:5: a behaviour needs 'minor'"},
      {replaced("365d", "a year"), "law.yaml:7:13: 'window' of a behaviour: expected a duration"},
      {replaced("    window: 365d\n", ""), "law.yaml:2:5: a behaviour needs 'window'"},
      {replaced("correct: 1d", "correct: 0d"), "law.yaml:8:14: 'correct' of a behaviour: expected"},
      {replaced("    fine: {zh: 罚, en: fined}\n", ""), "law.yaml:2:5: a behaviour needs 'fine'"},
      {replaced("[行政处罚法第三十三条]", "[]"), "law.yaml:10:14: a behaviour needs 'sources'"},
      {replaced("minor: true", "minor: True"), "law.yaml:6:12: 'minor' of a behaviour: expected"},
      {kWhole + "    minor: true\n", "law.yaml:11:5: 'minor' stands at line 6 already"},
      {kWhole + kWhole.substr(kWhole.find("  - ")), "behaviour 'a.b' is there twice"},
      {kWhole + kWhole.substr(kWhole.find("  - ")),
       "law.yaml:13:13: rule 'r.one' is claimed by 'a.b' already"},
      {kWhole + kWhole.substr(kWhole.find("  - ")),
       "law.yaml:14:13: item 'i.one' is claimed by 'a.b' already"},
      {"notice: soon\n", "law.yaml:1:9: 'notice' of the list of the law: expected a duration"},
      {"behaviours: [\n", "law.yaml:2:1"},
  };
  for (const auto& [yaml, wanted] : kWrong) {
    const auto list = LawList::parse(yaml, "law.yaml");
    ASSERT_FALSE(list) << yaml;
    EXPECT_NE(list.error().what.find(wanted), std::string::npos) << list.error().what;
  }
}

}  // namespace
