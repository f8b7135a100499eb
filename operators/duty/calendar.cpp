#include "operators/duty/calendar.h"

#include <charconv>
#include <cstdio>

#include "operators/city/words.h"
#include "operators/rules/yaml.h"

namespace city {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using streams::Duration;
using streams::Time;

/// A service that is never open within so many days has a mistake in its calendar; bounds a search.
constexpr int kFarthest = 366;

std::optional<local_days> day_named(const std::string& text) {
  const std::optional<Time> at = text.size() == 10 ? streams::parse_time(text) : std::nullopt;
  if (!at) return std::nullopt;
  return local_days{std::chrono::floor<days>(at->time_since_epoch())};
}

std::optional<Duration> time_of_day(const std::string& text) {
  if (text == "24:00") return std::chrono::hours{24};
  const std::optional<Time> at =
      text.size() == 5 ? streams::parse_time("1970-01-01T" + text + ":00Z") : std::nullopt;
  if (!at) return std::nullopt;
  return at->time_since_epoch();
}

int year_of(local_days day) {
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

/// A required text of `map` through `read`; a problem that says what was expected.
template <class Value>
Value required(rules::Yaml& map, const std::string& key, const std::string& example,
               std::optional<Value> (*read)(const std::string&)) {
  const std::string text = map.required_text(key, example);
  const std::optional<Value> value = read(text);
  if (!value && !text.empty())
    map.problems().add(map.place(), "'" + text + "' is not of the form " + example);
  return value.value_or(Value{});
}

}  // namespace

Span Span::of_working_days(int days) {
  Span span;
  span.working_days = days;
  return span;
}

std::optional<Span> Span::parse(std::string_view text) {
  if (text.ends_with("wd")) {
    int days = 0;
    const char* const end = text.data() + text.size() - 2;
    const auto [stop, error] = std::from_chars(text.data(), end, days);
    if (error != std::errc{} || stop != end || days <= 0) return std::nullopt;
    return of_working_days(days);
  }
  const std::optional<Duration> wall = streams::parse_duration(text);
  if (!wall) return std::nullopt;
  return Span{*wall};
}

Text spoken(const Span& span) {
  if (span.working_days == 0) return spoken(span.time);
  return words("{}个工作日", span.working_days == 1 ? "{} working day" : "{} working days",
               {span.working_days});
}

// ---- reading ------------------------------------------------------------------------------------

streams::Result<Calendar> Calendar::parse(std::string_view yaml, const std::string& file) {
  Calendar calendar;
  rules::Problems problems{file, {}};
  const auto read_hours = [&](const YAML::Node& name, const YAML::Node& node) {
    rules::Yaml map{node, "hours of service", problems};
    Hours& hours = calendar.hours_[name.as<std::string>()];
    const std::string on = map.required_text("days", "working");
    hours.every_day = on == "every";
    if (on != "every" && on != "working" && !on.empty())
      problems.add(map.place(), "'" + on + "' is no choice of days: working, every");
    hours.from = required(map, "from", "09:00", time_of_day);
    hours.to = required(map, "to", "17:30", time_of_day);
    if (hours.to <= hours.from) problems.add(map.place(), "a service closes after it opens");
  };
  const auto read_year = [&](const YAML::Node& name, const YAML::Node& node) {
    rules::Yaml map{node, "a year", problems};
    const int year = std::atoi(name.as<std::string>().c_str());
    calendar.years_.insert(year);
    const auto mark = [&](local_days day, bool working, const YAML::Node& at) {
      if (year_of(day) != year)
        return problems.add(rules::place_of(at),
                            "this day is not in the year " + std::to_string(year));
      if (!calendar.days_.emplace(day, working).second)
        problems.add(rules::place_of(at), "this day is there twice");
    };
    map.each("holidays", [&](const YAML::Node& one) {
      rules::Yaml holiday{one, "a holiday", problems};
      holiday.required_text("name", "元旦");
      const local_days from = required(holiday, "from", "2026-01-01", day_named);
      const local_days to = required(holiday, "to", "2026-01-03", day_named);
      if (to < from || to > from + days{31})
        return problems.add(holiday.place(), "a holiday ends within a month from its first day");
      for (local_days day = from; day <= to; day += days{1}) mark(day, false, one);
    });
    map.each("workdays", [&](const YAML::Node& one) {
      const auto day = one.IsScalar() ? day_named(one.as<std::string>()) : std::nullopt;
      if (!day)
        return problems.add(rules::place_of(one), "a day of the form 2026-01-04 is expected here");
      mark(*day, true, one);
    });
  };
  try {
    rules::Yaml root{YAML::Load(std::string{yaml}), "the calendar", problems};
    const std::string zone = root.required_text("zone", "+08:00");
    if (const auto ahead = streams::parse_time("1970-01-01T00:00:00" + zone); ahead)
      calendar.zone_ = -ahead->time_since_epoch();
    else
      problems.add(root.place(), "'" + zone + "' is no zone: +08:00 is expected");
    if (const YAML::Node hours = root.get("hours"); hours.IsMap())
      for (const auto& entry : hours) read_hours(entry.first, entry.second);
    if (const YAML::Node years = root.get("years"); years.IsMap())
      for (const auto& entry : years) read_year(entry.first, entry.second);
  } catch (const YAML::Exception& e) {  // yaml-cpp reports syntax this way only
    problems.add({e.mark.line + 1, e.mark.column + 1}, e.msg);
  }
  if (problems.all.empty()) return calendar;
  return rules::refusal(problems.all);
}

// ---- counting -----------------------------------------------------------------------------------

bool Calendar::knows(std::string_view hours) const {
  return hours == kAlways || hours_.find(hours) != hours_.end();
}

const Calendar::Hours& Calendar::hours_of(std::string_view name) const {
  static const Hours kAnyHour{true, Duration::zero(), std::chrono::hours{24}};
  const auto it = hours_.find(name);
  return it == hours_.end() ? kAnyHour : it->second;
}

Calendar::Day Calendar::day_of(Time at) const {
  return Day{std::chrono::floor<days>((at + zone_).time_since_epoch())};
}

Time Calendar::at(Day day, Duration time) const {
  return Time{day.time_since_epoch() + time} - zone_;
}

bool Calendar::is_working(Day day) const {
  if (const auto it = days_.find(day); it != days_.end()) return it->second;
  const std::chrono::weekday weekday{day};
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

bool Calendar::covers(Time at) const {
  return years_.contains(year_of(day_of(at)));
}

Time Calendar::opening(std::string_view name, Time now) const {
  const Hours& hours = hours_of(name);
  const Day today = day_of(now);
  for (int i = 0; i <= kFarthest; ++i) {
    const Day day = today + days{i};
    if (is_open(hours, day) && now < at(day, hours.to)) return std::max(now, at(day, hours.from));
  }
  return now;
}

Time Calendar::end_of(std::string_view name, Time start, const Span& span) const {
  if (span.working_days == 0) return opening(name, start) + span.time;
  Day day = day_of(start);
  for (int left = span.working_days; left > 0; left -= is_working(day)) day += days{1};
  return at(day, hours_of(name).to);
}

Text Calendar::spoken(Time moment) const {
  const Day day = day_of(moment);
  const std::chrono::year_month_day ymd{day};
  const auto minutes = std::chrono::floor<std::chrono::minutes>(moment - at(day, {}));
  const std::chrono::hh_mm_ss clock{minutes};
  const int year = static_cast<int>(ymd.year());
  const auto month = static_cast<unsigned>(ymd.month()), number = static_cast<unsigned>(ymd.day());
  const auto hour = static_cast<int>(clock.hours().count());
  const auto minute = static_cast<int>(clock.minutes().count());
  char zh[48], en[48];
  std::snprintf(zh, sizeof zh, "%u月%u日%02d:%02d", month, number, hour, minute);
  std::snprintf(en, sizeof en, "%04d-%02u-%02u %02d:%02d", year, month, number, hour, minute);
  return {zh, en};
}

}  // namespace city
