#include "connectors/json/number.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace connectors {
namespace {

/// -?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?, which from_chars does not insist on.
bool json_number(const char* at, const char* last) {
  const auto digits = [&] {
    const char* from = at;
    while (at < last && *at >= '0' && *at <= '9') ++at;
    return at - from;
  };
  if (at < last && *at == '-') ++at;
  const char* whole = at;
  const auto count = digits();
  if (count == 0 || (count > 1 && *whole == '0')) return false;
  if (at < last && *at == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < last && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at < last && (*at == '+' || *at == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == last;
}

/// What from_chars calls out of range is either too large or next to nothing.
bool tiny(const char* first, const char* last) {
  long exponent = 0;  // of the first digit that is not 0
  bool found = false, point = false;
  const char* at = first;
  for (; at < last && *at != 'e' && *at != 'E'; ++at) {
    if (*at == '.') point = true;
    if (*at < '0' || *at > '9') continue;
    if (*at != '0') found = true;
    if (found && !point) ++exponent;
    if (!found && point) --exponent;
  }
  if (!found) return true;
  if (at == last) return exponent < 0;
  ++at;
  if (*at == '+') ++at;
  long written = 0;
  const auto [end, error] = std::from_chars(at, last, written);
  if (error != std::errc{}) return *at == '-';
  return written < -exponent;
}

}  // namespace

NumberFault parse_any_number(const char* first, const char* last, double& value) {
  if (!json_number(first, last)) return NumberFault::not_a_number;
  const auto [end, error] = std::from_chars(first, last, value);
  if (error == std::errc::result_out_of_range && tiny(first, last)) {
    value = *first == '-' ? -0.0 : 0.0;
    return NumberFault::none;
  }
  if (error != std::errc{} || !std::isfinite(value)) return NumberFault::not_finite;
  return NumberFault::none;
}

}  // namespace connectors
