#include "operators/duty/calendar.h"

#include <charconv>
#include <cstdio>

#include "operators/city/words.h"
#include "operators/duty/reading.h"

namespace city {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using streams::Duration;
using streams::Time;
using yaml::Mapping;
using yaml::Node;

/// A service that is never open within so many days has a mistake in its calendar; bounds a search.
constexpr int kFarthest = 366;
/// Of a span: some ten years, each counted one by one.
constexpr int kMaxWorkingDays = 2500;

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

/// A required value of `map` through `read`, which must be of the form of the example.
template <class Read>
auto required(Mapping& map, std::string_view key, const std::string& example, Read read) {
  (void)map.required(key, "\"" + example + "\"");
  const auto value = map.value(key, read, "the form " + example);
  return value.value_or(typename std::decay_t<decltype(value)>::value_type{});
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
    if (error != std::errc{} || stop != end || days <= 0 || days > kMaxWorkingDays)
      return std::nullopt;
    return of_working_days(days);
  }
  const std::optional<Duration> wall = streams::parse_duration(text);
  if (!wall || *wall > yaml::kLongestDuration) return std::nullopt;
  return Span{*wall};
}

Text spoken(const Span& span) {
  if (span.working_days == 0) return spoken(span.time);
  return words("{}个工作日", span.working_days == 1 ? "{} working day" : "{} working days",
               {span.working_days});
}

// ---- reading ------------------------------------------------------------------------------------

class CalendarReader {
 public:
  CalendarReader(Calendar& calendar, yaml::Problems& problems)
      : calendar_(calendar), problems_(problems) {}

  void read(const Node& root) {
    Mapping file{root, "the calendar", problems_};
    const auto zone = [](const std::string& text) -> std::optional<Duration> {
      const auto ahead = streams::parse_time("1970-01-01T00:00:00" + text);
      if (!ahead || text.size() != 6) return std::nullopt;
      return -ahead->time_since_epoch();
    };
    calendar_.zone_ = required(file, "zone", "+08:00", zone);
    file.members("hours", [this](const Node& name, const Node& node) { read_hours(name, node); });
    file.members("years", [this](const Node& name, const Node& node) { read_year(name, node); });
  }

 private:
  void read_hours(const Node& name, const Node& node) {
    Mapping map{node, "hours of service", problems_};
    if (name.text == kAlways)
      problems_.add(name.place, "'always' means every hour of every day and needs no line");
    Calendar::Hours& hours = calendar_.hours_[name.text];
    const auto days = [](const std::string& text) {
      return text == "every" || text == "working" ? std::optional{text == "every"} : std::nullopt;
    };
    (void)map.required("days", "working");
    hours.every_day = map.value("days", days, "working or every").value_or(false);
    hours.from = required(map, "from", "09:00", time_of_day);
    hours.to = required(map, "to", "17:30", time_of_day);
    if (hours.to <= hours.from && hours.to > Duration::zero())
      problems_.add(map.place(), "a service closes after it opens");
  }

  void read_year(const Node& name, const Node& node) {
    Mapping map{node, "a year", problems_};
    const auto year = yaml::whole_number(name.text, 1970, 9999);
    if (!year)
      return problems_.add(name.place, "expected a year such as 2026, not " + name.shown());
    if (!calendar_.years_.insert(*year).second)
      problems_.add(name.place, "the year " + name.text + " is there twice");
    map.each("holidays", [&](const Node& one) { read_holiday(one, *year); });
    map.each("workdays", [&](const Node& one) {
      const auto day = one.is_scalar() ? day_named(one.text) : std::nullopt;
      if (!day)
        return problems_.add(one.place, "expected a day such as 2026-01-04, not " + one.shown());
      mark(*day, true, *year, one);
    });
  }

  void read_holiday(const Node& node, int year) {
    Mapping map{node, "a holiday", problems_};
    (void)map.required_text("name", "元旦");
    const std::size_t before = problems_.all.size();
    const local_days from = required(map, "from", "2026-01-01", day_named);
    const local_days to = required(map, "to", "2026-01-03", day_named);
    if (problems_.all.size() != before) return;
    if (to < from || to > from + days{31})
      return problems_.add(map.place(), "a holiday ends within a month from its first day");
    for (local_days day = from; day <= to; day += days{1}) mark(day, false, year, node);
  }

  void mark(local_days day, bool working, int year, const Node& at) {
    if (year_of(day) != year)
      return problems_.add(at.place, "this day is not in the year " + std::to_string(year));
    if (!calendar_.days_.emplace(day, working).second)
      problems_.add(at.place, "this day is there twice");
  }

  Calendar& calendar_;
  yaml::Problems& problems_;
};

streams::Result<Calendar> Calendar::parse(std::string_view text, const std::string& file) {
  return read_file_of<Calendar>(text, file,
                                [](const Node& root, Calendar& calendar, auto& problems) {
                                  CalendarReader{calendar, problems}.read(root);
                                });
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

Text Calendar::spoken(Time moment, Time now) const {
  Text text = spoken(moment);
  const int year = year_of(day_of(moment));
  if (year != year_of(day_of(now))) text.zh = std::to_string(year) + "年" + text.zh;
  return text;
}

Text Calendar::deadline(Time end, Time now) const {
  const Day day = day_of(end);
  if (end != at(day, {})) return spoken(end, now);
  Text text = spoken(end - std::chrono::minutes{1}, now);  // 23:59 of the day before
  text.zh.replace(text.zh.size() - 5, 5, "24:00");
  text.en = "the end of " + text.en.substr(0, 10);
  return text;
}

}  // namespace city
