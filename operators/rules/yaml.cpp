#include "operators/rules/yaml.h"

#include <algorithm>
#include <charconv>

#include "streams/json.h"

namespace rules {

Yaml::Yaml(const YAML::Node& node, std::string what, Problems& problems)
    : node_(node), what_(std::move(what)), problems_(problems) {
  if (!node_.IsMap())
    problems_.add(place_of(node_), what_ + " must be a mapping of keys to values");
}

Yaml::~Yaml() {
  if (!node_.IsMap()) return;
  for (const auto& entry : node_) {
    const std::string key = entry.first.Scalar();
    if (asked_.contains(key)) continue;
    const std::string meant = nearest(key, asked_);
    std::string known;
    for (const std::string& name : asked_) known += (known.empty() ? "" : ", ") + name;
    problems_.add(place_of(entry.first), "unknown key '" + key + "' in " + what_ +
                                             (meant.empty() ? "; known are: " + known
                                                            : "; did you mean '" + meant + "'?"));
  }
}

YAML::Node Yaml::get(const std::string& key) {
  asked_.insert(key);
  // The const operator[] of a missing key gives a node that throws when it is asked anything.
  if (node_.IsMap())
    for (const auto& entry : node_)
      if (entry.first.IsScalar() && entry.first.Scalar() == key) return entry.second;
  return YAML::Node{YAML::NodeType::Undefined};
}

std::string Yaml::text(const std::string& key, const std::string& otherwise) {
  const YAML::Node node = get(key);
  if (!node.IsDefined()) return otherwise;
  if (node.IsScalar()) return node.Scalar();
  problems_.add(place_of(node), "'" + key + "' of " + what_ + " must be text");
  return otherwise;
}

std::string Yaml::required_text(const std::string& key, const std::string& example) {
  if (!has(key))
    problems_.add(place(), what_ + " needs '" + key + "', as in `" + key + ": " + example + "`");
  return text(key);
}

std::optional<streams::Duration> read_duration(const YAML::Node& node, Problems& problems) {
  std::optional<streams::Duration> duration;
  if (node.IsScalar()) duration = streams::parse_duration(node.Scalar());
  if (!duration)
    problems.add(place_of(node), "expected a duration such as 60s, 15m, 24h or 15d, not '" +
                                     (node.IsScalar() ? node.Scalar() : "a list or mapping") + "'");
  return duration;
}

std::optional<streams::Duration> Yaml::duration(const std::string& key) {
  const YAML::Node node = get(key);
  return node.IsDefined() ? read_duration(node, problems_) : std::nullopt;
}

std::optional<int> Yaml::number(const std::string& key) {
  const YAML::Node node = get(key);
  if (!node.IsDefined()) return std::nullopt;
  int value = 0;
  if (node.IsScalar()) {
    const std::string& digits = node.Scalar();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc{} && end == digits.data() + digits.size()) return value;
  }
  problems_.add(place_of(node), "'" + key + "' of " + what_ + " must be a whole number");
  return std::nullopt;
}

void Yaml::each(const std::string& key, const std::function<void(const YAML::Node&)>& element) {
  const YAML::Node node = get(key);
  if (!node.IsDefined()) return;
  if (!node.IsSequence())
    return problems_.add(place_of(node), "'" + key + "' of " + what_ + " must be a list");
  for (const YAML::Node& one : node) element(one);
}

std::vector<std::string> Yaml::texts(const std::string& key) {
  std::vector<std::string> all;
  each(key, [&](const YAML::Node& node) {
    if (node.IsScalar())
      all.push_back(node.as<std::string>());
    else
      problems_.add(place_of(node), "text is expected here");
  });
  return all;
}

std::string to_json(const YAML::Node& node) {
  std::string out;
  if (node.IsMap()) {
    for (const auto& entry : node) {
      out += out.empty() ? "{" : ",";
      streams::append_json_text(out, entry.first.Scalar());
      out += ":" + to_json(entry.second);
    }
    return out.empty() ? "{}" : out + "}";
  }
  if (node.IsSequence()) {
    for (const YAML::Node& element : node) out += (out.empty() ? "[" : ",") + to_json(element);
    return out.empty() ? "[]" : out + "]";
  }
  if (!node.IsScalar()) return "null";
  const std::string& text = node.Scalar();
  if (node.Tag() != "!") {  // a plain scalar
    if (text == "true" || text == "false" || text == "null" || text == "~")
      return text == "~" ? "null" : text;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) {
      streams::append_json_number(out, number);
      return out;
    }
  }
  streams::append_json_text(out, text);
  return out;
}

std::string nearest(const std::string& word, const std::set<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = 3;
  for (const std::string& candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i + 1);
      for (std::size_t k = 0; k < candidate.size(); ++k) {
        const std::size_t replace = diagonal + (word[i] == candidate[k] ? 0 : 1);
        diagonal = row[k + 1];
        row[k + 1] = std::min({replace, row[k] + 1, row[k + 1] + 1});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace rules
