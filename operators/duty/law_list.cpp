#include "operators/duty/law_list.h"

#include <algorithm>

#include "operators/duty/reading.h"

namespace city {
namespace {

using streams::Duration;
using yaml::Mapping;
using yaml::Node;

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

Duration required_time(Mapping& map, std::string_view key, std::string_view example) {
  (void)map.required(key, example);
  return map.time(key).value_or(Duration{});
}

}  // namespace

class LawReader {
 public:
  LawReader(LawList& list, yaml::Problems& problems) : list_(list), problems_(problems) {}

  void read(const Node& root) {
    Mapping file{root, "the list of the law", problems_};
    list_.notice_ = file.duration("notice").value_or(list_.notice_);
    list_.decide_ = file.time("decide").value_or(list_.decide_);
    list_.serve_ = file.time("serve").value_or(list_.serve_);
    file.each("behaviours", [this](const Node& node) {
      Behaviour behaviour = read_behaviour(node);
      list_.behaviours_.push_back(std::move(behaviour));
    });
  }

 private:
  Behaviour read_behaviour(const Node& node) {
    Mapping map{node, "a behaviour", problems_};
    Behaviour behaviour;
    behaviour.name = map.name("behaviour", "street.goods_beyond_door");
    for (const Behaviour& other : list_.behaviours_)
      if (other.name == behaviour.name && !other.name.empty())
        problems_.add(map.place_of("behaviour"), "behaviour '" + other.name + "' is there twice");
    behaviour.title = read_two_languages(map, "title", {"跨门经营", "Goods beyond the door"});
    behaviour.rules = claimed(map, "rules", "rule", Reference::To::rule, &Behaviour::rules);
    behaviour.items = claimed(map, "items", "item", Reference::To::item, &Behaviour::items);
    if (behaviour.rules.empty() && behaviour.items.empty())
      problems_.add(map.place(), "a behaviour names the 'rules' or 'items' whose violation it is");
    (void)map.required("minor", "true");
    behaviour.minor = map.flag("minor", false);
    behaviour.window = required_time(map, "window", "365d");
    behaviour.correct = required_time(map, "correct", "1d");
    behaviour.fine = read_two_languages(map, "fine", {"依法处罚", "A fine as the law has it"});
    (void)map.required("sources", "[食品安全法第三十三条]");
    behaviour.sources = map.texts("sources");
    if (map.has("sources") && behaviour.sources.empty())
      problems_.add(map.place_of("sources"),
                    "a behaviour needs 'sources': the articles on which it rests");
    return behaviour;
  }

  /// What two behaviours claim would make a finding two of them.
  std::vector<std::string> claimed(Mapping& map, std::string_view key, const std::string& what,
                                   Reference::To to,
                                   const std::vector<std::string> Behaviour::*list) {
    map.each(key, [&](const Node& node) {
      for (const Behaviour& other : list_.behaviours_)
        if (const auto& names = other.*list; node.is_scalar() && has(names, node.text))
          problems_.add(node.place, what + " '" + node.text + "' is claimed by '" + other.name +
                                        "' already: a finding would be two behaviours");
    });
    return read_references(map, key, to, list_.references_);
  }

  LawList& list_;
  yaml::Problems& problems_;
};

streams::Result<LawList> LawList::parse(std::string_view text, const std::string& file) {
  return read_file_of<LawList>(text, file, [](const Node& root, LawList& list, auto& problems) {
    LawReader{list, problems}.read(root);
  });
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
