// Any text as an expression: it compiles or is refused, it evaluates to a value or an error, check
// has an opinion, and none of that crashes, hangs or goes beyond the arena.

#include <array>

#include "operators/rules/cel/cel.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cel::Slot;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  static constexpr Slot::Kind kNumber = Slot::Kind::number;
  static cel::Declarations environment = [] {
    cel::Declarations made;
    made.declare("a", 0).declare("b", 1, kNumber).declare("c", 2).declare("x.y", 3).declare("t", 4);
    return made;
  }();
  const std::array variables = {Slot(), Slot::number(1), Slot::text("open"), Slot::integer(-1),
                                Slot::timestamp(1'772'323'199, 1)};
  static cel::Arena arena(1 << 16);
  arena.reset();
  for (const cel::Problem& problem : cel::check(source, environment)) {
    if (problem.offset > size) __builtin_trap();
  }
  const auto program = cel::compile(source, environment);
  if (!program.ok()) return 0;
  const Slot result = cel::evaluate(*program, variables, arena);
  if (result.is(Slot::Kind::error) && program->explain(result).empty()) __builtin_trap();
  if (result.is(Slot::Kind::absent) || result.is(Slot::Kind::raw)) __builtin_trap();
  return 0;
}
