#pragma once

// Program: a compiled expression: instructions for a small stack machine, the constants they
// mention, and the variables they read. Made by the compiler once per rule, evaluated for every
// event. Immutable once made: any number of threads may evaluate it, each with an arena of its own.
//
// Depth of the stack is known at compile time, so values have fixed places. What can go wrong at
// an instruction is a constant too: an error slot with its sentence and offset, made beforehand.
//
// The fast path: && and || are chains. `chain` pushes their neutral value, each term either ends
// the chain or goes on to the next one, and an error is remembered on the way (the value on the
// stack) until some term outvotes it. A term that compares a variable with a constant is one
// instruction.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/rules/cel/arena.h"
#include "operators/rules/cel/environment.h"
#include "operators/rules/cel/functions.h"
#include "operators/rules/cel/macro.h"
#include "operators/rules/cel/pattern.h"
#include "operators/rules/cel/value.h"

namespace cel {

enum class Op : std::uint8_t {
  finish,     // the value on the stack is the answer
  constant,   // push constants[a]
  variable,   // push variables[a]; constants[b]: the error when absent
  local,      // push the stack's place a
  present,    // push whether variables[a] is there
  select,     // replace a map by its field constants[a]; constants[b]: no such field, b + 1: no map
  has_field,  // replace a map by whether it has the field constants[a]; constants[b]: no map
  call,       // replace `target` arguments by functions[a] of them; b: the types do not fit
  match,      // replace a string by whether patterns[a] is in it; b: no string
  list,       // replace a values by a list; b: where
  map,        // replace a pairs by a map; b: where
  branch,     // pop a bool: false goes to target, an error (b: no bool) becomes the answer, to a
  jump,       // go to target
  assume,     // replace what is no bool by `stop`
  chain,      // push the neutral value of a chain that `stop` ends
  step,       // pop a term's value into the chain below it; b: no bool; `stop` goes to target

  // Terms: variables[a] against a constant, a step included. constants[b]: the error when absent,
  // b + 1: the error when types do not fit, b + 2: the constant as the fast path wants it, b + 3:
  // as it was written.
  is_true,
  is_false,
  number_eq,
  number_ne,
  number_lt,
  number_le,
  number_gt,
  number_ge,
  text_eq,     // null is no text
  text_is,     // the same of a variable that may be unknown: null is
  text_ne,
  text_in,   // a list of strings
  other,     // `relation` to any constant
  other_in,  // any list or map

  // Loops. a: the stack's place of range, cursor, result, element; target: the end_loop.
  loop,    // the range is on the stack; constants[b]: neither list nor map
  next,    // the next element, or to target; constants[b]: where
  test,    // all, exists: pop a verdict; `stop` goes to target; constants[b]: no bool
  count,   // exists_one: pop a verdict; an error goes to target; constants[b]: no bool
  keep,    // filter, map: pop a verdict; true passes over the next instruction, an error to target
  append,  // filter, map: pop a value to the result; an error goes to target; constants[b]: where
  end_loop,  // leave the result in the range's place
};

struct Instruction {
  Op op;
  bool stop = false;
  Relation relation = Relation::eq;
  Macro macro = Macro::all;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t target = 0;
};
static_assert(sizeof(Instruction) == 16);

/// A variable that a program reads.
struct Use {
  std::uint32_t index;
  std::string path;
};

class Program {
 public:
  Program(Program&&) = default;
  Program& operator=(Program&&) = default;

  /// Ordered by index, each once.
  std::span<const Use> variables() const { return variables_; }
  std::string_view source() const { return source_; }

  /// "line 1, column 7: no such field: data.x", of an error that evaluating this program gave.
  std::string explain(const Slot& error) const;

 private:
  friend class Compiler;
  friend class Machine;

  Program() = default;

  std::string source_;
  std::vector<Instruction> code_;
  std::vector<Slot> constants_;
  std::vector<Pattern> patterns_;
  std::vector<Use> variables_;
  std::uint32_t stack_size_ = 0;
  std::uint32_t variable_count_ = 0;  // one more than the highest index
  ReadRaw read_raw_ = nullptr;
  bool of_events_ = false;  // Environment::of_events
  Arena arena_;  // of the constants
};

}  // namespace cel
