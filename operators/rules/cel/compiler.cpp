#include "operators/rules/cel/compiler.h"

#include <algorithm>
#include <utility>

#include "operators/rules/cel/machine.h"

namespace cel {
namespace {

constexpr std::uint32_t kFoldSteps = 10'000;

std::string shown(const Node& call) {
  if (call.name == "-_") return "'-'";
  const bool word = function_named(call.name)->style != Function::Style::sign;
  return word ? std::string(call.name) + "()" : "'" + std::string(call.name) + "'";
}

}  // namespace

Program Compiler::compile(std::string_view source, const Node& root, Arena arena,
                          Environment& environment, std::span<const std::string> unknown) {
  Program program;
  program.source_ = source;
  program.read_raw_ = environment.read_raw();
  program.of_events_ = environment.of_events();
  Compiler compiler(program, arena, environment, true);
  compiler.unknown_ = unknown;
  compiler.finish(root);
  program.arena_ = std::move(arena);
  return program;
}

void Compiler::finish(const Node& root) {
  value(root);
  emit({.op = Op::finish}, 0);
}

void Compiler::value(const Node& node) {
  if (const auto known = constant(node)) {
    emit({.op = Op::constant, .a = keep(*known)}, 1);
    return;
  }
  switch (node.kind) {
    case Node::Kind::literal:
      return;  // always constant
    case Node::Kind::name:
    case Node::Kind::select:
      return path(node);
    case Node::Kind::has:
      return has(node);
    case Node::Kind::call:
      if (const auto term = fused(node)) return single(node, *term);
      return call(node);
    case Node::Kind::list:
      return list(node);
    case Node::Kind::map:
      return map(node);
    case Node::Kind::conditional:
      return conditional(node);
    case Node::Kind::all_of:
      return chain(node, false);
    case Node::Kind::any_of:
      return chain(node, true);
    case Node::Kind::loop:
      return loop(node);
    case Node::Kind::assumed:
      value(*node.parts[0]);
      emit({.op = Op::assume, .stop = node.value.b}, 0);
  }
}

void Compiler::path(const Node& node) {
  const auto found = scope_.find(node);
  if (!found || found->left_over > 0) {
    value(*node.parts[0]);
    return select(node);
  }
  switch (found->kind) {
    case Scope::Found::Kind::local:
      emit({.op = Op::local, .a = found->local}, 1);
      return;
    case Scope::Found::Kind::type:
      emit({.op = Op::constant, .a = keep(found->type)}, 1);
      return;
    case Scope::Found::Kind::variable:
      emit({.op = Op::variable, .a = use(*found), .b = keep_absence(*found)}, 1);
      return;
    case Scope::Found::Kind::nothing:
      emit({.op = Op::constant, .a = keep_fault(found->offset, "unknown name: " + found->path)}, 1);
  }
}

void Compiler::select(const Node& node) {
  const std::string name(node.name);
  const std::uint32_t faults = keep_fault(node.offset, "no such field: " + name);
  keep_fault(node.offset, "only a map has a field: " + name);
  emit({.op = Op::select, .a = keep(Slot::text(arena_.copy(name))), .b = faults}, 0);
}

void Compiler::has_field(const Node& select) {
  const std::string name(select.name);
  emit({.op = Op::has_field,
        .a = keep(Slot::text(arena_.copy(name))),
        .b = keep_fault(select.offset, "only a map has a field: " + name)},
       0);
}

void Compiler::has(const Node& node) {
  const Node& field = *node.parts[0];
  if (const auto found = variable(field)) {
    emit({.op = Op::present, .a = use(*found)}, 1);
    return;
  }
  value(*field.parts[0]);
  has_field(field);
}

void Compiler::call(const Node& node) {
  const Function* function = function_named(node.name);
  const bool sign = function != nullptr && function->style == Function::Style::sign;
  if (function == nullptr || (!sign && !function->callable(node.receiver)) ||
      node.parts.size() < function->fewest || node.parts.size() > function->most) {
    const std::string message = "no such function: " + std::string(node.name);
    emit({.op = Op::constant, .a = keep_fault(node.offset, message)}, 1);
    return;
  }
  if (auto prepared = pattern(node)) return match(node, *std::move(prepared));
  for (const NodePtr& part : node.parts) value(*part);
  const auto count = static_cast<std::uint32_t>(node.parts.size());
  emit({.op = Op::call,
        .a = static_cast<std::uint32_t>(function - functions().data()),
        .b = keep_fault(node.offset, shown(node) + " does not fit the types it is given"),
        .target = count},
       1 - static_cast<int>(count));
}

void Compiler::match(const Node& node, Pattern pattern) {
  value(*node.parts[0]);
  program_.patterns_.push_back(std::move(pattern));
  emit({.op = Op::match,
        .a = static_cast<std::uint32_t>(program_.patterns_.size() - 1),
        .b = keep_fault(node.offset, "matches() asks for a string")},
       0);
}

void Compiler::list(const Node& node) {
  for (const NodePtr& part : node.parts) value(*part);
  const auto count = static_cast<std::uint32_t>(node.parts.size());
  emit({.op = Op::list, .a = count, .b = keep_fault(node.offset, kMismatch)},
       1 - static_cast<int>(count));
}

void Compiler::map(const Node& node) {
  for (const NodePtr& part : node.parts) value(*part);
  const auto pairs = static_cast<std::uint32_t>(node.parts.size() / 2);
  emit({.op = Op::map, .a = pairs, .b = keep_fault(node.offset, kMismatch)},
       1 - 2 * static_cast<int>(pairs));
}

void Compiler::conditional(const Node& node) {
  value(*node.parts[0]);
  const std::uint32_t no_bool = keep_fault(node.offset, "the condition before '?' is no bool");
  const std::uint32_t branch = emit({.op = Op::branch, .b = no_bool}, -1);
  value(*node.parts[1]);
  const std::uint32_t jump = emit({.op = Op::jump}, -1);
  at(branch).target = here();
  value(*node.parts[2]);
  at(branch).a = here();
  at(jump).target = here();
}

void Compiler::chain(const Node& node, bool stop) {
  emit({.op = Op::chain, .stop = stop}, 1);
  std::vector<std::uint32_t> ends;
  for (const NodePtr& part : node.parts) {
    if (const auto term = fused(*part)) {
      ends.push_back(place(*part, *term, stop));
      continue;
    }
    value(*part);
    const std::string message = "'" + std::string(node.name) + "' joins bools only";
    ends.push_back(
        emit({.op = Op::step, .stop = stop, .b = keep_fault(part->offset, message)}, -1));
  }
  for (const std::uint32_t end : ends) at(end).target = here();
}

/// A term that stands alone is a chain of one.
void Compiler::single(const Node& node, const Term& term) {
  emit({.op = Op::chain, .stop = false}, 1);
  const std::uint32_t end = place(node, term, false);
  at(end).target = here();
}

std::uint32_t Compiler::place(const Node& node, const Term& term, bool stop) {
  const bool bare = term.op == Op::is_true;
  const std::uint32_t faults = keep_absence(term.variable);
  keep_fault(node.offset, bare ? term.variable.path + " is no bool"
                               : shown(node) + " does not fit the type of " + term.variable.path);
  if (term.constant) {
    keep(term.quick());
    keep(*term.constant);
  }
  const bool may_be_unknown = std::ranges::find(unknown_, term.variable.path) != unknown_.end();
  return emit({.op = may_be_unknown && term.op == Op::text_eq ? Op::text_is : term.op,
               .stop = stop,
               .relation = term.relation,
               .a = use(term.variable),
               .b = faults},
              0);
}

void Compiler::loop(const Node& node) {
  value(*node.parts[0]);
  const std::uint32_t frame = depth_ - 1;
  const std::string macro(name_of(node.macro));
  const std::string no_range = macro + "() walks a list or a map";
  const std::uint32_t begin = emit(
      {.op = Op::loop, .macro = node.macro, .a = frame, .b = keep_fault(node.offset, no_range)}, 3);
  const std::uint32_t head =
      emit({.op = Op::next, .a = frame, .b = keep_fault(node.offset, kOutOfWork)}, 0);
  scope_.enter(node.name, frame + 3);
  std::vector<std::uint32_t> exits = body(node, frame, head);
  scope_.leave();
  emit({.op = Op::jump, .target = head}, 0);
  exits.insert(exits.end(), {begin, head});
  for (const std::uint32_t exit : exits) at(exit).target = here();
  emit({.op = Op::end_loop, .macro = node.macro, .a = frame}, -3);
}

/// What is done with each element; the instructions that leave the loop.
std::vector<std::uint32_t> Compiler::body(const Node& node, std::uint32_t frame,
                                          std::uint32_t head) {
  const std::uint32_t no_bool = keep_fault(node.offset, "the macro's predicate is no bool");
  const auto verdict = [&](Op op) {
    value(*node.parts[1]);
    return emit({.op = op, .stop = node.macro == Macro::exists, .a = frame, .b = no_bool}, -1);
  };
  if (node.macro == Macro::all || node.macro == Macro::exists) return {verdict(Op::test)};
  if (node.macro == Macro::exists_one) return {verdict(Op::count)};
  std::vector<std::uint32_t> exits;
  const bool filters = node.macro == Macro::filter || node.parts.size() == 3;
  if (filters) {
    exits.push_back(verdict(Op::keep));
    emit({.op = Op::jump, .target = head}, 0);  // passed over when the element is kept
  }
  if (node.macro == Macro::filter) {
    emit({.op = Op::local, .a = frame + 3}, 1);
  } else {
    value(*node.parts.back());
  }
  exits.push_back(emit({.op = Op::append, .a = frame, .b = no_bool}, -1));
  return exits;
}

std::optional<Term> Compiler::fused(const Node& node) {
  if (node.is(Node::Kind::name) || node.is(Node::Kind::select)) {
    if (auto found = variable(node)) return Term{.op = Op::is_true, .variable = *std::move(found)};
    return std::nullopt;
  }
  if (!node.is(Node::Kind::call) || node.receiver) return std::nullopt;
  if (node.name == "!") {
    auto found = variable(*node.parts[0]);
    if (!found) return std::nullopt;
    return Term{.op = Op::is_false, .variable = *std::move(found)};
  }
  return node.parts.size() == 2 ? compared(node) : std::nullopt;
}

std::optional<Term> Compiler::compared(const Node& node) {
  const auto relation = relation_of(node.name);
  const Node& left = *node.parts[0];
  const Node& right = *node.parts[1];
  if (!relation && node.name != "in") return std::nullopt;
  if (auto found = variable(left)) {
    const auto known = constant(right);
    if (!known) return std::nullopt;
    if (relation) return Term::compared(*std::move(found), *relation, *known);
    const bool container = known->is(Kind::list) || known->is(Kind::map);
    return container ? std::optional(Term::element(*std::move(found), *known)) : std::nullopt;
  }
  auto found = variable(right);
  const auto known = found && relation ? constant(left) : std::nullopt;
  if (!known) return std::nullopt;
  return Term::compared(*std::move(found), turned(*relation), *known);
}

/// The variable that a whole path stands for.
std::optional<Scope::Found> Compiler::variable(const Node& node) {
  if (!node.is(Node::Kind::name) && !node.is(Node::Kind::select)) return std::nullopt;
  auto found = scope_.find(node);
  const bool whole = found && found->kind == Scope::Found::Kind::variable && found->left_over == 0;
  return whole ? std::move(found) : std::nullopt;
}

/// The value of a node without names, found by running it. What gives an error stays code.
std::optional<Slot> Compiler::constant(const Node& node) {
  if (node.is(Node::Kind::literal)) return node.value;
  if (!node.constant || !folds_) return std::nullopt;
  Program program;
  Compiler(program, arena_, environment_, false).finish(node);
  const Slot result = Machine(program, {}, arena_, kFoldSteps).run();
  return result.is(Kind::error) ? std::nullopt : std::optional(result);
}

/// The compiled pattern of a `matches` that has a literal one.
std::optional<Pattern> Compiler::pattern(const Node& node) {
  if (node.name != "matches") return std::nullopt;
  const auto text = constant(*node.parts[1]);
  if (!text || !text->is(Kind::text)) return std::nullopt;
  Pattern pattern(text->view());
  return pattern.problem() ? std::nullopt : std::optional(std::move(pattern));
}

std::uint32_t Compiler::emit(Instruction instruction, int growth) {
  program_.code_.push_back(instruction);
  depth_ = static_cast<std::uint32_t>(static_cast<int>(depth_) + growth);
  program_.stack_size_ = std::max(program_.stack_size_, depth_);
  return here() - 1;
}

std::uint32_t Compiler::keep(const Slot& constant) {
  program_.constants_.push_back(constant);
  return static_cast<std::uint32_t>(program_.constants_.size() - 1);
}

std::uint32_t Compiler::keep_fault(std::uint32_t offset, std::string_view message) {
  const std::string_view kept = arena_.copy(message);
  return keep(fault(kept.data() == nullptr ? kMismatch : kept.data(), offset));
}

std::uint32_t Compiler::keep_absence(const Scope::Found& variable) {
  return keep_fault(variable.offset, "no such field: " + variable.path);
}

/// Notes that the program reads the variable; its index.
std::uint32_t Compiler::use(const Scope::Found& variable) {
  const std::uint32_t index = variable.variable.index;
  auto& uses = program_.variables_;
  const auto place = std::ranges::lower_bound(uses, index, {}, &Use::index);
  if (place == uses.end() || place->index != index) uses.insert(place, {index, variable.path});
  program_.variable_count_ = std::max(program_.variable_count_, index + 1);
  return index;
}

}  // namespace cel
