#pragma once

// Term: a variable against a constant, the shape of nearly every part of a rule's predicate. Says
// which of the program's fused instructions fits it. Used by the compiler only.

#include <optional>
#include <string_view>

#include "operators/rules/cel/program.h"
#include "operators/rules/cel/scope.h"

namespace cel {

struct Term {
  Op op;
  Relation relation = Relation::eq;
  Scope::Found variable = {};
  std::optional<Slot> constant = std::nullopt;

  /// `variable == constant` and the like.
  static Term compared(Scope::Found variable, Relation relation, const Slot& constant);
  /// `variable in container`
  static Term element(Scope::Found variable, const Slot& container);

  /// The constant as the fast path compares it: numbers are doubles, as in JSON.
  Slot quick() const;
};

/// The relation that an operator stands for; nothing for other operators.
std::optional<Relation> relation_of(std::string_view sign);

/// The same relation with its sides exchanged: < for >.
Relation turned(Relation relation);

}  // namespace cel
