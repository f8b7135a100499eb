#include "operators/duty/parent_list.h"

#include <algorithm>
#include <set>

#include "operators/rules/yaml.h"

namespace city {
namespace {

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

Covering read_covering(const YAML::Node& node, rules::Problems& problems) {
  rules::Yaml map{node, "a covering", problems};
  Covering covering{map.texts("parents"), map.texts("children")};
  if (covering.parents.empty() || covering.children.empty())
    problems.add(map.place(), "a covering names rules as 'parents' and as 'children'");
  return covering;
}

PlaceRule read_place(const YAML::Node& node, rules::Problems& problems) {
  rules::Yaml map{node, "a rule of places", problems};
  PlaceRule place;
  place.rule = map.required_text("rule", "building.elevators_silent");
  if (const YAML::Node title = map.get("title")) {
    rules::Yaml languages{title, "a title", problems};
    place.title.zh = languages.required_text("zh", "整楼电梯失联");
    place.title.en = languages.required_text("en", "A building's elevators are silent");
  } else {
    problems.add(map.place(), "a rule of places needs 'title' in zh and en");
  }
  place.children = map.required_text("children", "elevator.silent");
  place.count = map.number("count").value_or(0);
  if (place.count < 2) problems.add(map.place(), "a rule of places needs 'count', at least 2");
  place.within = map.duration("within").value_or(streams::Duration{});
  if (place.within <= streams::Duration::zero())
    problems.add(map.place(), "a rule of places needs 'within', such as 10m");
  const std::string consequence = map.required_text("consequence", "order");
  if (const auto known = streams::named<Consequence>(consequence))
    place.consequence = *known;
  else if (!consequence.empty())
    problems.add(map.place(),
                 "'" + consequence + "' is no consequence: life, safety, order, record");
  place.item = map.text("order");
  return place;
}

}  // namespace

streams::Result<ParentList> ParentList::parse(std::string_view yaml, const std::string& file) {
  ParentList list;
  rules::Problems problems{file, {}};
  try {
    rules::Yaml root{YAML::Load(std::string{yaml}), "the list of parents", problems};
    std::set<std::string> parents, children, counted;
    const auto check = [&](const YAML::Node& node, const std::string& parent,
                           const std::string& child) {
      parents.insert(parent);
      children.insert(child);
      for (const std::string& rule : {parent, child})
        if (parents.contains(rule) && children.contains(rule))
          problems.add(rules::place_of(node), "'" + rule + "' is a parent and a child");
    };
    const auto each = [&](const char* key, const std::function<void(const YAML::Node&)>& element) {
      if (!root.get(key).IsNull()) root.each(key, element);  // empty: nothing is
    };
    each("entities", [&](const YAML::Node& node) {
      const Covering& one = list.coverings_.emplace_back(read_covering(node, problems));
      for (const std::string& parent : one.parents)
        for (const std::string& child : one.children) check(node, parent, child);
    });
    each("places", [&](const YAML::Node& node) {
      const PlaceRule& one = list.places_.emplace_back(read_place(node, problems));
      check(node, one.rule, one.children);
      if (!counted.insert(one.children).second)
        problems.add(rules::place_of(node), "'" + one.children + "' is counted twice");
    });
  } catch (const YAML::Exception& e) {  // yaml-cpp reports syntax this way only
    problems.add({e.mark.line + 1, e.mark.column + 1}, e.msg);
  }
  if (problems.all.empty()) return list;
  return rules::refusal(problems.all);
}

bool ParentList::covers(std::string_view parent, std::string_view child) const {
  return std::any_of(coverings_.begin(), coverings_.end(), [&](const Covering& one) {
    return has(one.parents, parent) && has(one.children, child);
  });
}

bool ParentList::is_parent(std::string_view rule) const {
  return std::any_of(coverings_.begin(), coverings_.end(),
                     [&](const Covering& one) { return has(one.parents, rule); });
}

const PlaceRule* ParentList::counting(std::string_view child) const {
  for (const PlaceRule& place : places_)
    if (place.children == child) return &place;
  return nullptr;
}

const PlaceRule* ParentList::place(std::string_view rule) const {
  for (const PlaceRule& place : places_)
    if (place.rule == rule) return &place;
  return nullptr;
}

std::vector<std::string> ParentList::children() const {
  std::vector<std::string> all;
  for (const Covering& one : coverings_)
    all.insert(all.end(), one.children.begin(), one.children.end());
  for (const PlaceRule& place : places_) all.push_back(place.children);
  return all;
}

}  // namespace city
