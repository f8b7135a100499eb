// The parts of a timestamp, in UTC or in a zone given as second argument; the whole hours, minutes
// and seconds of a duration, and its milliseconds beyond the last whole second.

#include <array>
#include <chrono>

#include "operators/rules/cel/functions.h"
#include "operators/rules/cel/time.h"
#include "operators/rules/cel/zone.h"

namespace cel {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;
using Arguments = std::span<const Slot>;

/// The timestamp on the clocks of the zone asked for; a fault when there is no such zone.
Slot local(Arguments in) {
  if (!in[0].is(Kind::timestamp)) return fault(kMismatch);
  if (!timestamp_of(in[0].i, in[0].size)) return fault("the time is out of range");
  if (in.size() == 1) return in[0];
  if (!in[1].is(Kind::text)) return fault(kMismatch);
  const auto offset = zone_offset(in[1].view(), in[0].i);
  if (!offset) return fault("the time zone, or its rule at this time, is not known");
  return Slot::timestamp(in[0].i + *offset, in[0].size);
}

enum class Part { year, month, date, day_of_month, day_of_week, day_of_year };

template <Part part>
Slot calendar(Arguments in, Context&) {
  const Slot time = local(in);
  if (time.is(Kind::error)) return time;
  const sys_days day = floor<days>(sys_seconds(std::chrono::seconds(time.i)));
  const year_month_day date(day);
  const unsigned day_of_month = unsigned(date.day());
  switch (part) {
    case Part::year:
      return Slot::integer(int(date.year()));
    case Part::month:
      return Slot::integer(unsigned(date.month()) - 1);
    case Part::date:
      return Slot::integer(day_of_month);
    case Part::day_of_month:
      return Slot::integer(day_of_month - 1);
    case Part::day_of_week:
      return Slot::integer(std::chrono::weekday(day).c_encoding());
    case Part::day_of_year:
      return Slot::integer((day - sys_days(date.year() / 1 / 1)).count());
  }
  return fault(kMismatch);
}

/// `unit` seconds, `cycle` of which begin anew: 3600 and 24 for hours.
template <std::int64_t unit, std::int64_t cycle>
Slot clock(Arguments in, Context&) {
  if (in.size() == 1 && in[0].is(Kind::duration)) {
    const bool round_up = in[0].i < 0 && in[0].size > 0;
    return Slot::integer((in[0].i + (round_up ? 1 : 0)) / unit);
  }
  const Slot time = local(in);
  if (time.is(Kind::error)) return time;
  const sys_seconds second{std::chrono::seconds(time.i)};
  return Slot::integer((second - floor<days>(second)).count() / unit % cycle);
}

Slot milliseconds(Arguments in, Context&) {
  constexpr std::int64_t kNanosPerMilli = 1'000'000;
  if (in.size() == 1 && in[0].is(Kind::duration)) {
    const auto total = nanoseconds(in[0]);
    return total ? Slot::integer(*total / kNanosPerMilli % 1000)
                 : fault("the duration is out of range");
  }
  const Slot time = local(in);
  return time.is(Kind::error) ? time : Slot::integer(time.size / kNanosPerMilli);
}

constexpr auto kReceiver = Function::Style::receiver;
constexpr std::array kRows = {
    Function{"getFullYear", kReceiver, 1, 2, calendar<Part::year>},
    Function{"getMonth", kReceiver, 1, 2, calendar<Part::month>},
    Function{"getDate", kReceiver, 1, 2, calendar<Part::date>},
    Function{"getDayOfMonth", kReceiver, 1, 2, calendar<Part::day_of_month>},
    Function{"getDayOfWeek", kReceiver, 1, 2, calendar<Part::day_of_week>},
    Function{"getDayOfYear", kReceiver, 1, 2, calendar<Part::day_of_year>},
    Function{"getHours", kReceiver, 1, 2, clock<3600, 24>},
    Function{"getMinutes", kReceiver, 1, 2, clock<60, 60>},
    Function{"getSeconds", kReceiver, 1, 2, clock<1, 60>},
    Function{"getMilliseconds", kReceiver, 1, 2, milliseconds},
};

}  // namespace

std::span<const Function> time_functions() {
  return kRows;
}

}  // namespace cel
