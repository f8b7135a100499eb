#pragma once

// Macro: the loops of CEL, which the parser recognises by name and the machine runs. Any thread.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cel {

/// What a loop makes of its elements.
enum class Macro : std::uint8_t { all, exists, exists_one, filter, map };

constexpr std::string_view kMacroNames[] = {"all", "exists", "exists_one", "filter", "map"};

constexpr std::string_view name_of(Macro macro) {
  return kMacroNames[static_cast<std::size_t>(macro)];
}

}  // namespace cel
