#include "operators/rules/cel/checker.h"

#include <algorithm>
#include <utility>

#include "operators/rules/cel/nearest.h"
#include "operators/rules/cel/pattern.h"
#include "operators/rules/cel/term.h"
#include "operators/rules/cel/zone.h"

namespace cel {
namespace {

/// 2026-11-22: zones have rules then.
constexpr std::int64_t kSampleSeconds = 1'795'305'600;

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
      return Slot::timestamp(kSampleSeconds, 0);
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

/// What a sentence calls a type.
std::string name_of(Kind kind) {
  if (kind == Kind::duration) return "duration";
  if (kind == Kind::timestamp) return "timestamp";
  return std::string(type_name(kind));
}

/// "double and int"
std::string types(const std::vector<Slot>& values) {
  std::string names;
  for (const Slot& value : values) {
    names.append(names.empty() ? "" : " and ").append(name_of(value.kind));
  }
  return names;
}

std::string arguments(const Function& function, bool receiver) {
  const std::size_t own = receiver ? 1 : 0;
  const std::string most = std::to_string(function.most - own);
  if (function.fewest == function.most) return most + (most == "1" ? " argument" : " arguments");
  return std::to_string(function.fewest - own) + " to " + most + " arguments";
}

/// Paths of dates that a condition asks about their form: `data.on.contains('T')`.
void collect_dates(const Node& node, Scope& scope, std::vector<std::string>& paths) {
  const Function* function = node.is(Node::Kind::call) ? function_named(node.name) : nullptr;
  if (function != nullptr && function->style != Function::Style::sign && node.name != "timestamp" &&
      !node.parts.empty())
    if (const auto found = scope.find(*node.parts[0]); found && found->variable.date)
      paths.push_back(found->path);
  for (const NodePtr& part : node.parts) collect_dates(*part, scope, paths);
}

bool is_zero(const Slot& value) {
  return (value.is(Kind::integer) && value.i == 0) || (value.is(Kind::natural) && value.u == 0) ||
         (value.is(Kind::number) && value.d == 0);
}

}  // namespace

std::vector<Problem> Checker::run(const Node& root, Kind wanted) {
  const Guess whole = look(root);
  if (whole && wanted != Kind::absent && !whole->value.is(wanted))
    problem(root.offset, "expected a " + name_of(wanted) + ", not " + name_of(whole->value.kind));
  std::ranges::stable_sort(problems_, {}, &Problem::offset);
  return std::move(problems_);
}

std::optional<Kind> Checker::type(const Node& root) {
  const Guess whole = look(root);
  return whole && problems_.empty() ? std::optional(whole->value.kind) : std::nullopt;
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
      return look_at_list(node);
    case Node::Kind::map:
      return look_at_map(node);
    case Node::Kind::conditional:
      return look_at_conditional(node);
    case Node::Kind::all_of:
    case Node::Kind::any_of:
      return look_at_chain(node);
    case Node::Kind::loop:
      return look_at_loop(node);
    case Node::Kind::assumed:  // of what has been checked
      return look(*node.parts[0]);
  }
  return std::nullopt;
}

/// Exact where all elements are: an index or a comparison can then be tried.
Checker::Guess Checker::look_at_list(const Node& node) {
  std::vector<Slot> values;
  for (const NodePtr& part : node.parts)
    if (const Guess guess = look(*part); guess && guess->exact) values.push_back(guess->value);
  Slot* kept = context_.arena.array<Slot>(values.size());
  if (values.size() != node.parts.size() || kept == nullptr) return Sample{list_of({})};
  std::ranges::copy(values, kept);
  return Sample{list_of({kept, values.size()}), true};
}

Checker::Guess Checker::look_at_map(const Node& node) {
  std::vector<Slot> values;
  for (const NodePtr& part : node.parts)
    if (const Guess guess = look(*part); guess && guess->exact) values.push_back(guess->value);
  Entry* kept = context_.arena.array<Entry>(node.parts.size() / 2);
  if (values.size() != node.parts.size() || kept == nullptr) return Sample{map_of({})};
  for (std::size_t i = 0; i < values.size() / 2; ++i) kept[i] = {values[2 * i], values[2 * i + 1]};
  const Slot map = map_of({kept, values.size() / 2});
  if (map.is(Kind::error)) return problem(node.offset, map.chars);
  return Sample{map, true};
}

Checker::Guess Checker::look_at_chain(const Node& node) {
  const std::size_t before = looked_into_.size();
  for (const NodePtr& part : node.parts) {
    want_bool(*part, look(*part), "beside '" + std::string(node.name) + "'");
    collect_dates(*part, scope_, looked_into_);
  }
  looked_into_.resize(before);
  return Sample{Slot::boolean(true)};
}

Checker::Guess Checker::look_at_path(const Node& node) {
  const auto found = scope_.find(node);
  if (!found) {
    look(*node.parts[0]);
    return std::nullopt;
  }
  if (found->kind == Scope::Found::Kind::nothing) return unknown_name(*found);
  if (found->kind == Scope::Found::Kind::local)
    return found->left_over > 0 ? std::nullopt : locals_[found->local];
  if (found->left_over > 0) {
    const Kind type = found->variable.type;
    const bool has_fields =
        found->kind == Scope::Found::Kind::variable && (type == Kind::absent || type == Kind::map);
    if (has_fields) return std::nullopt;
    return problem(node.offset, found->path + " is a " + name_of(type) + ", which has no field '" +
                                    std::string(node.name) + "'");
  }
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
  look_at_elements(node, guesses);
  look_at_pattern(node, guesses);
  look_at_words(node, guesses);
  look_at_date(node);
  if (look_at_numbers(node, guesses) || look_at_literals(node, guesses)) return std::nullopt;
  if (node.name == "dyn") return std::nullopt;  // whoever writes it wants no types
  return ask(node, *function, guesses);
}

/// Ints and doubles are compared by value, but never added: the sentence says what to write.
bool Checker::look_at_numbers(const Node& node, const std::vector<Guess>& guesses) {
  constexpr std::string_view kSigns[] = {"+", "-", "*", "/", "%"};
  if (std::ranges::find(kSigns, node.name) == std::end(kSigns) || !guesses[0] || !guesses[1])
    return false;
  const Slot& a = guesses[0]->value;
  const Slot& b = guesses[1]->value;
  const bool doubles = a.is(Kind::number) || b.is(Kind::number);
  if (!numeric(a.kind) || !numeric(b.kind) || (a.kind == b.kind && node.name != "%") || !doubles)
    return false;
  const std::string what = "'" + std::string(node.name) + "' does not fit " + types({a, b});
  if (node.name == "%") {
    problem(node.offset, what + ": a number of an event is a double; write int(…) % …");
    return true;
  }
  for (const std::size_t i : {0u, 1u}) {
    const Slot& value = guesses[i]->value;
    if (!guesses[i]->exact || !value.is(Kind::integer)) continue;
    problem(node.offset,
            what + ": a number of an event is a double; write " + std::to_string(value.i) + ".0");
    return true;
  }
  problem(node.offset, what + "; write double(…) or int(…)");
  return true;
}

/// What one literal alone makes an error, whatever stands beside it.
bool Checker::look_at_literals(const Node& node, const std::vector<Guess>& guesses) {
  if (guesses.size() != 2 || !guesses[1] || !guesses[1]->exact) return false;
  const Slot& second = guesses[1]->value;
  const auto told = [&](const Node& at, std::string what) {
    problem(at.offset, std::move(what));
    return true;
  };
  if ((node.name == "/" || node.name == "%") && is_zero(second))
    return told(node, "division by zero");
  const bool map = guesses[0] && guesses[0]->value.is(Kind::map);
  if (node.name == "[]" && !map && second.is(Kind::integer) && second.i < 0)
    return told(*node.parts[1], "an index counts from 0; expected none below it");
  const bool part_of_time = std::ranges::any_of(
      time_functions(), [&](const Function& one) { return one.name == node.name; });
  if (part_of_time && second.is(Kind::text) && !zone_offset(second.view(), kSampleSeconds))
    return told(*node.parts[1], "no such time zone: '" + std::string(second.view()) +
                                    "'; expected one such as 'Asia/Shanghai' or '+08:00'");
  return false;
}

/// Elements that the value beside `in` can never equal.
void Checker::look_at_elements(const Node& node, const std::vector<Guess>& guesses) {
  if (node.name != "in" || !guesses[0] || !guesses[1] || !guesses[1]->exact) return;
  const Node& list = *node.parts[1];
  if (!list.is(Node::Kind::list)) return;
  const Kind wanted = guesses[0]->value.kind;
  for (std::size_t i = 0; i < list.parts.size(); ++i) {
    const Slot& element = items(guesses[1]->value)[i];
    const bool whole = wanted == Kind::number && element.is(Kind::integer);
    if (!never_equal(wanted, element.kind) && !whole) continue;
    problem(
        list.parts[i]->offset,
        types({guesses[0]->value, element}) +
            (whole ? ": a number of an event is a double; write " + std::to_string(element.i) + ".0"
                   : " are never equal; expected elements of the type before 'in'"));
  }
}

/// timestamp() of a field that may be a date alone gives nothing where it is one.
void Checker::look_at_date(const Node& node) {
  if (node.name != "timestamp") return;
  const auto found = scope_.find(*node.parts[0]);
  if (!found || !found->variable.date || found->left_over > 0 ||
      std::ranges::find(looked_into_, found->path) != looked_into_.end())
    return;
  problem(node.offset, found->path +
                           " may be a date alone, which timestamp() does not read; "
                           "expected " +
                           found->path + ".contains('T') ? timestamp(" + found->path +
                           ") : timestamp(" + found->path + " + 'T16:00:00Z')");
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
  const std::size_t before = looked_into_.size();
  collect_dates(*node.parts[0], scope_, looked_into_);
  const Guess yes = look(*node.parts[1]);
  const Guess no = look(*node.parts[2]);
  looked_into_.resize(before);
  const bool alike = yes && no && yes->value.kind == no->value.kind;
  return alike ? Guess(Sample{yes->value}) : std::nullopt;
}

/// What a loop's element is, where all of a list's are alike.
Checker::Guess Checker::element_of(const Guess& range) {
  if (!range || !range->exact || !range->value.is(Kind::list)) return std::nullopt;
  const auto all = items(range->value);
  const auto other = [&](const Slot& one) { return one.kind != all.front().kind; };
  if (all.empty() || std::ranges::any_of(all, other)) return std::nullopt;
  return Sample{all.front()};
}

Checker::Guess Checker::look_at_loop(const Node& node) {
  const std::string macro(name_of(node.macro));
  const Guess range = look(*node.parts[0]);
  if (range && !range->value.is(Kind::list) && !range->value.is(Kind::map)) {
    problem(node.offset, macro + "() walks a list or a map, not " + name_of(range->value.kind));
  }
  scope_.enter(node.name, static_cast<std::uint32_t>(locals_.size()));
  locals_.push_back(element_of(range));
  const bool maps_all = node.macro == Macro::map && node.parts.size() == 2;
  const Guess verdict = look(*node.parts[1]);
  if (!maps_all) want_bool(*node.parts[1], verdict, "as what " + macro + "() asks of each element");
  if (node.parts.size() == 3) look(*node.parts[2]);
  locals_.pop_back();
  scope_.leave();
  const bool list = node.macro == Macro::map || node.macro == Macro::filter;
  return Sample{list ? list_of({}) : Slot::boolean(true)};
}

void Checker::want_bool(const Node& node, const Guess& guess, std::string_view where) {
  if (!guess || guess->value.is(Kind::boolean)) return;
  problem(node.offset,
          "expected a bool " + std::string(where) + ", not " + name_of(guess->value.kind));
}

Checker::Guess Checker::problem(std::uint32_t offset, std::string what) {
  problems_.push_back(Problem::at(source_, offset, std::move(what)));
  return std::nullopt;
}

}  // namespace cel
