#pragma once

// Calendar: working days and hours of service, by which deadlines are counted. The content of the
// version "calendar" (deploy/city/<city>/calendar.yaml), read by respond's operators when it
// becomes active; immutable after that. A Span is a duration on the wall clock or a number of
// working days (工作日).

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "operators/city/text.h"
#include "streams/result.h"
#include "streams/time.h"

namespace city {

inline constexpr std::string_view kCalendarVersion = "calendar";
/// Service at any hour.
inline constexpr std::string_view kAlways = "always";

struct Span {
  int working_days = 0;      // if not 0, `time` is 0
  streams::Duration time{};  // on the wall clock
  Span() = default;
  Span(streams::Duration wall) : time(wall) {}  // NOLINT: a duration is a span
  static Span of_working_days(int days);
  /// "5wd", "30m", "15d"; nothing: it is none.
  static std::optional<Span> parse(std::string_view text);
  /// Roughly, to compare two of a list.
  streams::Duration length() const { return std::chrono::hours{24} * working_days + time; }
  bool operator==(const Span&) const = default;
};

/// "5个工作日" and "5 working days", or as the duration is spoken.
Text spoken(const Span& span);

class Calendar {
 public:
  /// Monday to Friday in UTC; every service open at any hour.
  Calendar() = default;
  /// An error names `file`, line, column and what is wrong there.
  static streams::Result<Calendar> parse(std::string_view yaml, const std::string& file);

  /// Whether it has such hours, `always` among them.
  bool knows(std::string_view hours) const;
  /// `at` itself where that service is open then, else when it opens next.
  streams::Time opening(std::string_view hours, streams::Time at) const;
  /// The end of a clock that is started at `start`: so much later than the service opens, or when
  /// it closes on the n-th working day after the day of the start (期间开始的日不计入).
  streams::Time end_of(std::string_view hours, streams::Time start, const Span& span) const;
  /// Whether the holidays of that day's year are known, not assumed.
  bool covers(streams::Time at) const;
  bool is_working(streams::Time at) const { return is_working(day_of(at)); }
  /// "11月23日09:00" and "2026-11-23 09:00", as the city's clocks show it.
  Text spoken(streams::Time at) const;
  /// The same with the year, where it is not that of `now`.
  Text spoken(streams::Time at, streams::Time now) const;
  /// How the end of a term is said, everywhere: its last moment of a day belongs to that day
  /// ("11月23日24:00", "the end of 2026-11-23").
  Text deadline(streams::Time at, streams::Time now) const;

 private:
  friend class CalendarReader;
  using Day = std::chrono::local_days;
  struct Hours {
    bool every_day = false;
    streams::Duration from{}, to = std::chrono::hours{24};
  };
  const Hours& hours_of(std::string_view name) const;
  bool is_open(const Hours& hours, Day day) const { return hours.every_day || is_working(day); }
  bool is_working(Day day) const;
  Day day_of(streams::Time at) const;
  streams::Time at(Day day, streams::Duration time) const;

  streams::Duration zone_{};
  std::map<std::string, Hours, std::less<>> hours_;
  std::set<int> years_;
  std::map<Day, bool> days_;  // working or not, where the weekday does not say
};

}  // namespace city
