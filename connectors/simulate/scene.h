#pragma once

// Scene: what is really there, whatever rules and registers say. City answers it, Crews look.

#include <cstddef>
#include <string_view>

namespace simulate {

/// What an order can be about.
enum class Matter { trapped, fault, ebike, maintenance, inspection, rectification };
inline constexpr std::size_t kMatterCount = 6;

struct Scene {
  bool real = false;  // as reported: people inside, a fault, an e-bike; a record's work not done
  int people = 0, injured = 0;
  bool smoke = false;
  std::string_view cause;  // of an entrapment
};

}  // namespace simulate
