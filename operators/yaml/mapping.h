#pragma once

// Mapping: one mapping of a YAML file, read key by key: what is missing, unknown or not of the kind
// that is meant becomes a Problem with line, column and what was expected. A value that can't be
// read gives its default, so that reading goes on and all problems are told at once. Used by all
// who read a file that a person wrote; any thread.
//
//   Mapping map{node, "a level", problems};
//   level.accept = map.value("accept", Span::parse, kSpanForm).value_or(Span{});
//   level.rescuer = map.flag("rescuer", false);
//
// Booleans are YAML 1.2's `true` and `false` alone. A text may look like a number.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "operators/yaml/node.h"
#include "streams/schema.h"
#include "streams/time.h"

namespace yaml {

inline constexpr std::size_t kMaxNameBytes = 128;
/// A longer duration is a mistake, and far from what a time can hold.
inline constexpr streams::Duration kLongestDuration = std::chrono::days{36'525};
inline constexpr std::string_view kDurationForm = "a duration such as 60s, 15m, 24h or 15d";

class Mapping {
 public:
  /// `what` names the mapping in sentences: "a rule", "the pack".
  Mapping(const Node& node, std::string what, Problems& problems);
  /// Complains of every key that nobody asked for.
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  const Place& place() const { return node_.place; }
  const Node& node() const { return node_; }
  Problems& problems() { return problems_; }

  /// The node under a key, or null.
  const Node* get(std::string_view key);
  bool has(std::string_view key) { return get(key) != nullptr; }
  /// The same; that it is missing is a problem.
  const Node* required(std::string_view key, std::string_view example);
  /// Where the value stands, or the mapping where there is none.
  Place place_of(std::string_view key);
  /// Keys that are read only elsewhere: "belongs to a rule with `missing: true`".
  void refuse(std::string_view key, std::string_view why);

  std::string text(std::string_view key, std::string_view otherwise = "");
  std::string required_text(std::string_view key, std::string_view example);
  /// What others refer to: required, short, without spaces.
  std::string name(std::string_view key, std::string_view example);
  bool flag(std::string_view key, bool otherwise);
  std::optional<int> number(std::string_view key, int least, int most);
  std::optional<double> decimal(std::string_view key, double least, double most);
  std::optional<streams::Duration> duration(std::string_view key);
  /// Longer than nothing.
  std::optional<streams::Duration> time(std::string_view key);

  /// A scalar through `parse`, which gives an optional; `expected`: "a duration such as 60s".
  template <class Parse>
  auto value(std::string_view key, Parse parse, std::string_view expected)
      -> decltype(parse(std::string{})) {
    const Node* node = get(key);
    if (node == nullptr) return std::nullopt;
    decltype(parse(std::string{})) parsed;
    if (node->is_scalar()) parsed = parse(node->text);
    if (!parsed) mistaken(*node, key, expected);
    return parsed;
  }
  /// One of an enumeration's words.
  template <streams::Named T>
  T choice(std::string_view key, T otherwise) {
    std::string words;
    for (const std::string_view word : names_of(T{}))
      words.append(words.empty() ? "" : ", ").append(word);
    return value(
               key, [](const std::string& word) { return streams::named<T>(word); },
               "one of " + words)
        .value_or(otherwise);
  }

  void each(std::string_view key, const std::function<void(const Node&)>& element);
  void members(std::string_view key,
               const std::function<void(const Node& key, const Node& value)>& member);
  /// A list of texts, each once.
  std::vector<std::string> texts(std::string_view key);

 private:
  void mistaken(const Node& node, std::string_view key, std::string_view expected);

  const Node& node_;
  const std::string what_;
  Problems& problems_;
  std::set<std::string, std::less<>> asked_;
};

/// For elements of lists; nothing after a complaint.
std::optional<std::string> read_text(const Node& node, Problems& problems);
std::optional<streams::Duration> read_duration(const Node& node, Problems& problems);
std::optional<int> whole_number(std::string_view text, int least, int most);
/// A text that is short and has no spaces, for keys and elements that are names.
bool is_name(std::string_view text);
/// "seat/3".
bool is_entity(std::string_view text);

/// "; did you mean 'x'?", or "; known are: …".
std::string meant(std::string_view word, const std::vector<std::string>& known);

}  // namespace yaml
