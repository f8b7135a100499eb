#include "operators/rules/cel/checker.h"

#include <algorithm>
#include <utility>

#include "operators/rules/cel/nearest.h"
#include "operators/rules/cel/pattern.h"
#include "operators/rules/cel/term.h"

namespace cel {
namespace {

/// Some value of a type; nothing for what has no type.
std::optional<Slot> sample_of(Kind kind) {
  switch (kind) {
    case Kind::null:
      return Slot::null();
    case Kind::boolean:
      return Slot::boolean(true);
    case Kind::integer:
      return Slot::integer(1);
    case Kind::natural:
      return Slot::natural(1);
    case Kind::number:
      return Slot::number(1);
    case Kind::text:
      return Slot::text("a");
    case Kind::bytes:
      return Slot::view(Kind::bytes, "a");
    case Kind::list:
      return list_of({});
    case Kind::map:
      return map_of({});
    case Kind::duration:
      return Slot::duration(1, 0);
    case Kind::timestamp:
      return Slot::timestamp(1, 0);
    case Kind::type:
      return Slot::view(Kind::type, type_name(Kind::integer));
    default:
      return std::nullopt;
  }
}

bool never_equal(Kind a, Kind b) {
  return a != b && a != Kind::null && b != Kind::null && !(numeric(a) && numeric(b));
}

/// Whatever the arguments, the answer is a bool.
bool gives_bool(std::string_view function) {
  return relation_of(function).has_value() || function == "in" || function == "!";
}

/// "double and int"
std::string types(const std::vector<Slot>& values) {
  std::string names;
  for (const Slot& value : values) {
    names.append(names.empty() ? "" : " and ").append(type_name(value.kind));
  }
  return names;
}

std::string arguments(const Function& function, bool receiver) {
  const std::size_t own = receiver ? 1 : 0;
  const std::string most = std::to_string(function.most - own);
  if (function.fewest == function.most) return most + (most == "1" ? " argument" : " arguments");
  return std::to_string(function.fewest - own) + " to " + most + " arguments";
}

}  // namespace

std::vector<Problem> Checker::run(const Node& root) {
  look(root);
  std::ranges::stable_sort(problems_, {}, &Problem::offset);
  return std::move(problems_);
}

Checker::Guess Checker::look(const Node& node) {
  switch (node.kind) {
    case Node::Kind::literal:
      return Sample{node.value, true};
    case Node::Kind::name:
    case Node::Kind::select:
      return look_at_path(node);
    case Node::Kind::has:
      look(*node.parts[0]);
      return Sample{Slot::boolean(true)};
    case Node::Kind::call:
      return look_at_call(node);
    case Node::Kind::list:
      for (const NodePtr& part : node.parts) look(*part);
      return Sample{list_of({})};
    case Node::Kind::map:
      for (const NodePtr& part : node.parts) look(*part);
      return Sample{map_of({})};
    case Node::Kind::conditional:
      return look_at_conditional(node);
    case Node::Kind::all_of:
    case Node::Kind::any_of:
      for (const NodePtr& part : node.parts) {
        want_bool(*part, look(*part), "beside '" + std::string(node.name) + "'");
      }
      return Sample{Slot::boolean(true)};
    case Node::Kind::loop:
      return look_at_loop(node);
  }
  return std::nullopt;
}

Checker::Guess Checker::look_at_path(const Node& node) {
  const auto found = scope_.find(node);
  if (!found) {
    look(*node.parts[0]);
    return std::nullopt;
  }
  if (found->kind == Scope::Found::Kind::nothing) return unknown_name(*found);
  if (found->left_over > 0 || found->kind == Scope::Found::Kind::local) return std::nullopt;
  if (found->kind == Scope::Found::Kind::type) return Sample{found->type, true};
  const auto value = sample_of(found->variable.type);
  return value ? Guess(Sample{*value}) : std::nullopt;
}

Checker::Guess Checker::unknown_name(const Scope::Found& found) {
  const auto known = nearest(found.path, environment_.paths());
  return problem(found.offset,
                 "unknown name: " + found.path + (known ? "; did you mean " + *known + "?" : ""));
}

Checker::Guess Checker::look_at_call(const Node& node) {
  const std::string name(node.name);
  const Function* function = function_named(node.name);
  // The receiver of an unknown function is not looked at: `math.abs(x)` has one fault, not two.
  if (function == nullptr) {
    std::vector<std::string> names;
    for (const Function& each : functions()) names.emplace_back(each.name);
    const auto known = nearest(name, names);
    const bool macro = std::ranges::find(kMacroNames, node.name) != std::end(kMacroNames);
    if (macro) return problem(node.offset, name + "() is called as list." + name + "(element, …)");
    return problem(node.offset, "unknown function: " + name + "()" +
                                    (known ? "; did you mean " + *known + "()?" : ""));
  }
  const bool sign = function->style == Function::Style::sign;
  if (!sign && !function->callable(node.receiver)) {
    return problem(node.offset, name + (node.receiver ? "() is called as " + name + "(value)"
                                                      : "() is called as value." + name + "(…)"));
  }
  if (node.parts.size() < function->fewest || node.parts.size() > function->most) {
    const std::size_t own = node.receiver ? 1 : 0;
    return problem(node.offset, name + "() takes " + arguments(*function, node.receiver) +
                                    ", not " + std::to_string(node.parts.size() - own));
  }
  std::vector<Guess> guesses;
  for (const NodePtr& part : node.parts) guesses.push_back(look(*part));
  look_at_comparison(node, guesses);
  look_at_pattern(node, guesses);
  return ask(node, *function, guesses);
}

/// Calls the function with the samples; its fault becomes a problem, its answer the next sample.
Checker::Guess Checker::ask(const Node& node, const Function& function,
                            const std::vector<Guess>& guesses) {
  const bool known = std::ranges::all_of(guesses, [](const Guess& g) { return g.has_value(); });
  const Guess unasked = gives_bool(function.name) ? Guess(Sample{Slot::boolean(true)}) : Guess();
  if (!known) return unasked;
  std::vector<Slot> values;
  for (const Guess& guess : guesses) values.push_back(guess->value);
  const bool exact = std::ranges::all_of(guesses, [](const Guess& g) { return g->exact; });
  context_.budget = Budget{kMaxSteps};
  const Slot answer = function.apply(values, context_);
  if (!answer.is(Kind::error)) return Sample{answer, exact};
  if (answer.chars == kMismatch) {
    const std::string sign = function.name == "-_" ? "-" : std::string(function.name);
    return problem(node.offset, "'" + sign + "' does not fit " + types(values));
  }
  return exact ? problem(node.offset, answer.chars) : std::nullopt;
}

/// `==` and `in` never fail, but between types that can't be equal they are mistakes.
void Checker::look_at_comparison(const Node& node, const std::vector<Guess>& guesses) {
  if (node.name != "==" && node.name != "!=") return;
  if (!guesses[0] || !guesses[1]) return;
  const Kind a = guesses[0]->value.kind;
  const Kind b = guesses[1]->value.kind;
  if (!never_equal(a, b)) return;
  problem(node.offset, types({guesses[0]->value, guesses[1]->value}) +
                           " are never equal; expected " + "values of one type beside '" +
                           std::string(node.name) + "'");
}

void Checker::look_at_pattern(const Node& node, const std::vector<Guess>& guesses) {
  if (node.name != "matches" || !guesses[1] || !guesses[1]->exact) return;
  const Slot& text = guesses[1]->value;
  if (!text.is(Kind::text)) return;
  if (const auto reason = Pattern(text.view()).problem()) {
    problem(node.parts[1]->offset, "no regular expression: " + *reason);
  }
}

Checker::Guess Checker::look_at_conditional(const Node& node) {
  want_bool(*node.parts[0], look(*node.parts[0]), "before '?'");
  const Guess yes = look(*node.parts[1]);
  const Guess no = look(*node.parts[2]);
  const bool alike = yes && no && yes->value.kind == no->value.kind;
  return alike ? Guess(Sample{yes->value}) : std::nullopt;
}

Checker::Guess Checker::look_at_loop(const Node& node) {
  const std::string macro(name_of(node.macro));
  const Guess range = look(*node.parts[0]);
  if (range && !range->value.is(Kind::list) && !range->value.is(Kind::map)) {
    problem(node.offset,
            macro + "() walks a list or a map, not " + std::string(type_name(range->value.kind)));
  }
  scope_.enter(node.name, 0);
  const bool maps_all = node.macro == Macro::map && node.parts.size() == 2;
  const Guess verdict = look(*node.parts[1]);
  if (!maps_all) want_bool(*node.parts[1], verdict, "as what " + macro + "() asks of each element");
  if (node.parts.size() == 3) look(*node.parts[2]);
  scope_.leave();
  const bool list = node.macro == Macro::map || node.macro == Macro::filter;
  return Sample{list ? list_of({}) : Slot::boolean(true)};
}

void Checker::want_bool(const Node& node, const Guess& guess, std::string_view where) {
  if (!guess || guess->value.is(Kind::boolean)) return;
  problem(node.offset, "expected a bool " + std::string(where) + ", not " +
                           std::string(type_name(guess->value.kind)));
}

Checker::Guess Checker::problem(std::uint32_t offset, std::string what) {
  problems_.push_back(Problem::at(source_, offset, std::move(what)));
  return std::nullopt;
}

}  // namespace cel
