#pragma once

// Scene: what is really there, whatever rules and registers say. City answers it, Crews look.

#include <cstddef>
#include <string_view>

namespace simulate {

/// What an order can be about.
enum class Matter {
  trapped,
  fault,
  ebike,
  maintenance,
  inspection,
  rectification,
  hygiene,  // of a kitchen
  rodent,
  food,      // what a caller says of a kitchen
  street,    // goods beyond a shop's door
  merchant,  // hygiene, as the merchant tells it; only the crews' table speaks of it
  outage,    // of a building
};
inline constexpr std::size_t kMatterCount = 12;
inline bool of_premises(Matter matter) {
  return matter >= Matter::hygiene && matter <= Matter::street;
}

struct Scene {
  bool real = false;  // as reported: people inside, a fault, goods; a record's work not done
  int people = 0, injured = 0;
  bool smoke = false;
  std::string_view cause;  // of an entrapment
};

}  // namespace simulate
