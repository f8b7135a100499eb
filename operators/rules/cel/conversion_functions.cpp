// Conversions between types: int('12'), string(1.5), type(x)…

#include <array>
#include <charconv>
#include <cmath>

#include "operators/rules/cel/functions.h"
#include "operators/rules/cel/literal.h"
#include "operators/rules/cel/time.h"
#include "operators/rules/cel/utf8.h"

namespace cel {
namespace {

using Arguments = std::span<const Slot>;

constexpr double kTwoTo63 = 9223372036854775808.0;
const char* const kNoInt = "the value is no 64-bit int";
const char* const kNoUint = "the value is no 64-bit uint";

template <class T>
std::optional<T> parse(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class T>
Slot or_fault(const std::optional<T>& value, Slot (*make)(T), const char* message) {
  return value ? make(*value) : fault(message);
}

Slot to_int(Arguments in, Context&) {
  const Slot& value = in[0];
  switch (value.kind) {
    case Kind::integer:
      return value;
    case Kind::natural:
      return value.u >> 63 ? fault(kNoInt) : Slot::integer(static_cast<std::int64_t>(value.u));
    case Kind::number:  // both ends are excluded, as in the specification's cases
      if (!(value.d > -kTwoTo63 && value.d < kTwoTo63)) return fault(kNoInt);
      return Slot::integer(static_cast<std::int64_t>(value.d));
    case Kind::text:
      return or_fault(parse<std::int64_t>(value.view()), Slot::integer, kNoInt);
    case Kind::timestamp:
      return Slot::integer(value.i);
    default:
      return fault(kMismatch);
  }
}

Slot to_uint(Arguments in, Context&) {
  const Slot& value = in[0];
  switch (value.kind) {
    case Kind::natural:
      return value;
    case Kind::integer:
      return value.i < 0 ? fault(kNoUint) : Slot::natural(static_cast<std::uint64_t>(value.i));
    case Kind::number:
      if (!(value.d >= 0 && value.d < 2 * kTwoTo63)) return fault(kNoUint);
      return Slot::natural(static_cast<std::uint64_t>(value.d));
    case Kind::text:
      return or_fault(parse<std::uint64_t>(value.view()), Slot::natural, kNoUint);
    default:
      return fault(kMismatch);
  }
}

Slot to_double(Arguments in, Context&) {
  const Slot& value = in[0];
  switch (value.kind) {
    case Kind::number:
      return value;
    case Kind::integer:
      return Slot::number(static_cast<double>(value.i));
    case Kind::natural:
      return Slot::number(static_cast<double>(value.u));
    case Kind::text:
      return or_fault(decimal(value.view()), Slot::number, "the text is no double");
    default:
      return fault(kMismatch);
  }
}

/// Shortest digits that read back the same; written out between 1e-6 and 1e21, as in JSON.
Slot number_text(double value, Context& context) {
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  char digits[32];
  const auto end = plain ? std::to_chars(digits, std::end(digits), value, std::chars_format::fixed)
                         : std::to_chars(digits, std::end(digits), value);
  return text_in_arena({digits, end.ptr}, Kind::text, context);
}

Slot to_string(Arguments in, Context& context) {
  const Slot& value = in[0];
  const auto keep = [&](std::string_view text) { return text_in_arena(text, Kind::text, context); };
  switch (value.kind) {
    case Kind::text:
      return value;
    case Kind::boolean:
      return Slot::text(value.b ? "true" : "false");
    case Kind::integer:
      return keep(std::to_string(value.i));
    case Kind::natural:
      return keep(std::to_string(value.u));
    case Kind::number:
      return number_text(value.d, context);
    case Kind::bytes:
      return utf8::valid(value.view()) ? Slot::text(value.view())
                                       : fault("the bytes are not UTF-8");
    case Kind::duration:
      return keep(duration_text(value));
    case Kind::timestamp:
      return keep(timestamp_text(value));
    default:
      return fault(kMismatch);
  }
}

Slot to_bytes(Arguments in, Context&) {
  if (in[0].is(Kind::bytes)) return in[0];
  return in[0].is(Kind::text) ? Slot::view(Kind::bytes, in[0].view()) : fault(kMismatch);
}

Slot to_bool(Arguments in, Context&) {
  if (in[0].is(Kind::boolean)) return in[0];
  if (!in[0].is(Kind::text)) return fault(kMismatch);
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (in[0].view() == yes) return Slot::boolean(true);
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (in[0].view() == no) return Slot::boolean(false);
  }
  return fault("the text is neither true nor false");
}

Slot to_duration(Arguments in, Context&) {
  if (in[0].is(Kind::duration)) return in[0];
  if (!in[0].is(Kind::text)) return fault(kMismatch);
  const auto parsed = parse_duration(in[0].view());
  return parsed ? *parsed : fault("the text is no duration in range; expected one like '1h30m'");
}

Slot to_timestamp(Arguments in, Context&) {
  if (in[0].is(Kind::timestamp)) return in[0];
  if (in[0].is(Kind::integer)) {
    const auto made = timestamp_of(in[0].i, 0);
    return made ? *made : fault("the seconds are not within the years 1 to 9999");
  }
  if (!in[0].is(Kind::text)) return fault(kMismatch);
  const auto parsed = parse_timestamp(in[0].view());
  return parsed ? *parsed : fault("the text is no time; expected one like '2026-03-01T08:00:00Z'");
}

Slot to_type(Arguments in, Context&) {
  return Slot::view(Kind::type, type_name(in[0].kind));
}
Slot to_dyn(Arguments in, Context&) {
  return in[0];
}

constexpr auto kGlobal = Function::Style::global;
constexpr std::array kRows = {
    Function{"int", kGlobal, 1, 1, to_int},
    Function{"uint", kGlobal, 1, 1, to_uint},
    Function{"double", kGlobal, 1, 1, to_double},
    Function{"string", kGlobal, 1, 1, to_string},
    Function{"bytes", kGlobal, 1, 1, to_bytes},
    Function{"bool", kGlobal, 1, 1, to_bool},
    Function{"duration", kGlobal, 1, 1, to_duration},
    Function{"timestamp", kGlobal, 1, 1, to_timestamp},
    Function{"type", kGlobal, 1, 1, to_type},
    Function{"dyn", kGlobal, 1, 1, to_dyn},
};

}  // namespace

std::span<const Function> conversion_functions() {
  return kRows;
}

}  // namespace cel
