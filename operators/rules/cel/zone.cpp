#include "operators/rules/cel/zone.h"

#include <charconv>
#include <chrono>

namespace cel {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::last;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::Sunday;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;
using std::chrono::year_month_day;

enum class Summer { none, europe, america, australia };

struct Zone {
  std::string_view name;
  int minutes_east;  // standard time
  Summer summer;
  int since;  // first year of the present rule
};

constexpr Zone kZones[] = {
    {"UTC", 0, Summer::none, 1},
    {"Etc/UTC", 0, Summer::none, 1},
    {"GMT", 0, Summer::none, 1},
    {"Asia/Shanghai", 480, Summer::none, 1992},
    {"Asia/Urumqi", 360, Summer::none, 1929},
    {"Asia/Hong_Kong", 480, Summer::none, 1980},
    {"Asia/Macau", 480, Summer::none, 1980},
    {"Asia/Taipei", 480, Summer::none, 1980},
    {"Asia/Singapore", 480, Summer::none, 1982},
    {"Asia/Tokyo", 540, Summer::none, 1952},
    {"Asia/Seoul", 540, Summer::none, 1989},
    {"Asia/Kolkata", 330, Summer::none, 1946},
    {"Asia/Kathmandu", 345, Summer::none, 1987},
    {"Australia/Sydney", 600, Summer::australia, 2008},
    {"Europe/London", 0, Summer::europe, 1996},
    {"Europe/Berlin", 60, Summer::europe, 1996},
    {"Europe/Paris", 60, Summer::europe, 1996},
    {"US/Eastern", -300, Summer::america, 2007},
    {"America/New_York", -300, Summer::america, 2007},
    {"US/Central", -360, Summer::america, 2007},
    {"America/Chicago", -360, Summer::america, 2007},
    {"US/Pacific", -480, Summer::america, 2007},
    {"America/Los_Angeles", -480, Summer::america, 2007},
};

/// Whether clocks are an hour ahead, given the instant in UTC and its year in standard time.
bool in_summer(const Zone& zone, sys_seconds utc, year y) {
  using namespace std::chrono;
  const minutes standard(zone.minutes_east);
  const auto between = [&](sys_seconds start, sys_seconds end) {
    return start <= utc && utc < end;
  };
  switch (zone.summer) {
    case Summer::europe:  // both changes at 01:00 UTC
      return between(sys_days(y / March / Sunday[last]) + 1h,
                     sys_days(y / October / Sunday[last]) + 1h);
    case Summer::america:  // both changes at 02:00 of the clock on the wall
      return between(sys_days(y / March / Sunday[2]) + 2h - standard,
                     sys_days(y / November / Sunday[1]) + 1h - standard);
    case Summer::australia:  // the southern summer: outside of April to October
      return !between(sys_days(y / April / Sunday[1]) + 2h - standard,
                      sys_days(y / October / Sunday[1]) + 2h - standard);
    case Summer::none:
      return false;
  }
  return false;
}

std::optional<std::int64_t> fixed_offset(std::string_view text) {
  const bool west = text.starts_with('-');
  if (west || text.starts_with('+')) text.remove_prefix(1);
  const auto two_digits = [&](std::size_t at, int below) -> std::optional<int> {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, value);
    if (error != std::errc() || end != text.data() + at + 2 || value < 0) return std::nullopt;
    return value < below ? std::optional(value) : std::nullopt;
  };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto h = two_digits(0, 24);
  const auto m = two_digits(3, 60);
  if (!h || !m) return std::nullopt;
  return (*h * 3600 + *m * 60) * (west ? -1 : 1);
}

}  // namespace

std::optional<std::int64_t> zone_offset(std::string_view zone, std::int64_t utc_seconds) {
  for (const Zone& known : kZones) {
    if (known.name != zone) continue;
    const sys_seconds utc{seconds(utc_seconds)};
    const minutes standard(known.minutes_east);
    const year y = year_month_day(floor<days>(utc + standard)).year();
    if (y < year(known.since)) return std::nullopt;
    return seconds(standard + hours(in_summer(known, utc, y) ? 1 : 0)).count();
  }
  return fixed_offset(zone);
}

}  // namespace cel
