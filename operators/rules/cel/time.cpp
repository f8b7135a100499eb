#include "operators/rules/cel/time.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "operators/rules/cel/zone.h"

namespace cel {
namespace {

using streams::Slot;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

/// Takes digits off the front, at least `fewest` and at most `most` of them.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t fewest,
                                        std::size_t most) {
  const std::size_t count = std::min({text.find_first_not_of("0123456789"), text.size(), most});
  if (count < fewest) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  if (count > 0 && error != std::errc()) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// ".25" as nanoseconds; digits beyond the ninth are cut off.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  if (!take(text, ".")) return 0;
  const std::size_t before = text.size();
  auto value = take_digits(text, 1, 9);
  if (!value) return std::nullopt;
  for (std::size_t digits = before - text.size(); digits < 9; ++digits) *value *= 10;
  text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  return value;
}

std::optional<std::int64_t> take_unit(std::string_view& text) {
  struct Unit {
    std::string_view name;
    std::int64_t nanos;
  };
  constexpr Unit kUnits[] = {{"ns", 1},
                             {"us", 1'000},
                             {"µs", 1'000},
                             {"ms", 1'000'000},
                             {"s", kNanosPerSecond},
                             {"m", 60 * kNanosPerSecond},
                             {"h", 3600 * kNanosPerSecond}};
  for (const Unit& unit : kUnits) {
    if (take(text, unit.name)) return unit.nanos;
  }
  return std::nullopt;
}

/// One term of a duration, such as "1.5h", added to `total`.
bool add_term(std::string_view& text, std::int64_t& total) {
  constexpr std::size_t kAnyNumber = 32;
  const bool digit_first = !text.empty() && text.front() != '.';
  const auto whole = take_digits(text, digit_first ? 1 : 0, kAnyNumber);
  const auto fraction = take_fraction(text);  // billionths of a unit
  const auto unit = take_unit(text);
  if (!whole || !fraction || !unit) return false;
  // Below the second the billionths would be lost in a product of ints; above it they would not
  // fit.
  const auto part = static_cast<std::int64_t>(static_cast<double>(*fraction) *
                                              (static_cast<double>(*unit) / kNanosPerSecond));
  std::int64_t term = 0;
  return !__builtin_mul_overflow(*whole, *unit, &term) &&
         !__builtin_add_overflow(term, part, &term) && !__builtin_add_overflow(total, term, &total);
}

/// ".5" for 500'000'000; nothing for 0.
std::string fraction_text(std::int64_t nanos) {
  if (nanos == 0) return "";
  std::string digits = std::to_string(kNanosPerSecond + nanos).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return "." + digits;
}

}  // namespace

std::optional<std::int64_t> nanoseconds(const Slot& duration) {
  // Rounded towards zero first: the lowest duration would overflow on the way otherwise.
  const bool round_up = duration.i < 0 && duration.size > 0;
  const std::int64_t rest = duration.size - (round_up ? kNanosPerSecond : 0);
  std::int64_t total = 0;
  if (__builtin_mul_overflow(duration.i + (round_up ? 1 : 0), kNanosPerSecond, &total) ||
      __builtin_add_overflow(total, rest, &total)) {
    return std::nullopt;
  }
  return total;
}

Slot duration_of(std::int64_t nanoseconds) {
  std::int64_t seconds = nanoseconds / kNanosPerSecond;
  std::int64_t rest = nanoseconds % kNanosPerSecond;
  if (rest < 0) {
    --seconds;
    rest += kNanosPerSecond;
  }
  return Slot::duration(seconds, static_cast<std::uint32_t>(rest));
}

std::optional<Slot> timestamp_of(std::int64_t seconds, std::int64_t nanoseconds) {
  const Slot carry = duration_of(nanoseconds);
  if (__builtin_add_overflow(seconds, carry.i, &seconds) || seconds < kFirstSecond ||
      seconds > kLastSecond) {
    return std::nullopt;
  }
  return Slot::timestamp(seconds, carry.size);
}

std::optional<Slot> parse_duration(std::string_view text) {
  const bool negative = take(text, "-");
  if (!negative) take(text, "+");
  if (text == "0") return Slot::duration(0, 0);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    if (!add_term(text, total)) return std::nullopt;
  }
  return duration_of(negative ? -total : total);
}

std::optional<Slot> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  const auto number = [&](std::size_t digits) { return take_digits(text, digits, digits); };
  const auto y = number(4);
  if (!y || !take(text, "-")) return std::nullopt;
  const auto m = number(2);
  if (!m || !take(text, "-")) return std::nullopt;
  const auto d = number(2);
  if (!d || !(take(text, "T") || take(text, "t"))) return std::nullopt;
  const auto hour = number(2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = number(2);
  if (!minute || *minute > 59 || !take(text, ":")) return std::nullopt;
  const auto second = number(2);
  const auto fraction = take_fraction(text);
  const bool signed_offset = text.starts_with('+') || text.starts_with('-');
  if (!second || *second > 59 || !fraction) return std::nullopt;
  if (text != "Z" && text != "z" && !signed_offset) return std::nullopt;
  const auto offset = signed_offset ? zone_offset(text, 0) : 0;
  const year_month_day date(year(static_cast<int>(*y)), month(static_cast<unsigned>(*m)),
                            day(static_cast<unsigned>(*d)));
  if (!offset || !date.ok()) return std::nullopt;
  const std::int64_t days = sys_days(date).time_since_epoch().count();
  return timestamp_of(days * 86400 + *hour * 3600 + *minute * 60 + *second - *offset, *fraction);
}

std::string duration_text(const Slot& duration) {
  const bool negative = duration.i < 0;
  // Of -2 s and half a second forth, what is told is -1 s and half a second back.
  const bool borrow = negative && duration.size > 0;
  const std::int64_t seconds = duration.i + (borrow ? 1 : 0);
  const std::int64_t nanos = borrow ? kNanosPerSecond - duration.size : duration.size;
  return (negative && seconds == 0 ? "-" : "") + std::to_string(seconds) + fraction_text(nanos) +
         "s";
}

std::string timestamp_text(const Slot& timestamp) {
  using namespace std::chrono;
  const sys_seconds instant{seconds(timestamp.i)};
  const auto midnight = floor<days>(instant);
  const year_month_day date(midnight);
  const auto since = (instant - midnight).count();
  const auto padded = [](std::int64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
  };
  return padded(int(date.year()), 4) + "-" + padded(unsigned(date.month()), 2) + "-" +
         padded(unsigned(date.day()), 2) + "T" + padded(since / 3600, 2) + ":" +
         padded(since / 60 % 60, 2) + ":" + padded(since % 60, 2) + fraction_text(timestamp.size) +
         "Z";
}

}  // namespace cel
