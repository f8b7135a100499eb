#pragma once

// Values: what a slot means in an expression. Slots of scalars speak for themselves; this adds how
// lists and maps lie in an arena, what is equal, what comes first, and what things are called.
// Called by functions and the evaluator. Any thread.
//
// A list is `size` slots at `ref`. A map is `size` entries at `ref`, sorted by key: look-ups are
// binary searches, equality walks both, and whatever iterates does it in one order everywhere.
// An error is `size`: offset in the expression, `chars`: a zero-ended sentence that is static or
// lives as long as the program.

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "operators/rules/cel/arena.h"
#include "streams/slot.h"

namespace cel {

using streams::Slot;
using Kind = streams::Slot::Kind;

struct Entry {
  Slot key;
  Slot value;
};

/// Work that one evaluation may still do, in steps of loops and of walks through lists and maps:
/// an expression from a stranger ends, and ends soon.
struct Budget {
  std::uint32_t left;
  bool spend(std::uint64_t steps) {
    if (steps > left)
      left = 0;
    else
      left -= static_cast<std::uint32_t>(steps);
    return left > 0;
  }
  /// A walk through so much text or JSON.
  bool read(std::size_t bytes) {
    constexpr std::size_t kBytesPerStep = 64;
    return spend(bytes / kBytesPerStep);
  }
};

/// "the types do not fit": whoever knows the operation's name and place replaces it.
extern const char* const kMismatch;
extern const char* const kOutOfMemory;
extern const char* const kOutOfWork;

inline Slot fault(const char* message, std::uint32_t offset = 0) {
  return {.kind = Kind::error, .size = offset, .chars = message};
}
inline Slot size_of(std::size_t count) {
  return Slot::integer(static_cast<std::int64_t>(count));
}

inline Slot list_of(std::span<const Slot> items) {
  return {
      .kind = Kind::list, .size = static_cast<std::uint32_t>(items.size()), .ref = items.data()};
}
inline std::span<const Slot> items(const Slot& list) {
  return {static_cast<const Slot*>(list.ref), list.size};
}
inline std::span<const Entry> entries(const Slot& map) {
  return {static_cast<const Entry*>(map.ref), map.size};
}

/// Sorts the entries, which stay where they are (in an arena), and makes the map of them; a fault
/// when two keys are equal or one is neither bool, int, uint nor string.
Slot map_of(std::span<Entry> unsorted);

/// The value of a key; null when the map has none.
const Slot* find(const Slot& map, const Slot& key);

bool numeric(Kind kind);

/// CEL's `==`: numbers by value across types, lists and maps by content, other types never equal.
/// When the budget runs out the answer means nothing: look at the budget.
bool equal(const Slot& a, const Slot& b, Budget& budget);

/// CEL's order: numbers across types, bools, strings, bytes, times; nothing for other pairs.
std::optional<std::partial_ordering> order(const Slot& a, const Slot& b);

/// "int", "google.protobuf.Timestamp": what `type()` answers.
std::string_view type_name(Kind kind);

/// The type that a name such as `int` denotes in an expression.
std::optional<Slot> type_named(std::string_view name);

}  // namespace cel
