#include "operators/rules/cel/machine.h"

#include <algorithm>
#include <functional>

#include "streams/check.h"

namespace cel {
namespace {

// A loop's frame on the stack; the range is its first place.
constexpr std::size_t kCursor = 1;
constexpr std::size_t kResult = 2;
constexpr std::size_t kElement = 3;
constexpr std::size_t kFrame = 4;

/// What a term says; `unsure`: the variable is not of the type that the fast path knows.
enum class Truth : std::uint8_t { no, yes, unsure };

Truth truth(bool value) {
  return value ? Truth::yes : Truth::no;
}

template <class Test>
Truth number(const Slot& variable, const Slot& constant, Test test) {
  return variable.is(Kind::number) ? truth(test(variable.d, constant.d)) : Truth::unsure;
}

bool same_text(const Slot& a, const Slot& b) {
  return a.view() == b.view();
}

/// A field that says null, as most do that name faults, is no text.
Truth text_eq(const Slot& variable, const Slot& constant) {
  if (variable.is(Kind::text)) return truth(same_text(variable, constant));
  return variable.is(Kind::null) ? Truth::no : Truth::unsure;
}

Truth text_in(const Slot& variable, const Slot& list) {
  if (!variable.is(Kind::text)) return Truth::unsure;
  return truth(std::ranges::any_of(items(list),
                                   [&](const Slot& item) { return same_text(variable, item); }));
}

/// A fault from below knows neither its place nor, when types do not fit, the operation's name.
Slot placed(Slot result, const Slot& place) {
  if (!result.is(Kind::error)) return result;
  if (result.chars == kMismatch) return place;
  result.size = place.size;
  return result;
}

/// What is null says no more than what is absent.
bool there(const Slot& value) {
  return !value.is(Kind::absent) && !value.is(Kind::null);
}

/// Whether what a field holds is of the type that it is compared with, or looked for among.
bool comparable(const Slot& variable, const Slot& constant) {
  if (constant.is(Kind::list))
    return variable.is(Kind::list) || items(constant).empty() ||
           std::ranges::any_of(items(constant),
                               [&](const Slot& item) { return comparable(variable, item); });
  return constant.is(Kind::null) || constant.is(Kind::map) || variable.kind == constant.kind ||
         (numeric(variable.kind) && numeric(constant.kind));
}

/// A bool, or the error that stands for it.
Slot verdict(const Slot& value, const Slot& no_bool) {
  return value.is(Kind::boolean) || value.is(Kind::error) ? value : no_bool;
}

/// An error stays in a chain until some term outvotes it; the first is the one told.
void remember(Slot& chain, const Slot& error) {
  if (chain.is(Kind::boolean)) chain = error;
}

}  // namespace

Machine::Machine(const Program& program, std::span<const Slot> variables, Arena& arena,
                 std::uint32_t max_steps)
    : program_(program),
      variables_(variables.data()),
      constants_(program.constants_.data()),
      context_{arena, Budget{max_steps}} {
  CHECK(variables.size() >= program.variable_count_);
}

Slot Machine::run() {
  constexpr std::uint32_t kUsualStack = 32;
  if (program_.stack_size_ <= kUsualStack) {
    // Bytes, because initialising the slots would cost more than most programs.
    alignas(Slot) std::byte room[kUsualStack * sizeof(Slot)];
    return run(reinterpret_cast<Slot*>(room));
  }
  Slot* stack = context_.arena.array<Slot>(program_.stack_size_);
  return stack == nullptr ? fault(kOutOfMemory) : run(stack);
}

Slot Machine::run(Slot* stack) {
  const Instruction* const code = program_.code_.data();
  const Slot* const constants = constants_;
  const Slot* const variables = variables_;
  const Instruction* at = code;
  Slot* top = stack;
  for (;;) {
    const Instruction& in = *at++;
    Truth seen = Truth::unsure;
    switch (in.op) {
      case Op::finish:
        return top[-1];
      case Op::constant:
        *top++ = constants[in.a];
        continue;
      case Op::variable:
        *top++ = read(in);
        continue;
      case Op::local:
        *top++ = stack[in.a];
        continue;
      case Op::call:
        top -= in.target;
        *top = call(in, top);
        ++top;
        continue;
      case Op::chain:
        *top++ = Slot::boolean(!in.stop);
        continue;
      case Op::step: {
        const Slot value = verdict(*--top, constants[in.b]);
        if (value.is(Kind::error)) {
          remember(top[-1], value);
          continue;
        }
        seen = truth(value.b);
        break;
      }
      case Op::is_true:
        if (variables[in.a].is(Kind::boolean)) seen = truth(variables[in.a].b);
        break;
      case Op::is_false:
        if (variables[in.a].is(Kind::boolean)) seen = truth(!variables[in.a].b);
        break;
      case Op::number_eq:
        seen = number(variables[in.a], constants[in.b + 2], std::equal_to<>());
        break;
      case Op::number_ne:
        seen = number(variables[in.a], constants[in.b + 2], std::not_equal_to<>());
        break;
      case Op::number_lt:
        seen = number(variables[in.a], constants[in.b + 2], std::less<>());
        break;
      case Op::number_le:
        seen = number(variables[in.a], constants[in.b + 2], std::less_equal<>());
        break;
      case Op::number_gt:
        seen = number(variables[in.a], constants[in.b + 2], std::greater<>());
        break;
      case Op::number_ge:
        seen = number(variables[in.a], constants[in.b + 2], std::greater_equal<>());
        break;
      case Op::text_eq:
        seen = text_eq(variables[in.a], constants[in.b + 2]);
        break;
      case Op::text_is:
        if (!variables[in.a].is(Kind::text)) break;
        seen = truth(same_text(variables[in.a], constants[in.b + 2]));
        break;
      case Op::text_ne:
        if (!variables[in.a].is(Kind::text)) break;
        seen = truth(!same_text(variables[in.a], constants[in.b + 2]));
        break;
      case Op::text_in:
        seen = text_in(variables[in.a], constants[in.b + 2]);
        break;
      case Op::other:
      case Op::other_in:
        break;
      default: {
        const Place place = detour(in, {at, top}, stack);
        at = place.at;
        top = place.top;
        continue;
      }
    }
    // A term: it ends the chain, or the next one is asked.
    if (seen == Truth::unsure) [[unlikely]] {
      const Slot value = weigh(in);
      if (value.is(Kind::error)) {
        remember(top[-1], value);
        continue;
      }
      seen = truth(value.b);
    }
    if (seen == truth(in.stop)) {
      top[-1] = Slot::boolean(in.stop);
      at = code + in.target;
    }
  }
}

/// Instructions that are rare in predicates.
Machine::Place Machine::detour(const Instruction& in, Place place, Slot* stack) {
  Slot*& top = place.top;
  switch (in.op) {
    case Op::present:
      *top++ = Slot::boolean(there(variables_[in.a]));
      return place;
    case Op::assume:
      if (!top[-1].is(Kind::boolean)) top[-1] = Slot::boolean(in.stop);
      return place;
    case Op::select:
    case Op::has_field:
      top[-1] = select(in, top[-1]);
      return place;
    case Op::match:
      if (top[-1].is(Kind::text)) {
        top[-1] = context_.budget.read(top[-1].size)
                      ? Slot::boolean(program_.patterns_[in.a].in(top[-1].view()))
                      : fault(kOutOfWork, constants_[in.b].size);
      } else if (!top[-1].is(Kind::error)) {
        top[-1] = constants_[in.b];
      }
      return place;
    case Op::list:
      top -= in.a;
      *top = list(in, top);
      ++top;
      return place;
    case Op::map:
      top -= 2 * in.a;
      *top = map(in, top);
      ++top;
      return place;
    case Op::branch:
      return branch(in, place);
    case Op::jump:
      return {program_.code_.data() + in.target, top};
    default:
      return fold(in, place, stack + in.a);
  }
}

Machine::Place Machine::branch(const Instruction& in, Place place) {
  const Instruction* const code = program_.code_.data();
  Slot* condition = place.top - 1;
  *condition = verdict(*condition, constants_[in.b]);
  if (condition->is(Kind::error)) return {code + in.a, place.top};
  return {condition->b ? place.at : code + in.target, condition};
}

/// The instructions of loops.
Machine::Place Machine::fold(const Instruction& in, Place place, Slot* frame) {
  const Place end{program_.code_.data() + in.target, frame + kFrame};
  if (in.op == Op::loop) {
    return begin_loop(in, frame) ? Place{place.at, frame + kFrame} : Place{end.at + 1, frame + 1};
  }
  if (in.op == Op::next) return next(in, frame) ? place : end;
  if (in.op == Op::end_loop) {
    const bool one = frame[kResult].is(Kind::integer) && in.macro == Macro::exists_one;
    frame[0] = one ? Slot::boolean(frame[kResult].i == 1) : frame[kResult];
    return {place.at, frame + 1};
  }
  Slot& result = frame[kResult];
  const Slot popped = place.top[-1];
  const Slot value = in.op == Op::append ? popped : verdict(popped, constants_[in.b]);
  const Place on{place.at, place.top - 1};
  if (value.is(Kind::error)) {
    if (in.op == Op::test) {
      remember(result, value);
      return on;
    }
    result = value;
    return end;
  }
  switch (in.op) {
    case Op::test:
      if (value.b == in.stop) result = value;
      return value.b == in.stop ? end : on;
    case Op::count:
      result.i += value.b ? 1 : 0;
      return on;
    case Op::keep:
      return {place.at + (value.b ? 1 : 0), on.top};
    default:  // append: `begin_loop` made room for as many as the range has
      const_cast<Slot*>(items(result).data())[result.size++] = value;
      return on;
  }
}

bool Machine::begin_loop(const Instruction& in, Slot* frame) {
  const Slot range = frame[0];
  if (range.is(Kind::error)) return false;
  if (!range.is(Kind::list) && !range.is(Kind::map)) {
    frame[0] = constants_[in.b];
    return false;
  }
  frame[kCursor] = Slot::integer(0);
  if (in.macro == Macro::all || in.macro == Macro::exists) {
    frame[kResult] = Slot::boolean(in.macro == Macro::all);
    return true;
  }
  if (in.macro == Macro::exists_one) {
    frame[kResult] = Slot::integer(0);
    return true;
  }
  const Slot* room = context_.arena.array<Slot>(range.size);
  frame[kResult] = list_of({room, 0});
  if (room == nullptr) frame[0] = fault(kOutOfMemory, constants_[in.b].size);
  return room != nullptr;
}

bool Machine::next(const Instruction& in, Slot* frame) {
  const Slot& range = frame[0];
  const auto cursor = static_cast<std::size_t>(frame[kCursor].i++);
  if (cursor >= range.size) return false;
  if (!context_.budget.spend(1)) {
    frame[kResult] = fault(kOutOfWork, constants_[in.b].size);
    return false;
  }
  frame[kElement] = range.is(Kind::map) ? entries(range)[cursor].key : items(range)[cursor];
  return true;
}

Slot Machine::read(const Instruction& in) {
  const Slot& variable = variables_[in.a];
  if (variable.is(Kind::absent)) return constants_[in.b];
  if (!variable.is(Kind::raw)) return variable;
  if (program_.read_raw_ == nullptr) {
    return fault("nobody reads the JSON of this field", constants_[in.b].size);
  }
  if (!context_.budget.read(variable.size)) return fault(kOutOfWork, constants_[in.b].size);
  return placed(program_.read_raw_(variable.view(), context_.arena), constants_[in.b]);
}

Slot Machine::weigh(const Instruction& in) {
  const Slot variable = read(in);
  if (variable.is(Kind::error)) return variable;
  const Slot& mismatch = constants_[in.b + 1];
  if (in.op == Op::is_true) return verdict(variable, mismatch);
  if (in.op == Op::is_false) {
    return variable.is(Kind::boolean) ? Slot::boolean(!variable.b) : mismatch;
  }
  const Slot& constant = constants_[in.b + 3];
  if (program_.of_events_ && !comparable(variable, constant)) return mismatch;
  const bool in_container = in.op == Op::text_in || in.op == Op::other_in;
  return placed(in_container ? contains(constant, variable, context_.budget)
                             : compare(in.relation, variable, constant, context_.budget),
                mismatch);
}

Slot Machine::call(const Instruction& in, const Slot* arguments) {
  const std::span<const Slot> given(arguments, in.target);
  for (const Slot& argument : given) {
    if (argument.is(Kind::error)) return argument;
  }
  return placed(functions()[in.a].apply(given, context_), constants_[in.b]);
}

Slot Machine::select(const Instruction& in, const Slot& map) const {
  if (map.is(Kind::error)) return map;
  const bool ask = in.op == Op::has_field;
  if (!map.is(Kind::map)) return constants_[in.b + (ask ? 0 : 1)];
  const Slot* value = find(map, constants_[in.a]);
  if (ask) return Slot::boolean(value != nullptr && there(*value));
  return value != nullptr ? *value : constants_[in.b];
}

Slot Machine::list(const Instruction& in, const Slot* values) {
  const std::span<const Slot> given(values, in.a);
  const auto error = std::ranges::find(given, Kind::error, &Slot::kind);
  if (error != given.end()) return *error;
  Slot* kept = context_.arena.array<Slot>(in.a);
  if (kept == nullptr) return fault(kOutOfMemory, constants_[in.b].size);
  std::ranges::copy(given, kept);
  return list_of({kept, in.a});
}

Slot Machine::map(const Instruction& in, const Slot* pairs) {
  const std::span<const Slot> given(pairs, 2 * in.a);
  const auto error = std::ranges::find(given, Kind::error, &Slot::kind);
  if (error != given.end()) return *error;
  Entry* kept = context_.arena.array<Entry>(in.a);
  if (kept == nullptr) return fault(kOutOfMemory, constants_[in.b].size);
  for (std::size_t i = 0; i < in.a; ++i) kept[i] = {given[2 * i], given[2 * i + 1]};
  return placed(map_of({kept, in.a}), constants_[in.b]);
}

}  // namespace cel
