#pragma once

// Yaml: one mapping of a pack, read key by key: what is missing, of the wrong kind or unknown
// becomes a Problem with line, column and what was expected. Used by pack_reader, and
// by connectors/replay for adapters.

#include <yaml-cpp/yaml.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "operators/rules/pack.h"

namespace rules {

struct Problems {
  std::string file;
  std::vector<Problem> all;
  void add(Place place, std::string what) { all.push_back({file, place, std::move(what)}); }
};

inline Place place_of(const YAML::Node& node) {
  return {node.Mark().line + 1, node.Mark().column + 1};
}

class Yaml {
 public:
  /// `what` names the mapping in sentences: "a rule", "the pack".
  Yaml(const YAML::Node& node, std::string what, Problems& problems);
  /// Complains of every key that nobody asked for.
  ~Yaml();
  Yaml(const Yaml&) = delete;
  Yaml& operator=(const Yaml&) = delete;

  bool is_map() const { return node_.IsMap(); }
  Place place() const { return place_of(node_); }
  /// The node under a key, or an undefined one.
  YAML::Node get(const std::string& key);
  bool has(const std::string& key) { return get(key).IsDefined(); }

  std::string text(const std::string& key, const std::string& otherwise = "");
  std::string required_text(const std::string& key, const std::string& example);
  std::optional<streams::Duration> duration(const std::string& key);
  std::optional<int> number(const std::string& key);
  void each(const std::string& key, const std::function<void(const YAML::Node&)>& element);
  std::vector<std::string> texts(const std::string& key);

  Problems& problems() { return problems_; }

 private:
  YAML::Node node_;
  std::string what_;
  Problems& problems_;
  std::set<std::string> asked_;
};

std::optional<streams::Duration> read_duration(const YAML::Node& node, Problems& problems);
/// YAML scalars become JSON's null, booleans, numbers and text; quoted ones are text.
std::string to_json(const YAML::Node& node);
/// The candidate within two edits of `word`, or nothing.
std::string nearest(const std::string& word, const std::set<std::string>& candidates);

}  // namespace rules
