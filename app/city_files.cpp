#include "app/city_files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "app/files.h"
#include "operators/duty/calendar.h"
#include "operators/duty/duty_list.h"
#include "operators/duty/hotline_list.h"
#include "operators/duty/law_list.h"
#include "operators/duty/parent_list.h"
#include "operators/rules/pack_reader.h"
#include "operators/rules/rulebook.h"
#include "operators/see/gazetteer.h"
#include "streams/hash.h"

namespace app {

namespace fs = std::filesystem;
using streams::Error;
using streams::Result;
using streams::Version;

namespace {

Version version_of(std::string name, std::string content) {
  std::string hash = streams::make_id("", {content}).substr(0, 8);
  return {std::move(name), std::move(hash), std::move(content)};
}

/// A file that becomes the version of its name, and what finds its mistakes.
struct CheckedFile {
  std::string_view version;
  Result<void> (*check)(std::string_view text, const std::string& file);
};
template <class T>
Result<void> parses(std::string_view text, const std::string& file) {
  if (const Result<T> parsed = T::parse(text, file); !parsed) return parsed.error();
  return {};
}
constexpr CheckedFile kCheckedFiles[] = {
    {city::kDutyVersion, parses<city::DutyList>},
    {city::kCalendarVersion, parses<city::Calendar>},
    {see::kGazetteerVersion, parses<see::Gazetteer>},
    {city::kHotlineVersion, parses<city::HotlineList>},
    {city::kLawVersion, parses<city::LawList>},
    {city::kParentsVersion, parses<city::ParentList>},
};

/// The version's list as read: it has been checked. A default one where the city has none.
template <class List>
List list_of(const CityFiles& city, std::string_view name) {
  for (const Version& version : city.versions)
    if (version.name == name) return std::move(*List::parse(version.content, version.name));
  return {};
}

/// Hours of service that the calendar does not have would never close.
Result<void> check_hours(const CityFiles& city) {
  const auto calendar = list_of<city::Calendar>(city, city::kCalendarVersion);
  const auto unknown = [&](const std::string& who, const std::string& hours) {
    return Error{Error::Kind::usage, city.directory + ": " + who + " names the hours '" + hours +
                                         "', which calendar.yaml does not have"};
  };
  const auto duty = list_of<city::DutyList>(city, city::kDutyVersion);
  for (const auto& [name, item] : duty.items())
    if (!calendar.knows(item.hours)) return unknown("item '" + name + "'", item.hours);
  const auto hotline = list_of<city::HotlineList>(city, city::kHotlineVersion);
  if (!calendar.knows(hotline.hours())) return unknown("hotline.yaml", hotline.hours());
  return {};
}

/// Life never waits for another warning, and a rule that nobody has would never do.
Result<void> check_children(const CityFiles& city) {
  for (const std::string& child :
       list_of<city::ParentList>(city, city::kParentsVersion).children()) {
    const rules::Rule* found = nullptr;
    for (const rules::Pack& pack : city.packs)
      for (const rules::Rule& rule : pack.rules)
        if (rule.name == child) found = &rule;
    const std::string file = city.directory + "/parents.yaml: ";
    if (found == nullptr)
      return Error{Error::Kind::usage, file + "no rule pack has the rule '" + child + "'"};
    if (found->consequence == city::Consequence::life)
      return Error{Error::Kind::usage,
                   file + "'" + child + "' is of consequence life, which is never suppressed"};
  }
  return {};
}

}  // namespace

Result<Version> read_pack_version(const std::string& path, const std::vector<rules::Pack>& beside,
                                  std::vector<rules::Pack>* packs) {
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  return pack_version(*text, path, beside, packs);
}

Result<Version> pack_version(const std::string& text, const std::string& file,
                             const std::vector<rules::Pack>& beside,
                             std::vector<rules::Pack>* packs) {
  std::vector<rules::Problem> problems;
  rules::Pack pack = rules::read_pack(text, file, problems);
  std::vector<rules::Pack> together = beside;
  std::erase_if(together, [&](const rules::Pack& other) { return other.name == pack.name; });
  together.push_back(pack);
  if (problems.empty()) (void)rules::Rulebook::compile(together, nullptr, problems);
  if (!problems.empty()) return rules::refusal(problems);
  Version version = version_of("rules/" + pack.name, text);
  if (packs != nullptr) *packs = std::move(together);
  return version;
}

Result<CityFiles> read_city(const std::string& directory) {
  std::error_code missing;
  if (!fs::is_directory(directory, missing))
    return Error{
        Error::Kind::usage,
        "no city at " + directory + ": --city names a directory with rules/*.yaml and duty.yaml"};
  CityFiles city;
  const fs::path path = fs::weakly_canonical(directory);
  city.directory = path.string();
  city.name = path.filename().string();
  for (const CheckedFile& checked : kCheckedFiles) {
    const std::string file = (path / (std::string{checked.version} + ".yaml")).string();
    if (!fs::exists(file)) continue;
    Result<std::string> text = read_file(file);
    if (!text) return text.error();
    if (const Result<void> good = checked.check(*text, file); !good) return good.error();
    city.versions.push_back(version_of(std::string{checked.version}, std::move(*text)));
  }
  if (const Result<void> good = check_hours(city); !good) return good.error();
  std::vector<std::string> files;
  if (fs::is_directory(path / "rules", missing))
    for (const auto& entry : fs::directory_iterator{path / "rules"})
      if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    Result<Version> version = read_pack_version(file, city.packs, &city.packs);
    if (!version) return version.error();
    city.versions.push_back(std::move(*version));
  }
  if (const Result<void> good = check_children(city); !good) return good.error();
  if (fs::exists(path / "retention.yaml")) {
    const std::string file = (path / "retention.yaml").string();
    Result<std::string> text = read_file(file);
    if (!text) return text.error();
    Result<Retention> retention = Retention::read(*text, file);
    if (!retention) return retention.error();
    city.retention = std::move(*retention);
  }
  if (fs::exists(path / "adapter.yaml")) city.adapter = (path / "adapter.yaml").string();
  return city;
}

std::string project_directory() {
  const char* home = std::getenv("WATCHFIRE_HOME");
  return home != nullptr ? home : WATCHFIRE_SOURCE_DIR;
}

std::string default_city_directory() {
  return project_directory() + "/deploy/city/shanghai";
}

std::vector<std::string> seats_of(const CityFiles& files) {
  for (const Version& version : files.versions) {
    if (version.name != city::kDutyVersion) continue;
    if (const Result<city::DutyList> duty = city::DutyList::parse(version.content))
      return duty->all_seats();
  }
  return {};
}

std::vector<std::string> life_items_of(const CityFiles& files) {
  std::vector<std::string> names;
  for (const Version& version : files.versions) {
    if (version.name != city::kDutyVersion) continue;
    const Result<city::DutyList> duty = city::DutyList::parse(version.content);
    if (!duty) continue;
    for (const auto& [name, item] : duty->items())
      if (item.life) names.push_back(name);
  }
  return names;
}

}  // namespace app
