#include "operators/version_check.h"

#include "operators/duty/calendar.h"
#include "operators/duty/duty_list.h"
#include "operators/duty/hotline_list.h"
#include "operators/duty/law_list.h"
#include "operators/duty/parent_list.h"
#include "operators/rules/pack_reader.h"
#include "operators/rules/rulebook.h"
#include "operators/see/detect.h"
#include "operators/see/gazetteer.h"

namespace operators {
namespace {

using streams::Version;

template <class List>
std::optional<std::string> problems_of(const Version& version) {
  const streams::Result<List> list = List::parse(version.content, version.name);
  return list ? std::nullopt : std::optional{list.error().what};
}

std::optional<std::string> problems_of_pack(const Version& version) {
  std::vector<rules::Problem> problems;
  const rules::Pack pack = rules::read_pack(version.content, version.name, problems);
  (void)rules::Rulebook::compile({pack}, nullptr, problems);
  if (problems.empty() && version.name != std::string{see::kPackVersions} + pack.name)
    return version.name + " holds the pack '" + pack.name + "': name and content differ";
  if (problems.empty()) return std::nullopt;
  return yaml::refusal(std::move(problems)).what;
}

struct Row {
  std::string_view name;
  std::optional<std::string> (*problems)(const Version&);
};
constexpr Row kRows[] = {
    {city::kDutyVersion, problems_of<city::DutyList>},
    {city::kCalendarVersion, problems_of<city::Calendar>},
    {city::kHotlineVersion, problems_of<city::HotlineList>},
    {city::kLawVersion, problems_of<city::LawList>},
    {city::kParentsVersion, problems_of<city::ParentList>},
    {see::kGazetteerVersion, problems_of<see::Gazetteer>},
};

}  // namespace

std::optional<std::string> unreadable(const Version& version) {
  if (version.hash.empty() && version.content.empty()) return std::nullopt;  // taken back
  if (version.name.starts_with(see::kPackVersions)) return problems_of_pack(version);
  for (const Row& row : kRows)
    if (row.name == version.name) return row.problems(version);
  return std::nullopt;
}

}  // namespace operators
