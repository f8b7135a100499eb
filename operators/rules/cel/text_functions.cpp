// Functions on strings (size also on bytes, lists and maps).

#include <array>

#include "operators/rules/cel/functions.h"
#include "operators/rules/cel/pattern.h"
#include "operators/rules/cel/utf8.h"

namespace cel {
namespace {

using Arguments = std::span<const Slot>;

Slot size(Arguments in, Context& context) {
  switch (in[0].kind) {
    case Kind::text:
      if (!context.budget.read(in[0].size)) return fault(kOutOfWork);
      return size_of(utf8::length(in[0].view()));
    case Kind::bytes:
    case Kind::list:
    case Kind::map:
      return size_of(in[0].size);
    default:
      return fault(kMismatch);
  }
}

template <bool (*test)(std::string_view, std::string_view)>
Slot tested(Arguments in, Context& context) {
  if (!in[0].is(Kind::text) || !in[1].is(Kind::text)) return fault(kMismatch);
  if (!context.budget.read(in[0].size)) return fault(kOutOfWork);
  return Slot::boolean(test(in[0].view(), in[1].view()));
}

bool contains_text(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
bool starts_with(std::string_view text, std::string_view part) {
  return text.starts_with(part);
}
bool ends_with(std::string_view text, std::string_view part) {
  return text.ends_with(part);
}

/// Only for patterns that are no literals: the compiler prepares those.
Slot matches(Arguments in, Context& context) {
  constexpr std::uint64_t kStepsPerPattern = 1000;
  if (!in[0].is(Kind::text) || !in[1].is(Kind::text)) return fault(kMismatch);
  if (!context.budget.spend(kStepsPerPattern + in[1].size) || !context.budget.read(in[0].size))
    return fault(kOutOfWork);
  const Pattern pattern(in[1].view());
  if (pattern.problem()) return fault("the text is no regular expression");
  return Slot::boolean(pattern.in(in[0].view()));
}

constexpr auto kBoth = Function::Style::both;
constexpr auto kReceiver = Function::Style::receiver;
constexpr std::array kRows = {
    Function{"size", kBoth, 1, 1, size},
    Function{"contains", kReceiver, 2, 2, tested<contains_text>},
    Function{"startsWith", kReceiver, 2, 2, tested<starts_with>},
    Function{"endsWith", kReceiver, 2, 2, tested<ends_with>},
    Function{"matches", kBoth, 2, 2, matches},
};

}  // namespace

std::span<const Function> text_functions() {
  return kRows;
}

}  // namespace cel
