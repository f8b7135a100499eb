#include "operators/duty/parent_list.h"

#include <algorithm>
#include <set>

#include "operators/duty/reading.h"

namespace city {
namespace {

using yaml::Mapping;
using yaml::Node;

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

class ParentReader {
 public:
  ParentReader(ParentList& list, yaml::Problems& problems) : list_(list), problems_(problems) {}

  void read(const Node& root) {
    Mapping file{root, "the list of parents", problems_};
    each(file, "entities", [this](const Node& node) { read_covering(node); });
    each(file, "places", [this](const Node& node) { read_place(node); });
  }

 private:
  /// An empty list may be left empty: nothing is a consequence.
  template <class Element>
  static void each(Mapping& file, std::string_view key, Element element) {
    const Node* node = file.get(key);
    if (node == nullptr || !node->is(Node::Kind::nothing)) file.each(key, element);
  }

  void read_covering(const Node& node) {
    Mapping map{node, "a covering", problems_};
    (void)map.required("parents", "[elevator.trapped]");
    (void)map.required("children", "[elevator.fault]");
    Covering one{read_references(map, "parents", Reference::To::rule, list_.references_),
                 children(map, map.get("children"))};
    if ((map.has("parents") && one.parents.empty()) ||
        (map.has("children") && one.children.empty()))
      problems_.add(map.place(), "a covering names rules as 'parents' and as 'children'");
    for (const std::string& parent : one.parents)
      for (const std::string& child : one.children) check(node, parent, child);
    list_.coverings_.push_back(std::move(one));
  }

  std::vector<std::string> children(Mapping& map, const Node* node) {
    if (node != nullptr && node->is_list())
      for (const Node& one : node->items)
        if (one.is_scalar()) list_.children_.push_back({Reference::To::rule, one.text, one.place});
    return map.texts("children");
  }

  void read_place(const Node& node) {
    Mapping map{node, "a rule of places", problems_};
    PlaceRule place;
    place.rule = map.name("rule", "building.elevators_silent");
    place.title =
        read_two_languages(map, "title", {"整楼电梯失联", "A building's elevators are silent"});
    place.children = map.name("children", "elevator.silent");
    if (const Node* child = map.get("children"))
      list_.children_.push_back({Reference::To::rule, place.children, child->place});
    (void)map.required("count", "3");
    place.count = map.number("count", 2, kMaxAtPlace).value_or(2);
    (void)map.required("within", "10m");
    place.within = map.time("within").value_or(streams::Duration{});
    (void)map.required("consequence", "order");
    place.consequence = map.choice("consequence", Consequence::order);
    if (map.has("order")) {
      place.item = map.name("order", "building.outage");
      list_.references_.push_back({Reference::To::item, place.item, map.place_of("order")});
    }
    check(node, place.rule, place.children);
    if (!counted_.insert(place.children).second)
      problems_.add(map.place(), "'" + place.children + "' is counted twice");
    if (!rules_.insert(place.rule).second)
      problems_.add(map.place_of("rule"), "rule '" + place.rule + "' is there twice");
    list_.places_.push_back(std::move(place));
  }

  void check(const Node& node, const std::string& parent, const std::string& child) {
    parents_.insert(parent);
    seen_.insert(child);
    for (const std::string& rule : {parent, child})
      if (parents_.contains(rule) && seen_.contains(rule))
        problems_.add(node.place, "'" + rule + "' is a parent and a child");
  }

  ParentList& list_;
  yaml::Problems& problems_;
  std::set<std::string> parents_, seen_, counted_, rules_;
};

streams::Result<ParentList> ParentList::parse(std::string_view text, const std::string& file) {
  return read_file_of<ParentList>(text, file,
                                  [](const Node& root, ParentList& list, auto& problems) {
                                    ParentReader{list, problems}.read(root);
                                  });
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

}  // namespace city
