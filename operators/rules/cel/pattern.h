#pragma once

// Pattern: a regular expression of `matches` (RE2 syntax: linear time, no back references; it
// matches anywhere in the text). Compiled once with its program when it is a literal. The only
// place that knows RE2. Any thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cel {

class Pattern {
 public:
  explicit Pattern(std::string_view text);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  /// Why the text is no pattern; nothing when it is one.
  std::optional<std::string> problem() const;

  /// Whether some part of the text matches; only for a pattern without a problem.
  bool in(std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace cel
