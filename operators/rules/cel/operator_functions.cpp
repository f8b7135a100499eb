// The operators: arithmetic with overflow as an error, comparison, `in`, index, `!`.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "operators/rules/cel/functions.h"
#include "operators/rules/cel/time.h"

namespace cel {
namespace {

using Arguments = std::span<const Slot>;

const char* const kOverflow = "the result is out of the type's range";
const char* const kZeroDivisor = "division by zero";
const char* const kTimeRange = "the time is out of range";

Slot timestamp_or_fault(std::int64_t seconds, std::int64_t nanos) {
  const auto result = timestamp_of(seconds, nanos);
  return result ? *result : fault(kTimeRange);
}

/// One number type's operation: `checked` says whether it overflowed.
template <class T, class Make, class Checked>
Slot whole(T a, T b, Make make, Checked checked) {
  T result{};
  return checked(a, b, &result) ? fault(kOverflow) : make(result);
}

/// `+`, `-` or `*` on two numbers of one type.
template <class Checked, class Real>
Slot arithmetic(const Slot& a, const Slot& b, Checked checked, Real real) {
  if (a.kind != b.kind) return fault(kMismatch);
  if (a.is(Kind::integer)) return whole(a.i, b.i, Slot::integer, checked);
  if (a.is(Kind::natural)) return whole(a.u, b.u, Slot::natural, checked);
  return a.is(Kind::number) ? Slot::number(real(a.d, b.d)) : fault(kMismatch);
}

constexpr auto kAdd = [](auto a, auto b, auto* c) { return __builtin_add_overflow(a, b, c); };
constexpr auto kSubtract = [](auto a, auto b, auto* c) { return __builtin_sub_overflow(a, b, c); };
constexpr auto kMultiply = [](auto a, auto b, auto* c) { return __builtin_mul_overflow(a, b, c); };

Slot duration_sum(const Slot& a, const Slot& b, bool minus) {
  const auto x = nanoseconds(a);
  const auto y = nanoseconds(b);
  std::int64_t sum = 0;
  if (!x || !y || (minus ? kSubtract(*x, *y, &sum) : kAdd(*x, *y, &sum))) return fault(kTimeRange);
  return duration_of(sum);
}

/// A timestamp moved by a duration.
Slot moved(const Slot& timestamp, const Slot& duration, bool back) {
  const auto by = nanoseconds(duration);
  if (!by || *by == std::numeric_limits<std::int64_t>::min()) return fault(kTimeRange);
  const Slot step = duration_of(back ? -*by : *by);
  std::int64_t seconds = 0;
  if (kAdd(timestamp.i, step.i, &seconds)) return fault(kTimeRange);
  return timestamp_or_fault(seconds, std::int64_t{timestamp.size} + step.size);
}

Slot between(const Slot& later, const Slot& earlier) {
  Slot difference = Slot::duration(0, later.size);
  if (kSubtract(later.i, earlier.i, &difference.i)) return fault(kTimeRange);
  return duration_sum(difference, Slot::duration(0, earlier.size), true);
}

Slot joined(const Slot& a, const Slot& b, Context& context) {
  char* chars = context.arena.array<char>(std::size_t{a.size} + b.size);
  if (chars == nullptr) return fault(kOutOfMemory);
  std::copy_n(b.chars, b.size, std::copy_n(a.chars, a.size, chars));
  return Slot::view(a.kind, {chars, std::size_t{a.size} + b.size});
}

Slot joined_lists(const Slot& a, const Slot& b, Context& context) {
  const std::size_t size = std::size_t{a.size} + b.size;
  Slot* both = context.arena.array<Slot>(size);
  if (both == nullptr) return fault(kOutOfMemory);
  std::ranges::copy(items(b), std::ranges::copy(items(a), both).out);
  return list_of({both, size});
}

Slot plus(Arguments in, Context& context) {
  const Slot& a = in[0];
  const Slot& b = in[1];
  if (a.is(Kind::timestamp) && b.is(Kind::duration)) return moved(a, b, false);
  if (a.is(Kind::duration) && b.is(Kind::timestamp)) return moved(b, a, false);
  if (a.kind != b.kind) return fault(kMismatch);
  if (a.is(Kind::text) || a.is(Kind::bytes)) return joined(a, b, context);
  if (a.is(Kind::list)) return joined_lists(a, b, context);
  if (a.is(Kind::duration)) return duration_sum(a, b, false);
  return arithmetic(a, b, kAdd, [](double x, double y) { return x + y; });
}

Slot minus(Arguments in, Context&) {
  const Slot& a = in[0];
  const Slot& b = in[1];
  if (a.is(Kind::timestamp) && b.is(Kind::duration)) return moved(a, b, true);
  if (a.is(Kind::timestamp) && b.is(Kind::timestamp)) return between(a, b);
  if (a.is(Kind::duration) && b.is(Kind::duration)) return duration_sum(a, b, true);
  return arithmetic(a, b, kSubtract, [](double x, double y) { return x - y; });
}

Slot times(Arguments in, Context&) {
  return arithmetic(in[0], in[1], kMultiply, [](double x, double y) { return x * y; });
}

/// `/` and `%` of whole numbers; `divide` is only called where the result exists.
template <class Divide>
Slot quotient(const Slot& a, const Slot& b, Divide divide) {
  if (a.kind != b.kind) return fault(kMismatch);
  if (a.is(Kind::natural)) return b.u == 0 ? fault(kZeroDivisor) : Slot::natural(divide(a.u, b.u));
  if (!a.is(Kind::integer)) return fault(kMismatch);
  if (b.i == 0) return fault(kZeroDivisor);
  if (b.i == -1 && a.i == std::numeric_limits<std::int64_t>::min()) return fault(kOverflow);
  return Slot::integer(divide(a.i, b.i));
}

Slot divide(Arguments in, Context&) {
  if (in[0].is(Kind::number) && in[1].is(Kind::number)) return Slot::number(in[0].d / in[1].d);
  return quotient(in[0], in[1], [](auto a, auto b) { return a / b; });
}

Slot remainder(Arguments in, Context&) {
  return quotient(in[0], in[1], [](auto a, auto b) { return a % b; });
}

Slot negate(Arguments in, Context&) {
  if (in[0].is(Kind::number)) return Slot::number(-in[0].d);
  if (!in[0].is(Kind::integer)) return fault(kMismatch);
  return whole(std::int64_t{0}, in[0].i, Slot::integer, kSubtract);
}

Slot invert(Arguments in, Context&) {
  return in[0].is(Kind::boolean) ? Slot::boolean(!in[0].b) : fault(kMismatch);
}

template <Relation relation>
Slot compared(Arguments in, Context& context) {
  return compare(relation, in[0], in[1], context.budget);
}

Slot element_of(Arguments in, Context& context) {
  return contains(in[1], in[0], context.budget);
}

/// A list's place as an int, if the slot is a number without a fraction.
std::optional<std::int64_t> place(const Slot& number) {
  constexpr double kFar = 9e18;
  if (number.is(Kind::integer)) return number.i;
  if (number.is(Kind::natural)) {
    return static_cast<std::int64_t>(std::min(number.u, std::uint64_t{1} << 62));
  }
  if (!number.is(Kind::number) || !(std::fabs(number.d) < kFar)) return std::nullopt;
  const auto cut = static_cast<std::int64_t>(number.d);
  return static_cast<double>(cut) == number.d ? std::optional(cut) : std::nullopt;
}

Slot at_index(Arguments in, Context&) {
  const Slot& container = in[0];
  if (container.is(Kind::map)) {
    const Slot* value = find(container, in[1]);
    return value != nullptr ? *value : fault("no such key");
  }
  const auto index = place(in[1]);
  if (!container.is(Kind::list) || !index) return fault(kMismatch);
  if (*index < 0 || *index >= container.size) return fault("the index is out of the list");
  return items(container)[static_cast<std::size_t>(*index)];
}

constexpr auto kSign = Function::Style::sign;
constexpr std::array kRows = {
    Function{"+", kSign, 2, 2, plus},
    Function{"-", kSign, 2, 2, minus},
    Function{"*", kSign, 2, 2, times},
    Function{"/", kSign, 2, 2, divide},
    Function{"%", kSign, 2, 2, remainder},
    Function{"-_", kSign, 1, 1, negate},
    Function{"!", kSign, 1, 1, invert},
    Function{"==", kSign, 2, 2, compared<Relation::eq>},
    Function{"!=", kSign, 2, 2, compared<Relation::ne>},
    Function{"<", kSign, 2, 2, compared<Relation::lt>},
    Function{"<=", kSign, 2, 2, compared<Relation::le>},
    Function{">", kSign, 2, 2, compared<Relation::gt>},
    Function{">=", kSign, 2, 2, compared<Relation::ge>},
    Function{"in", kSign, 2, 2, element_of},
    Function{"[]", kSign, 2, 2, at_index},
};

}  // namespace

std::span<const Function> operator_functions() {
  return kRows;
}

Slot compare(Relation relation, const Slot& a, const Slot& b, Budget& budget) {
  if (relation == Relation::eq || relation == Relation::ne) {
    const bool same = equal(a, b, budget);
    return budget.left == 0 ? fault(kOutOfWork) : Slot::boolean(same == (relation == Relation::eq));
  }
  const auto result = order(a, b);
  if (!result) return fault(kMismatch);
  switch (relation) {
    case Relation::lt:
      return Slot::boolean(std::is_lt(*result));
    case Relation::le:
      return Slot::boolean(std::is_lteq(*result));
    case Relation::gt:
      return Slot::boolean(std::is_gt(*result));
    default:
      return Slot::boolean(std::is_gteq(*result));
  }
}

Slot contains(const Slot& container, const Slot& value, Budget& budget) {
  if (container.is(Kind::map)) return Slot::boolean(find(container, value) != nullptr);
  if (!container.is(Kind::list)) return fault(kMismatch);
  budget.spend(container.size);
  const auto all = items(container);
  const bool found = std::any_of(all.begin(), all.end(),
                                 [&](const Slot& item) { return equal(item, value, budget); });
  return budget.left == 0 ? fault(kOutOfWork) : Slot::boolean(found);
}

}  // namespace cel
