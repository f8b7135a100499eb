#pragma once

// Machine: runs a program once. Made on the stack by `evaluate` (and by the compiler, to fold
// constants) and gone afterwards. One thread.

#include <span>

#include "operators/rules/cel/functions.h"
#include "operators/rules/cel/program.h"

namespace cel {

class Machine {
 public:
  static constexpr std::uint32_t kMaxSteps = 100'000;

  Machine(const Program& program, std::span<const Slot> variables, Arena& arena,
          std::uint32_t max_steps = kMaxSteps);

  Slot run();

 private:
  /// Where the machine stands: the next instruction and the first free place of the stack.
  struct Place {
    const Instruction* at;
    Slot* top;
  };

  Slot run(Slot* stack);
  Place detour(const Instruction& in, Place place, Slot* stack);
  Place branch(const Instruction& in, Place place);
  Place fold(const Instruction& in, Place place, Slot* frame);

  Slot read(const Instruction& in);   // a variable, whatever it holds
  Slot weigh(const Instruction& in);  // a term, whatever the variable holds
  Slot call(const Instruction& in, const Slot* arguments);
  Slot select(const Instruction& in, const Slot& map) const;
  Slot list(const Instruction& in, const Slot* values);
  Slot map(const Instruction& in, const Slot* pairs);
  bool begin_loop(const Instruction& in, Slot* frame);
  bool next(const Instruction& in, Slot* frame);

  const Program& program_;
  const Slot* variables_;
  const Slot* constants_;
  Context context_;
};

}  // namespace cel
