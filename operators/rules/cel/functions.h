#pragma once

// Functions: everything an expression can call, operators among them, as one table. The compiler
// picks a row by name, the evaluator calls it with arguments that are no errors, the checker asks
// it with samples whether types fit. A function answers with a value, or with a fault: kMismatch
// when it isn't made for the types given, else a sentence. Pure; any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "operators/rules/cel/value.h"

namespace cel {

struct Context {
  Arena& arena;
  Budget budget;
};

struct Function {
  enum class Style : std::uint8_t { global, receiver, both, sign };

  std::string_view name;  // operators: as written, except "-_" for the minus before a value
  Style style;
  std::size_t fewest;  // arguments, the receiver among them
  std::size_t most;
  Slot (*apply)(std::span<const Slot> arguments, Context& context);

  bool callable(bool receiver) const {
    return style == Style::both || style == (receiver ? Style::receiver : Style::global);
  }
};

/// All rows; a name has one.
std::span<const Function> functions();
std::span<const Function> operator_functions();
std::span<const Function> conversion_functions();
std::span<const Function> text_functions();
std::span<const Function> time_functions();

/// The row of a name, whatever its style; null when there is none.
const Function* function_named(std::string_view name);

/// A string or bytes of the arena; a fault when that is full.
Slot text_in_arena(std::string_view text, Kind kind, Context& context);

enum class Relation : std::uint8_t { eq, ne, lt, le, gt, ge };

/// A comparison, as its operator's function would do it.
Slot compare(Relation relation, const Slot& a, const Slot& b, Budget& budget);
/// `value in container`
Slot contains(const Slot& container, const Slot& value, Budget& budget);

}  // namespace cel
