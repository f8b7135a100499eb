#pragma once

// parse_number: one JSON number to the nearest double, with JSON's grammar checked. The walker
// calls it for every number of every event, wanted or not. Any thread.

#include <cstdint>

namespace connectors {

enum class NumberFault { none, not_a_number, not_finite };

/// All of [first, last) must be the number.
NumberFault parse_any_number(const char* first, const char* last, double& value);

/// The same; short decimals without an exponent ("12", "-0.93") take the short way: both parts of
/// mantissa / 10^k are then exact, and so is the rounding of their quotient.
inline NumberFault parse_number(const char* first, const char* last, double& value) {
  static constexpr double kTens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
                                     1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  constexpr int kDigits = 15;  // 10^15 < 2^53
  const char* at = first;
  const bool negative = at < last && *at == '-';
  if (negative) ++at;
  const char* digits = at;
  if (last - at > kDigits + 1) return parse_any_number(first, last, value);
  std::int64_t mantissa = 0;
  const auto take = [&] {
    const char* from = at;
    for (; at < last && *at >= '0' && *at <= '9'; ++at) mantissa = mantissa * 10 + (*at - '0');
    return at - from;
  };
  const auto before = take();
  if (before == 0 || (before > 1 && *digits == '0')) return NumberFault::not_a_number;
  std::int64_t after = 0;
  if (at < last && *at == '.') {
    ++at;
    after = take();
    if (after == 0) return NumberFault::not_a_number;
  }
  if (at != last || before + after > kDigits) return parse_any_number(first, last, value);
  value = static_cast<double>(mantissa) / kTens[after];
  if (negative) value = -value;
  return NumberFault::none;
}

}  // namespace connectors
