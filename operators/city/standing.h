#pragma once

// Standing: for whom somebody may speak, as far as names tell. A pattern is a name, or a beginning
// that ends in '*'. An officer is not called by name; a door that knows its caller says for which
// units one answers (the CloudEvents attribute `vouchedunits`: patterns, with blanks between), and
// the engine counts the step where one of these units was called. Read by the operators and by the
// HTTP door's rights. Any thread.

#include <algorithm>
#include <iterator>
#include <string_view>

namespace city {

/// As `vouchedunits`: a door has looked, and knows no unit for which the officer answers.
inline constexpr std::string_view kNoUnit = "none";
/// The same: this door asks nobody for a token; its broker decides who may write.
inline constexpr std::string_view kEveryUnit = "*";

inline bool matches(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return pattern == name;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

template <class Patterns>
bool matches_any(const Patterns& patterns, std::string_view name) {
  return std::any_of(std::begin(patterns), std::end(patterns),
                     [&](std::string_view pattern) { return matches(pattern, name); });
}

/// Calls `take` with each name in a list with blanks between.
template <class Take>
void each_name(std::string_view list, const Take& take) {
  while (!list.empty()) {
    const std::string_view name = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(name.size() + 1, list.size()));
    if (!name.empty()) take(name);
  }
}

inline bool is_vouched(std::string_view vouched) {
  return !vouched.empty() && vouched != kNoUnit;
}
inline bool vouches_for(std::string_view vouched, std::string_view unit) {
  bool found = false;
  if (is_vouched(vouched))
    each_name(vouched, [&](std::string_view pattern) { found = found || matches(pattern, unit); });
  return found;
}

}  // namespace city
