#include "streams/time.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "streams/instant.h"

namespace streams {
namespace {

bool digits(std::string_view text, std::size_t at, std::size_t count, int& value) {
  if (at + count > text.size()) return false;
  value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  return true;
}

bool date(std::string_view text, std::chrono::sys_days& day) {
  int year, month, dom;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  if (!digits(text, 0, 4, year) || !digits(text, 5, 2, month) || !digits(text, 8, 2, dom))
    return false;
  const std::chrono::year_month_day ymd{std::chrono::year{year},
                                        std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(dom)}};
  day = ymd;
  return ymd.ok();
}

/// "Z", "+08:00": what has to be subtracted.
bool offset(std::string_view text, std::chrono::minutes& ahead) {
  ahead = std::chrono::minutes{0};
  if (text == "Z" || text == "z") return true;
  int hours, minutes;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
  if (!digits(text, 1, 2, hours) || !digits(text, 4, 2, minutes) || hours > 23 || minutes > 59)
    return false;
  ahead = std::chrono::minutes{(text[0] == '-' ? -1 : 1) * (hours * 60 + minutes)};
  return true;
}

/// The days that ended with a second 60 (UTC), as IERS Bulletin C announced them; none has been
/// since, and from 2035 on there are to be none (CGPM 2022, resolution 4).
constexpr std::array<std::chrono::year_month_day, 27> kLeapSeconds = [] {
  using namespace std::chrono;
  constexpr auto june = [](int y) { return year{y} / June / 30; };
  constexpr auto december = [](int y) { return year{y} / December / 31; };
  return std::array<year_month_day, 27>{
      june(1972),     december(1972), december(1973), december(1974), december(1975),
      december(1976), december(1977), december(1978), december(1979), june(1981),
      june(1982),     june(1983),     june(1985),     december(1987), december(1989),
      december(1990), june(1992),     june(1993),     june(1994),     december(1995),
      june(1997),     december(1998), december(2005), december(2008), june(2012),
      june(2015),     december(2016)};
}();

/// Whether the minute that begins there has a second 60.
bool has_leap_second(std::chrono::sys_time<std::chrono::minutes> minute) {
  const auto day = std::chrono::floor<std::chrono::days>(minute);
  return minute - day == 23h + 59min &&
         std::find(kLeapSeconds.begin(), kLeapSeconds.end(), std::chrono::year_month_day{day}) !=
             kLeapSeconds.end();
}

std::optional<Time> in_range(Time time) {
  if (time < kFirstTime || time > kLastTime) return std::nullopt;
  return time;
}

std::optional<Time> parse(std::string_view text, bool lenient) {
  std::chrono::sys_days day;
  if (!date(text, day)) return std::nullopt;
  if (text.size() == 10) return lenient ? in_range(day) : std::nullopt;
  int hour, minute, second;
  if (text.size() < 19 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') ||
      text[13] != ':' || text[16] != ':')
    return std::nullopt;
  if (!digits(text, 11, 2, hour) || !digits(text, 14, 2, minute) || !digits(text, 17, 2, second) ||
      hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  std::size_t at = 19;
  int millis = 0;
  if (at < text.size() && text[at] == '.') {
    int scale = 100;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
      millis += (text[at] - '0') * scale;
    if (at == first) return std::nullopt;
  }
  std::chrono::minutes ahead{0};
  if ((at < text.size() || !lenient) && !offset(text.substr(at), ahead)) return std::nullopt;
  const auto begins = day + std::chrono::hours{hour} + std::chrono::minutes{minute} - ahead;
  if (second == 60 && !has_leap_second(begins)) return std::nullopt;
  return in_range(begins + std::chrono::seconds{second} + Duration{millis});
}

struct Unit {
  std::string_view name;
  Duration length;
};
constexpr std::array<Unit, 5> kUnits{{{"d", 24h}, {"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}}};

}  // namespace

std::optional<Time> parse_instant(std::string_view text) {
  return parse(text, false);
}

std::optional<Time> parse_time(std::string_view text) {
  return parse(text, true);
}

void append_time(std::string& out, Time time) {
  time = std::clamp(time, kFirstTime, kLastTime);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day ymd{day};
  auto rest = (time - day).count();
  char text[] = "0000-00-00T00:00:00.000Z";
  const auto put = [&text](std::size_t at, std::size_t width, std::int64_t value) {
    for (std::size_t i = at + width; i-- > at; value /= 10)
      text[i] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, static_cast<int>(ymd.year()));
  put(5, 2, static_cast<unsigned>(ymd.month()));
  put(8, 2, static_cast<unsigned>(ymd.day()));
  put(20, 3, rest % 1000);
  rest /= 1000;
  put(17, 2, rest % 60);
  put(14, 2, rest / 60 % 60);
  put(11, 2, rest / 3600);
  out.append(text, sizeof text - 1);
}

std::string format_time(Time time) {
  std::string out;
  append_time(out, time);
  return out;
}

std::optional<Duration> parse_duration(std::string_view text) {
  Duration total{0};
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::size_t letters = 0;
    while (letters < text.size() && text[letters] >= 'a' && text[letters] <= 'z') ++letters;
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits)
      if (candidate.name == text.substr(0, letters)) unit = &candidate;
    if (unit == nullptr) return std::nullopt;
    if (count > (kLongestDuration - total) / unit->length) return std::nullopt;
    total += count * unit->length;
    text.remove_prefix(letters);
  }
  return total;
}

std::string format_duration(Duration duration) {
  if (duration == Duration{0}) return "0s";
  std::string out;
  if (duration < Duration{0}) {
    out = "-";
    duration = -duration;
  }
  for (const Unit& unit : kUnits) {
    if (duration < unit.length) continue;
    out += std::to_string(duration / unit.length);
    out += unit.name;
    duration %= unit.length;
  }
  return out;
}

}  // namespace streams
