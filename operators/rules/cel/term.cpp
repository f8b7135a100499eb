#include "operators/rules/cel/term.h"

#include <algorithm>
#include <utility>

namespace cel {
namespace {

struct Row {
  std::string_view sign;
  Relation relation;
  Relation turned;
  Op number;
};
constexpr Row kRows[] = {
    {"==", Relation::eq, Relation::eq, Op::number_eq},
    {"!=", Relation::ne, Relation::ne, Op::number_ne},
    {"<", Relation::lt, Relation::gt, Op::number_lt},
    {"<=", Relation::le, Relation::ge, Op::number_le},
    {">", Relation::gt, Relation::lt, Op::number_gt},
    {">=", Relation::ge, Relation::le, Op::number_ge},
};

const Row& row(Relation relation) {
  return *std::ranges::find(kRows, relation, &Row::relation);
}

Op compared_op(Relation relation, Kind constant) {
  if (numeric(constant)) return row(relation).number;
  if (constant == Kind::text && relation == Relation::eq) return Op::text_eq;
  if (constant == Kind::text && relation == Relation::ne) return Op::text_ne;
  return Op::other;
}

}  // namespace

Term Term::compared(Scope::Found variable, Relation relation, const Slot& constant) {
  return {compared_op(relation, constant.kind), relation, std::move(variable), constant};
}

Term Term::element(Scope::Found variable, const Slot& container) {
  const bool texts =
      container.is(Kind::list) &&
      std::ranges::all_of(items(container), [](const Slot& item) { return item.is(Kind::text); });
  return {texts ? Op::text_in : Op::other_in, Relation::eq, std::move(variable), container};
}

Slot Term::quick() const {
  if (constant->is(Kind::integer)) return Slot::number(static_cast<double>(constant->i));
  if (constant->is(Kind::natural)) return Slot::number(static_cast<double>(constant->u));
  return *constant;
}

std::optional<Relation> relation_of(std::string_view sign) {
  const auto* found = std::ranges::find(kRows, sign, &Row::sign);
  return found == std::end(kRows) ? std::nullopt : std::optional(found->relation);
}

Relation turned(Relation relation) {
  return row(relation).turned;
}

}  // namespace cel
