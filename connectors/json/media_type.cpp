#include "connectors/json/media_type.h"

#include <algorithm>

namespace connectors {
namespace {

constexpr std::string_view kBlank = " \t";

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
  });
  return out;
}

/// Takes a token (RFC 9110, 5.6.2) off the front; empty: there is none.
std::string_view take_token(std::string_view& text) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const auto is_token = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           kMarks.find(c) != kMarks.npos;
  };
  std::size_t size = 0;
  while (size < text.size() && is_token(text[size])) ++size;
  const std::string_view token = text.substr(0, size);
  text.remove_prefix(size);
  return token;
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
}

/// A token or a quoted string; nothing: neither.
std::optional<std::string> take_value(std::string_view& text) {
  if (!text.starts_with('"')) {
    const std::string_view token = take_token(text);
    return token.empty() ? std::nullopt : std::optional{std::string{token}};
  }
  text.remove_prefix(1);
  std::string value;
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\') text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    value += text.front();
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

}  // namespace

std::optional<MediaType> parse_media_type(std::string_view text) {
  skip_blanks(text);
  const std::string_view type = take_token(text);
  if (type.empty() || !text.starts_with('/')) return std::nullopt;
  text.remove_prefix(1);
  const std::string_view subtype = take_token(text);
  if (subtype.empty()) return std::nullopt;
  MediaType media{.name = lower(type) + "/" + lower(subtype), .charset = {}};
  for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    skip_blanks(text);
    if (text.empty() || text.front() == ';') continue;  // an empty parameter is none
    const std::string name = lower(take_token(text));
    if (name.empty() || !text.starts_with('=')) return std::nullopt;
    text.remove_prefix(1);
    const std::optional<std::string> value = take_value(text);
    if (!value) return std::nullopt;
    if (name == "charset") media.charset = lower(*value);
  }
  return media;
}

bool is_json(std::string_view media_type) {
  if (media_type == "application/json") return true;  // nearly every event of a city says just this
  const std::optional<MediaType> media = parse_media_type(media_type);
  return media && media->utf8() &&
         (media->name == "application/json" || media->name == "text/json" ||
          media->name.ends_with("+json"));
}

}  // namespace connectors
