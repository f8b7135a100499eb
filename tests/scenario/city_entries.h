#pragma once

// CityEntries: every rule and list entry of a city's data, each with the data as it would be
// without it. So a test can ask of each entry whether anything would be missed.

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string>
#include <vector>

#include "streams/version.h"

namespace scenario {

struct Entry {
  std::string name;     // "duty items elevator.rescue", "hotline clocks 2"
  std::size_t version;  // of the city's versions
  std::string without;  // its content without the entry
};

/// The text without the lines of the block that begins in `line` (from 0): up to the next line that
/// is not deeper.
inline std::string without_block(const std::string& text, int line) {
  std::string kept;
  std::size_t depth = 0;
  bool inside = false;
  int number = 0;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string one = text.substr(at, end - at);
    const std::size_t indent = one.find_first_not_of(' ');
    if (number == line) {
      depth = indent;
      inside = true;
    } else if (inside && one != "\n" && indent <= depth) {
      inside = false;
    }
    if (!inside) kept += one;
    at = end;
  }
  return kept;
}

/// Without one of a list that stands in a line: ["a", "b"].
inline std::string without_one(std::string text, const std::string& value) {
  const std::string quoted = "\"" + value + "\"";
  for (const std::string& form : {quoted + ", ", ", " + quoted})
    if (const auto at = text.find(form); at != text.npos) return text.erase(at, form.size());
  return text;
}

class CityEntries {
 public:
  explicit CityEntries(const std::vector<streams::Version>& city) {
    for (version_ = 0; version_ < city.size(); ++version_) {
      text_ = &city[version_].content;
      file_ = city[version_].name;
      const YAML::Node root = YAML::Load(*text_);
      if (file_.starts_with("rules/")) list(root, "rules", "rule");
      if (file_ == "duty")
        for (const char* section : {"items", "units", "seats"}) map(root, section);
      if (file_ == "hotline") {
        list(root, "labels", "label");
        list(root, "unplaced", "rule");
        list(root, "clocks", "");
      }
      if (file_ == "gazetteer") {
        list(root, "categories", "name");
        list(root, "districts", "district");
      }
      if (file_ == "parents") {
        list(root, "entities", "");
        list(root, "places", "rule");
      }
      if (file_ == "law") list(root, "behaviours", "behaviour");
      if (file_ != "calendar") continue;
      map(root, "hours");
      for (const auto& year : root["years"]) {
        list(year.second, "holidays", "name");
        for (const YAML::Node& day : year.second["workdays"])
          add("workdays " + day.as<std::string>(), without_one(*text_, day.as<std::string>()));
      }
    }
  }
  const std::vector<Entry>& all() const { return all_; }

 private:
  void add(const std::string& name, std::string without) {
    all_.push_back({file_ + " " + name, version_, std::move(without)});
  }
  void list(const YAML::Node& in, const std::string& section, const std::string& key) {
    int number = 0;
    for (const YAML::Node& one : in[section]) {
      const std::string name = key.empty() ? std::to_string(number) : one[key].as<std::string>();
      add(section + " " + name, without_block(*text_, one.Mark().line));
      ++number;
    }
  }
  void map(const YAML::Node& in, const std::string& section) {
    for (const auto& one : in[section])
      add(section + " " + one.first.as<std::string>(),
          without_block(*text_, one.first.Mark().line));
  }

  std::size_t version_ = 0;
  std::string file_;
  const std::string* text_ = nullptr;
  std::vector<Entry> all_;
};

}  // namespace scenario
