#include "connectors/http/target.h"

#include <algorithm>

#include "streams/json.h"

namespace connectors {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// "a=1&b=2", each decoded. A '+' is itself.
bool take_query(std::string_view query,
                std::vector<std::pair<std::string, std::string>>& parameters) {
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    const std::size_t equals = std::min(one.find('='), one.size());
    auto name = percent_decoded(one.substr(0, equals));
    auto value = percent_decoded(one.substr(std::min(equals + 1, one.size())));
    if (!name || !value) return false;
    if (!name->empty()) parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

/// Text that answers and logs can show.
bool readable(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c < 0x20 || c == 0x7F; }) &&
         streams::readable_text(text) == text;
}

/// Takes "http://host:port" off the front; false: that is no such URI.
bool take_authority(std::string_view& text, std::string& authority) {
  const std::size_t end_of_scheme = text.find("://");
  if (end_of_scheme == text.npos) return false;
  const std::string scheme = lower_case(text.substr(0, end_of_scheme));
  if (scheme != "http" && scheme != "https") return false;
  text.remove_prefix(end_of_scheme + 3);
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  authority = text.substr(0, end);
  text.remove_prefix(end);
  return host_name(authority).has_value();
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
    i += 2;
  }
  return out;
}

std::optional<std::string> host_name(std::string_view authority) {
  constexpr std::string_view kMarks = "-._~%!$&'()*+,;=";
  const bool bracket = authority.starts_with('[');
  const std::size_t end =
      bracket ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == authority.npos || end == 0) return std::nullopt;
  const std::string_view name = authority.substr(0, bracket ? end + 1 : end);
  std::string_view port = authority.substr(name.size());
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto of_name = [&](char c) {
    return digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || kMarks.find(c) != kMarks.npos ||
           (bracket && (c == ':' || c == '[' || c == ']'));
  };
  if (!std::all_of(name.begin(), name.end(), of_name)) return std::nullopt;
  if (!port.empty() && port.front() != ':') return std::nullopt;
  if (!port.empty()) port.remove_prefix(1);
  if (port.size() > 5 || !std::all_of(port.begin(), port.end(), digit)) return std::nullopt;
  return lower_case(name);
}

std::optional<Target> parse_target(std::string_view text, std::string& problem) {
  Target target;
  if (text == "*") {
    target.path = "*";
    return target;
  }
  if (!text.starts_with('/') && !take_authority(text, target.authority)) {
    problem = "the target of the request is neither a path nor a URI that begins with http://";
    return std::nullopt;
  }
  const std::size_t query = std::min(text.find('?'), text.size());
  auto path = percent_decoded(text.substr(0, query));
  if (path && path->empty()) *path = "/";
  if (!path || !path->starts_with('/') || !readable(*path)) {
    problem = "the path of the request can't be read";
    return std::nullopt;
  }
  target.path = std::move(*path);
  if (!take_query(text.substr(std::min(query + 1, text.size())), target.parameters)) {
    problem = "the query of the request can't be read";
    return std::nullopt;
  }
  return target;
}

}  // namespace connectors
