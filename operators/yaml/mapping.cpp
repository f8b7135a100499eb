#include "operators/yaml/mapping.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "operators/rules/cel/nearest.h"
#include "streams/json.h"

namespace yaml {
namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string{text} + "'";
}

std::optional<streams::Duration> bounded_duration(std::string_view text) {
  const auto parsed = streams::parse_duration(text);
  return parsed && *parsed <= kLongestDuration ? parsed : std::nullopt;
}

}  // namespace

Mapping::Mapping(const Node& node, std::string what, Problems& problems)
    : node_(node), what_(std::move(what)), problems_(problems) {
  if (!node_.is_map() && !node_.is(Node::Kind::refused))
    problems_.add(node_.place,
                  what_ + " must be a mapping of keys to values, not " + node_.shown());
}

Mapping::~Mapping() {
  const std::vector<std::string> known{asked_.begin(), asked_.end()};
  for (const Member& member : node_.members)
    if (!asked_.contains(member.key.text))
      problems_.add(member.key.place, "unknown key " + quoted(member.key.text) + " in " + what_ +
                                          meant(member.key.text, known));
}

const Node* Mapping::get(std::string_view key) {
  asked_.emplace(key);
  return node_.find(key);
}

const Node* Mapping::required(std::string_view key, std::string_view example) {
  const Node* node = get(key);
  if (node == nullptr && node_.is_map())
    problems_.add(place(), what_ + " needs " + quoted(key) + ", as in `" + std::string{key} + ": " +
                               std::string{example} + "`");
  return node;
}

Place Mapping::place_of(std::string_view key) {
  const Node* node = get(key);
  return node == nullptr ? place() : node->place;
}

void Mapping::refuse(std::string_view key, std::string_view why) {
  asked_.emplace(key);
  for (const Member& member : node_.members)
    if (member.key.text == key)
      problems_.add(member.key.place, quoted(key) + " " + std::string{why});
}

void Mapping::mistaken(const Node& node, std::string_view key, std::string_view expected) {
  if (node.is(Node::Kind::refused)) return;
  problems_.add(node.place, quoted(key) + " of " + what_ + ": expected " + std::string{expected} +
                                ", not " + node.shown());
}

std::string Mapping::text(std::string_view key, std::string_view otherwise) {
  return value(
             key, [](const std::string& text) { return std::optional{text}; }, "text")
      .value_or(std::string{otherwise});
}

std::string Mapping::required_text(std::string_view key, std::string_view example) {
  if (required(key, example) == nullptr) return {};
  return value(
             key,
             [](const std::string& text) {
               return text.empty() ? std::nullopt : std::optional{text};
             },
             "text such as `" + std::string{example} + "`")
      .value_or("");
}

std::string Mapping::name(std::string_view key, std::string_view example) {
  if (required(key, example) == nullptr) return {};
  return value(
             key,
             [](const std::string& text) {
               return is_name(text) ? std::optional{text} : std::nullopt;
             },
             "a name such as `" + std::string{example} + "`, without spaces, of at most " +
                 std::to_string(kMaxNameBytes) + " bytes")
      .value_or("");
}

bool Mapping::flag(std::string_view key, bool otherwise) {
  const Node* node = get(key);
  if (node == nullptr) return otherwise;
  if (node->is_scalar() && node->plain && (node->text == "true" || node->text == "false"))
    return node->text == "true";
  mistaken(*node, key, "true or false, as YAML 1.2 writes them");
  return otherwise;
}

std::optional<int> Mapping::number(std::string_view key, int least, int most) {
  return value(
      key, [&](const std::string& text) { return whole_number(text, least, most); },
      "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

std::optional<double> Mapping::decimal(std::string_view key, double least, double most) {
  const auto parse = [&](const std::string& text) -> std::optional<double> {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (!whole || !std::isfinite(number) || number < least || number > most) return std::nullopt;
    return number;
  };
  const auto shown = [](double number) {
    std::string digits;
    streams::append_json_number(digits, number);
    return digits;
  };
  return value(key, parse, "a number from " + shown(least) + " to " + shown(most));
}

std::optional<streams::Duration> Mapping::duration(std::string_view key) {
  return value(key, bounded_duration, kDurationForm);
}

std::optional<streams::Duration> Mapping::time(std::string_view key) {
  const auto parse = [](const std::string& text) {
    const auto parsed = bounded_duration(text);
    return parsed && *parsed > streams::Duration::zero() ? parsed : std::nullopt;
  };
  return value(key, parse, std::string{kDurationForm} + ", longer than nothing");
}

void Mapping::each(std::string_view key, const std::function<void(const Node&)>& element) {
  const Node* node = get(key);
  if (node == nullptr) return;
  if (!node->is_list()) return mistaken(*node, key, "a list");
  for (const Node& one : node->items) element(one);
}

void Mapping::members(std::string_view key,
                      const std::function<void(const Node&, const Node&)>& member) {
  const Node* node = get(key);
  if (node == nullptr) return;
  if (!node->is_map()) return mistaken(*node, key, "a mapping of names to values");
  for (const Member& one : node->members) {
    if (!is_name(one.key.text))
      problems_.add(one.key.place, "expected a name without spaces, not " + one.key.shown());
    member(one.key, one.value);
  }
}

std::vector<std::string> Mapping::texts(std::string_view key) {
  std::vector<std::string> all;
  each(key, [&](const Node& node) {
    const std::optional<std::string> text = read_text(node, problems_);
    if (!text) return;
    if (std::find(all.begin(), all.end(), *text) != all.end())
      problems_.add(node.place, quoted(*text) + " stands twice in " + quoted(key));
    else
      all.push_back(*text);
  });
  return all;
}

std::optional<std::string> read_text(const Node& node, Problems& problems) {
  if (node.is_scalar() && !node.text.empty()) return node.text;
  if (!node.is(Node::Kind::refused)) problems.add(node.place, "expected text, not " + node.shown());
  return std::nullopt;
}

std::optional<streams::Duration> read_duration(const Node& node, Problems& problems) {
  std::optional<streams::Duration> duration;
  if (node.is_scalar()) duration = bounded_duration(node.text);
  if (!duration && !node.is(Node::Kind::refused))
    problems.add(node.place, "expected " + std::string{kDurationForm} + ", not " + node.shown());
  return duration;
}

std::optional<int> whole_number(std::string_view text, int least, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number < least || number > most ? std::nullopt : std::optional{number};
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes &&
         std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\\' || c == 0x7f;
         });
}

bool is_entity(std::string_view text) {
  const std::size_t slash = text.find('/');
  return is_name(text) && slash != text.npos && slash > 0 && slash + 1 < text.size();
}

std::string meant(std::string_view word, const std::vector<std::string>& known) {
  if (const auto near = cel::nearest(word, known)) return "; did you mean '" + *near + "'?";
  std::string all;
  for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
  return all.empty() ? "" : "; known are: " + all;
}

}  // namespace yaml
