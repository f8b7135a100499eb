#include "operators/yaml/json.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "streams/json.h"

namespace yaml {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// What YAML 1.1 or a language's habit takes for a boolean or null.
bool is_doubtful_word(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {"true", "false", "null", "yes", "no",
                                                      "on",   "off",   ".nan", ".inf"};
  std::string small{text};
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (small.starts_with("-.") || small.starts_with("+.")) small.erase(0, 1);
  return std::find(kWords.begin(), kWords.end(), small) != kWords.end();
}

/// 007, +5, 0x1F, 1_000, .5, 5.: a number to some, text to others.
bool is_doubtful_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b"))
    return text.size() > 2;
  return !text.empty() && text.find_first_of("0123456789") != text.npos &&
         text.find_first_not_of("0123456789._") == text.npos &&
         std::count(text.begin(), text.end(), '.') <= 1;
}

/// JSON's grammar; from_chars takes more.
bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - from;
  };
  const std::size_t first = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::string plain_word(const Node& node, Problems& problems) {
  const std::string& text = node.text;
  if (text == "true" || text == "false") return text;
  std::string out;
  if (is_json_number(text)) {
    double number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec == std::errc{} && std::isfinite(number)) {
      streams::append_json_number(out, number);
      return out;
    }
    problems.add(node.place, node.shown() + " is too large for a number; expected a smaller one");
    return "null";
  }
  if (is_doubtful_word(text))
    problems.add(node.place, node.shown() +
                                 " may be a boolean or text; expected true, false, null"
                                 " or the word in quotes");
  else if (is_doubtful_number(text))
    problems.add(node.place, node.shown() +
                                 " may be a number or text; expected a number as JSON "
                                 "writes it, or text in quotes");
  streams::append_json_text(out, text);
  return out;
}

}  // namespace

std::string to_json(const Node& node, Problems& problems) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::map:
      for (const Member& member : node.members) {
        out += out.empty() ? "{" : ",";
        streams::append_json_text(out, member.key.text);
        out += ":" + to_json(member.value, problems);
      }
      return out.empty() ? "{}" : out + "}";
    case Node::Kind::list:
      for (const Node& item : node.items)
        out += (out.empty() ? "[" : ",") + to_json(item, problems);
      return out.empty() ? "[]" : out + "]";
    case Node::Kind::scalar:
      if (node.plain) return plain_word(node, problems);
      streams::append_json_text(out, node.text);
      return out;
    default:
      return "null";
  }
}

}  // namespace yaml
