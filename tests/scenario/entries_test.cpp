// Deletion: without any one rule or list entry the scenario that README.md names for it fails. So
// nothing stands in a city's data that nobody would miss, and no scenario passes whatever is there.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "app/city_files.h"
#include "operators/duty/calendar.h"
#include "operators/duty/duty_list.h"
#include "operators/duty/hotline_list.h"
#include "operators/duty/law_list.h"
#include "operators/duty/parent_list.h"
#include "operators/see/gazetteer.h"
#include "streams/memory.h"
#include "tests/scenario/city_entries.h"
#include "tests/scenario/stage.h"
#include "tests/support/source_directory.h"

namespace {

const std::filesystem::path kFolder = source_directory("/tests/scenario");

/// The cells of README.md's tables: the first in each row, and what is in backquotes in the second.
std::multimap<std::string, std::string> table() {
  std::multimap<std::string, std::string> rows;
  std::ifstream in{kFolder / "README.md"};
  for (std::string line; std::getline(in, line);) {
    const auto bar = line.find(" | ");
    if (!line.starts_with("| ") || bar == line.npos) continue;
    const std::string first = line.substr(2, bar - 2), rest = line.substr(bar);
    for (std::size_t at = 0; (at = rest.find('`', at)) != rest.npos;) {
      const auto end = rest.find('`', at + 1);
      rows.emplace(first, rest.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  return rows;
}

std::string play(const std::string& scenario, std::vector<streams::Version> city) {
  streams::MemoryLog log;
  streams::MemoryStore store;
  return scenario::Stage{log, store, std::move(city)}.play(kFolder / (scenario + ".txt"));
}

/// Whether the engine would take it; what it can't read it would ignore, list and all.
bool is_taken(const streams::Version& version) {
  if (version.name == city::kDutyVersion) return city::DutyList::parse(version.content).ok();
  if (version.name == city::kHotlineVersion)
    return city::HotlineList::parse(version.content, "").ok();
  if (version.name == city::kCalendarVersion)
    return city::Calendar::parse(version.content, "").ok();
  if (version.name == see::kGazetteerVersion)
    return see::Gazetteer::parse(version.content, "").ok();
  if (version.name == city::kParentsVersion)
    return city::ParentList::parse(version.content, "").ok();
  if (version.name == city::kLawVersion) return city::LawList::parse(version.content, "").ok();
  return app::pack_version(version.content, "", {}).ok();
}

TEST(CityEntries, AreEachMissedByTheirScenario) {
  const std::vector<streams::Version> shanghai = recorded::versions_of("shanghai");
  const auto rows = table();
  const scenario::CityEntries entries{shanghai};
  std::vector<std::string> refused;
  EXPECT_GT(entries.all().size(), 50u);
  for (const scenario::Entry& entry : entries.all()) {
    SCOPED_TRACE(entry.name);
    std::vector<streams::Version> city = shanghai;
    ASSERT_NE(city[entry.version].content, entry.without);
    city[entry.version].content = entry.without;
    if (!is_taken(city[entry.version])) {
      refused.push_back(entry.name);
      continue;
    }
    const auto row = rows.find(entry.name);
    if (row == rows.end()) {
      ADD_FAILURE() << "README.md names no scenario for it";
      continue;
    }
    EXPECT_NE(play(row->second, city), "") << row->second << " passes without it";
  }
  EXPECT_EQ(refused, (std::vector<std::string>{"duty units station", "duty units fire",
                                               "duty units regulator", "duty units squad",
                                               "duty units food", "calendar hours working",
                                               "hotline labels 困人"}))
      << "another entry needs it";
}

TEST(CityEntries, OfTheTableAreThere) {
  std::set<std::string> named, there;
  for (const auto& [what, scenario] : table()) named.insert(scenario);
  for (const auto& file : scenario::files()) there.insert(file.stem().string());
  EXPECT_EQ(named, there) << "README.md names each scenario, and none that is not there";
  const scenario::CityEntries entries{recorded::versions_of("shanghai")};
  std::set<std::string> known;
  for (const scenario::Entry& entry : entries.all()) known.insert(entry.name);
  std::ifstream in{kFolder / "README.md"};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  for (const auto& [what, scenario] : table()) {
    if (text.find("## Entries") > text.find("| " + what + " |")) continue;
    EXPECT_TRUE(known.contains(what)) << what << " is in the table and in no list";
  }
}

}  // namespace
