#include "app/city_files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "app/city_references.h"
#include "app/files.h"
#include "connectors/replay/csv_adapter.h"
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

}  // namespace

Result<Packs> read_packs(const std::vector<std::string>& paths) {
  Packs read;
  std::vector<rules::Problem> problems;
  for (const std::string& path : paths) {
    Result<std::string> text = read_file(path);
    if (!text) return text.error();
    read.packs.push_back(rules::read_pack(*text, path, problems));
    read.versions.push_back(version_of("rules/" + read.packs.back().name, std::move(*text)));
  }
  (void)rules::Rulebook::compile(read.packs, nullptr, problems, &read.doubts);
  if (problems.empty()) return read;
  // The reader's and the compiler's, file by file.
  std::stable_sort(problems.begin(), problems.end(), [&](const auto& a, const auto& b) {
    return std::find(paths.begin(), paths.end(), a.file) <
           std::find(paths.begin(), paths.end(), b.file);
  });
  return yaml::refusal(std::move(problems));
}

Result<Version> pack_version(const std::string& text, const std::string& file,
                             const std::vector<rules::Pack>& beside,
                             std::vector<rules::Pack>* packs) {
  std::vector<rules::Problem> problems;
  rules::Pack pack = rules::read_pack(text, file, problems);
  std::vector<rules::Pack> together = beside;
  std::erase_if(together, [&](const rules::Pack& other) { return other.name == pack.name; });
  together.push_back(pack);
  (void)rules::Rulebook::compile(together, nullptr, problems);
  if (!problems.empty()) return yaml::refusal(std::move(problems));
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
  Error wrong{Error::Kind::usage, ""};  // of all files
  const auto refuse = [&](const Error& error) {
    wrong.what += (wrong.what.empty() ? "" : "\n") + error.what;
  };
  for (const CheckedFile& checked : kCheckedFiles) {
    const std::string file = (path / (std::string{checked.version} + ".yaml")).string();
    if (!fs::exists(file)) continue;
    Result<std::string> text = read_file(file);
    if (!text) return text.error();
    if (const Result<void> good = checked.check(*text, file); !good) refuse(good.error());
    city.versions.push_back(version_of(std::string{checked.version}, std::move(*text)));
  }
  std::vector<std::string> files;
  if (fs::is_directory(path / "rules", missing))
    for (const auto& entry : fs::directory_iterator{path / "rules"})
      if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  if (Result<Packs> read = read_packs(files)) {
    city.packs = std::move(read->packs);
    std::move(read->versions.begin(), read->versions.end(), std::back_inserter(city.versions));
  } else {
    refuse(read.error());
  }
  if (const fs::path file = path / "retention.yaml"; fs::exists(file)) {
    Result<std::string> text = read_file(file.string());
    if (!text) return text.error();
    if (Result<Retention> retention = Retention::read(*text, file.string()))
      city.retention = std::move(*retention);
    else
      refuse(retention.error());
  }
  if (const fs::path file = path / "adapter.yaml"; fs::exists(file)) {
    city.adapter = file.string();
    Result<std::string> text = read_file(city.adapter);
    if (!text) return text.error();
    if (const auto adapter = connectors::CsvAdapter::read(*text, city.adapter); !adapter)
      refuse(adapter.error());
  }
  if (!wrong.what.empty()) return wrong;
  const auto file_of = [&](std::string_view version) {
    return (path / (std::string{version} + ".yaml")).string();
  };
  if (const Result<void> good = check_references(city.versions, city.packs, file_of); !good)
    return good.error();
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

city::NameList names_of(const CityFiles& files) {
  for (const Version& version : files.versions) {
    if (version.name != city::kDutyVersion) continue;
    if (const Result<city::DutyList> duty = city::DutyList::parse(version.content))
      return duty->names();
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
