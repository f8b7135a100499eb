#pragma once

// Nearest: the known name that a misspelt one was probably meant to be. Called by the checker.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cel {

/// The first of those with the fewest insertions, deletions and replacements of bytes, at most 2.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> known);

}  // namespace cel
