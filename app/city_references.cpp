#include "app/city_references.h"

#include <algorithm>
#include <map>
#include <optional>

#include "operators/duty/calendar.h"
#include "operators/duty/duty_list.h"
#include "operators/duty/hotline_list.h"
#include "operators/duty/law_list.h"
#include "operators/duty/parent_list.h"
#include "operators/yaml/mapping.h"

namespace app {
namespace {

using city::Reference;
using streams::Result;
using streams::Version;

template <class List>
std::optional<List> list_of(const std::vector<Version>& versions, std::string_view name) {
  for (const Version& version : versions)
    if (version.name == name)
      if (Result<List> list = List::parse(version.content, version.name)) return std::move(*list);
  return std::nullopt;
}

std::vector<std::string> names_of(const std::map<std::string, city::Consequence>& rules) {
  std::vector<std::string> names;
  for (const auto& [name, consequence] : rules) names.push_back(name);
  return names;
}

class Checking {
 public:
  Checking(const std::vector<Version>& versions, const std::vector<rules::Pack>& packs,
           const std::function<std::string(std::string_view)>& file_of)
      : packs_(packs),
        file_of_(file_of),
        duty_(list_of<city::DutyList>(versions, city::kDutyVersion)),
        calendar_(list_of<city::Calendar>(versions, city::kCalendarVersion)),
        hotline_(list_of<city::HotlineList>(versions, city::kHotlineVersion)),
        law_(list_of<city::LawList>(versions, city::kLawVersion)),
        parents_(list_of<city::ParentList>(versions, city::kParentsVersion)) {}

  Result<void> run() {
    learn();
    if (duty_) check(city::kDutyVersion, duty_->references());
    if (hotline_) check(city::kHotlineVersion, hotline_->references());
    if (law_) check(city::kLawVersion, law_->references());
    if (parents_) {
      check(city::kParentsVersion, parents_->references());
      check_children();
    }
    for (const rules::Pack& pack : packs_)
      for (const auto& [item, place] : pack.items)
        check_item(pack.file, {Reference::To::item, item, place});
    if (problems_.empty()) return {};
    return yaml::refusal(std::move(problems_));
  }

 private:
  /// All rules, wherever they are written.
  void learn() {
    for (const rules::Pack& pack : packs_)
      for (const rules::Rule& rule : pack.rules) rules_[rule.name] = rule.consequence;
    if (hotline_)
      for (const city::UnplacedRule& rule : hotline_->unplaced())
        rules_[rule.rule] = rule.consequence;
    if (parents_)
      for (const city::PlaceRule& rule : parents_->places()) rules_[rule.rule] = rule.consequence;
    if (duty_)
      for (const auto& [name, item] : duty_->items()) items_.push_back(name);
  }

  void check(std::string_view version, const city::References& references) {
    const std::string file = file_of_(version);
    for (const Reference& one : references) {
      if (one.to == Reference::To::item) check_item(file, one);
      if (one.to == Reference::To::hours) check_hours(file, one);
      if (one.to == Reference::To::rule) check_rule(file, one);
    }
  }
  void check_item(const std::string& file, const Reference& one) {
    if (duty_ && std::find(items_.begin(), items_.end(), one.name) == items_.end())
      problems_.push_back(
          {file, one.place,
           "the duty list has no item '" + one.name + "'" + yaml::meant(one.name, items_)});
  }
  /// Hours that the calendar does not have would never close.
  void check_hours(const std::string& file, const Reference& one) {
    if (!calendar_.value_or(city::Calendar{}).knows(one.name))
      problems_.push_back(
          {file, one.place, "the calendar has no hours '" + one.name + "' of service"});
  }
  void check_rule(const std::string& file, const Reference& one) {
    if (!rules_.contains(one.name))
      problems_.push_back({file, one.place,
                           "no rule pack has the rule '" + one.name + "'" +
                               yaml::meant(one.name, names_of(rules_))});
  }
  /// Life never waits for another warning.
  void check_children() {
    const std::string file = file_of_(city::kParentsVersion);
    for (const Reference& child : parents_->children()) {
      check_rule(file, child);
      const auto rule = rules_.find(child.name);
      if (rule != rules_.end() && rule->second == city::Consequence::life)
        problems_.push_back(
            {file, child.place,
             "'" + child.name + "' is of consequence life, which is never suppressed"});
    }
  }

  const std::vector<rules::Pack>& packs_;
  const std::function<std::string(std::string_view)>& file_of_;
  const std::optional<city::DutyList> duty_;
  const std::optional<city::Calendar> calendar_;
  const std::optional<city::HotlineList> hotline_;
  const std::optional<city::LawList> law_;
  const std::optional<city::ParentList> parents_;
  std::map<std::string, city::Consequence> rules_;
  std::vector<std::string> items_;
  std::vector<yaml::Problem> problems_;
};

}  // namespace

Result<void> check_references(const std::vector<Version>& versions,
                              const std::vector<rules::Pack>& packs,
                              const std::function<std::string(std::string_view)>& file_of) {
  return Checking{versions, packs, file_of}.run();
}

}  // namespace app
