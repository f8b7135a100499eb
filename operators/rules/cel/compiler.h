#pragma once

// Compiler: tree to program. Resolves names to indexes, folds what is constant (also lists, times
// and patterns) by evaluating it, and fuses comparisons of a variable with a constant into one
// instruction. Called when a rule pack is loaded; not on the way of events.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/rules/cel/ast.h"
#include "operators/rules/cel/program.h"
#include "operators/rules/cel/scope.h"
#include "operators/rules/cel/term.h"

namespace cel {

class Compiler {
 public:
  /// The program of a tree; `arena` holds the tree's literals and becomes part of the program.
  /// `unknown`: variables whose null is to be told from false.
  static Program compile(std::string_view source, const Node& root, Arena arena,
                         Environment& environment, std::span<const std::string> unknown);

 private:
  Compiler(Program& program, Arena& arena, Environment& environment, bool folds)
      : program_(program),
        arena_(arena),
        environment_(environment),
        scope_(environment),
        folds_(folds) {}

  void finish(const Node& root);

  // Each emits code that pushes the node's value.
  void value(const Node& node);
  void path(const Node& node);
  void has(const Node& node);
  void call(const Node& node);
  void match(const Node& node, Pattern pattern);
  void list(const Node& node);
  void map(const Node& node);
  void conditional(const Node& node);
  void chain(const Node& node, bool stop);
  void single(const Node& node, const Term& term);
  void loop(const Node& node);

  void select(const Node& node);
  void has_field(const Node& select);
  std::vector<std::uint32_t> body(const Node& node, std::uint32_t frame, std::uint32_t head);
  std::uint32_t place(const Node& node, const Term& term, bool stop);

  std::optional<Term> fused(const Node& node);
  std::optional<Term> compared(const Node& node);
  std::optional<Scope::Found> variable(const Node& node);
  std::optional<Slot> constant(const Node& node);
  std::optional<Pattern> pattern(const Node& node);

  std::uint32_t emit(Instruction instruction, int growth);
  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.code_.size()); }
  Instruction& at(std::uint32_t instruction) { return program_.code_[instruction]; }
  std::uint32_t keep(const Slot& constant);
  std::uint32_t keep_fault(std::uint32_t offset, std::string_view message);
  std::uint32_t keep_absence(const Scope::Found& variable);
  std::uint32_t use(const Scope::Found& variable);

  Program& program_;
  Arena& arena_;
  Environment& environment_;
  Scope scope_;
  bool folds_;
  std::span<const std::string> unknown_;
  std::uint32_t depth_ = 0;  // of the stack, after the code so far
};

}  // namespace cel
