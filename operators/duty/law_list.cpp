#include "operators/duty/law_list.h"

#include <algorithm>

#include "operators/rules/yaml.h"

namespace city {
namespace {

using streams::Duration;

Text read_text(rules::Yaml& map, const std::string& key, std::string_view zh, std::string_view en) {
  const YAML::Node node = map.get(key);
  if (!node.IsDefined()) {
    map.problems().add(map.place(), "a behaviour needs '" + key + "' in zh and en");
    return {};
  }
  rules::Yaml languages{node, "a text in two languages", map.problems()};
  return {languages.required_text("zh", std::string{zh}),
          languages.required_text("en", std::string{en})};
}

Duration read_time(rules::Yaml& map, const std::string& key, std::string_view example) {
  const std::size_t before = map.problems().all.size();
  const std::optional<Duration> time = map.duration(key);
  if (map.problems().all.size() == before && (!time || *time <= Duration::zero()))
    map.problems().add(map.place(),
                       "a behaviour needs '" + key + "', such as " + std::string{example});
  return time.value_or(Duration{});
}

Behaviour read_behaviour(const YAML::Node& node, rules::Problems& problems) {
  rules::Yaml map{node, "a behaviour", problems};
  Behaviour behaviour;
  behaviour.name = map.required_text("behaviour", "street.goods_beyond_door");
  behaviour.title = read_text(map, "title", "跨门经营", "Goods beyond the door");
  behaviour.rules = map.texts("rules");
  behaviour.items = map.texts("items");
  if (behaviour.rules.empty() && behaviour.items.empty())
    problems.add(map.place(), "a behaviour names the 'rules' or 'items' whose violation it is");
  const std::string minor = map.required_text("minor", "true");
  if (!minor.empty() && minor != "true" && minor != "false")
    problems.add(map.place(), "'minor' is true or false, not '" + minor + "'");
  behaviour.minor = minor == "true";
  behaviour.window = read_time(map, "window", "365d");
  behaviour.correct = read_time(map, "correct", "1d");
  behaviour.fine = read_text(map, "fine", "依法处罚", "A fine as the law has it");
  behaviour.sources = map.texts("sources");
  if (behaviour.sources.empty())
    problems.add(map.place(), "a behaviour needs 'sources': the articles on which it rests");
  return behaviour;
}

/// A name that two behaviours have, or two of them claim.
void find_doubles(const std::vector<Behaviour>& all, rules::Problems& problems) {
  const auto claim = [&](const std::string& what, const std::string& name, const Behaviour& by,
                         const std::vector<std::string> Behaviour::*list) {
    for (const Behaviour& other : all) {
      if (&other == &by) return;
      const auto& names = other.*list;
      if (std::find(names.begin(), names.end(), name) != names.end())
        problems.add({1, 1}, what + " '" + name + "' is named by both '" + other.name + "' and '" +
                                 by.name + "': a finding would be two behaviours");
    }
  };
  for (const Behaviour& one : all) {
    for (const Behaviour& other : all) {
      if (&other == &one) break;
      if (other.name == one.name)
        problems.add({1, 1}, "behaviour '" + one.name + "' is there twice");
    }
    for (const std::string& rule : one.rules) claim("rule", rule, one, &Behaviour::rules);
    for (const std::string& item : one.items) claim("item", item, one, &Behaviour::items);
  }
}

}  // namespace

streams::Result<LawList> LawList::parse(std::string_view yaml, const std::string& file) {
  LawList list;
  rules::Problems problems{file, {}};
  try {
    rules::Yaml root{YAML::Load(std::string{yaml}), "the list of the law", problems};
    list.notice_ = root.duration("notice").value_or(list.notice_);
    list.decide_ = root.duration("decide").value_or(list.decide_);
    list.serve_ = root.duration("serve").value_or(list.serve_);
    root.each("behaviours", [&](const YAML::Node& node) {
      list.behaviours_.push_back(read_behaviour(node, problems));
    });
  } catch (const YAML::Exception& e) {  // yaml-cpp reports syntax this way only
    problems.add({e.mark.line + 1, e.mark.column + 1}, e.msg);
  }
  find_doubles(list.behaviours_, problems);
  if (problems.all.empty()) return list;
  return rules::refusal(problems.all);
}

const Behaviour* LawList::behaviour(std::string_view name) const {
  for (const Behaviour& one : behaviours_)
    if (one.name == name) return &one;
  return nullptr;
}

std::vector<const Behaviour*> LawList::of(const std::vector<std::string>& rules,
                                          std::string_view item) const {
  std::vector<const Behaviour*> found;
  for (const Behaviour& one : behaviours_)
    if (std::any_of(one.rules.begin(), one.rules.end(), [&](const std::string& rule) {
          return std::find(rules.begin(), rules.end(), rule) != rules.end();
        }))
      found.push_back(&one);
  if (!found.empty()) return found;
  for (const Behaviour& one : behaviours_)
    if (std::find(one.items.begin(), one.items.end(), item) != one.items.end())
      found.push_back(&one);
  return found;
}

}  // namespace city
