// The calendar: Shanghai's own reads; working days, make-up days and hours of service are counted
// as an office counts them; what is wrong in one is named with its place.

#include "operators/duty/calendar.h"
#include "tests/support/source_directory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace {

using namespace city;
using namespace std::chrono_literals;

const Calendar& shanghai() {
  static const Calendar calendar = [] {
    std::ifstream file{source_directory("/deploy/city/shanghai/calendar.yaml")};
    std::stringstream text;
    text << file.rdbuf();
    auto parsed = Calendar::parse(text.str(), "calendar.yaml");
    EXPECT_TRUE(parsed) << parsed.error().what;
    return *parsed;
  }();
  return calendar;
}

streams::Time at(const char* local) {
  return *streams::parse_time(std::string{local} + ":00+08:00");
}

streams::Time end_of(const char* start, int days, std::string_view hours = "working") {
  return shanghai().end_of(hours, at(start), Span::of_working_days(days));
}

std::string refused(const std::string& yaml) {
  const auto parsed = Calendar::parse(yaml, "c.yaml");
  return parsed ? "taken" : parsed.error().what;
}

TEST(Calendar, CountsWorkingDaysFromTheDayAfter) {
  EXPECT_EQ(end_of("2026-11-23T10:00", 1), at("2026-11-24T17:30")) << "a Monday";
  EXPECT_EQ(end_of("2026-11-27T10:00", 1), at("2026-11-30T17:30")) << "over a weekend";
  EXPECT_EQ(end_of("2026-11-28T10:00", 1), at("2026-11-30T17:30")) << "from a Saturday";
  EXPECT_EQ(end_of("2026-11-23T23:59", 5), at("2026-11-30T17:30"));
  EXPECT_EQ(end_of("2026-11-23T10:00", 1, "always"), at("2026-11-25T00:00"))
      << "a service at any hour closes with the day";
}

TEST(Calendar, KnowsHolidaysAndMakeUpDays) {
  EXPECT_EQ(end_of("2026-02-13T09:00", 1), at("2026-02-14T17:30")) << "a Saturday made up";
  EXPECT_EQ(end_of("2026-02-14T09:00", 1), at("2026-02-24T17:30")) << "over the spring festival";
  EXPECT_EQ(end_of("2026-09-30T09:00", 3), at("2026-10-10T17:30"))
      << "8, 9 and the Saturday made up for the national holiday";
  EXPECT_TRUE(shanghai().is_working(at("2026-09-20T00:00")));
  EXPECT_FALSE(shanghai().is_working(at("2026-10-07T23:59")));
}

TEST(Calendar, SaysWhenAYearIsAssumed) {
  EXPECT_TRUE(shanghai().covers(at("2026-12-31T23:59")));
  EXPECT_FALSE(shanghai().covers(at("2027-01-01T00:00")));
  EXPECT_EQ(end_of("2027-01-04T09:00", 1), at("2027-01-05T17:30"));
}

TEST(Calendar, OpensWithItsHours) {
  const auto opening = [](const char* now) { return shanghai().opening("working", at(now)); };
  EXPECT_EQ(opening("2026-11-23T08:59"), at("2026-11-23T09:00"));
  EXPECT_EQ(opening("2026-11-23T09:00"), at("2026-11-23T09:00"));
  EXPECT_EQ(opening("2026-11-23T17:29"), at("2026-11-23T17:29"));
  EXPECT_EQ(opening("2026-11-23T17:30"), at("2026-11-24T09:00"));
  EXPECT_EQ(opening("2026-11-27T18:00"), at("2026-11-30T09:00"));
  EXPECT_EQ(shanghai().opening("always", at("2026-11-28T03:00")), at("2026-11-28T03:00"));
}

TEST(Calendar, ADurationRunsOnTheWallClock) {
  EXPECT_EQ(shanghai().end_of("working", at("2026-11-27T17:00"), Span{2h}), at("2026-11-27T19:00"));
}

TEST(Calendar, ReadsSpans) {
  EXPECT_EQ(Span::parse("5wd"), Span::of_working_days(5));
  EXPECT_EQ(Span::parse("90m"), Span{90min});
  for (const char* wrong :
       {"", "wd", "0wd", "-1wd", "1.5wd", "5w", "2501wd", "36526d", "99999999999wd"})
    EXPECT_FALSE(Span::parse(wrong)) << wrong;
  EXPECT_EQ(spoken(Span::of_working_days(5)).zh, "5个工作日");
  EXPECT_EQ(spoken(Span{5min}).en, "5 min");
}

TEST(Calendar, SpeaksTheCitysTime) {
  const Text text = shanghai().spoken(at("2026-11-23T09:05"));
  EXPECT_EQ(text.zh, "11月23日09:05");
  EXPECT_EQ(text.en, "2026-11-23 09:05");
}

TEST(Calendar, SaysTheEndOfATermInOneWay) {
  const city::Calendar calendar = shanghai();
  const auto now = at("2026-11-23T09:05");
  EXPECT_EQ(calendar.deadline(at("2026-11-23T17:30"), now).zh, "11月23日17:30");
  EXPECT_EQ(calendar.deadline(at("2026-11-24T00:00"), now).zh, "11月23日24:00");
  EXPECT_EQ(calendar.deadline(at("2026-11-24T00:00"), now).en, "the end of 2026-11-23");
  EXPECT_EQ(calendar.deadline(at("2027-01-01T00:00"), now).zh, "12月31日24:00");
  EXPECT_EQ(calendar.deadline(at("2025-12-01T00:00"), now).zh, "2025年11月30日24:00");
  EXPECT_EQ(calendar.spoken(at("2027-01-01T00:00"), now).zh, "2027年1月1日00:00");
}

TEST(Calendar, NamesWhatIsWrongAndWhere) {
  EXPECT_NE(refused("zone: east\n")
                .find("c.yaml:1:7: 'zone' of the calendar: expected the form +08:00, not 'east'"),
            std::string::npos);
  EXPECT_NE(refused("zone: '+08:00'\nyears:\n  '2026':\n    workdays: ['2027-01-01']\n")
                .find("c.yaml:4:16: this day is not in the year 2026"),
            std::string::npos);
  EXPECT_NE(refused("zone: '+08:00'\nhours:\n  w: {days: working, from: '17:00', to: '09:00'}\n")
                .find("closes after it opens"),
            std::string::npos);
  EXPECT_NE(refused("zone: '+08:00'\nyears:\n  '2026':\n    workdays: ['2026-01-04', "
                    "'2026-01-04']\n")
                .find("c.yaml:4:30: this day is there twice"),
            std::string::npos);
  EXPECT_NE(refused("zone: '+08:00'\nyears:\n  twenty: {}\n")
                .find("c.yaml:3:3: expected a year such as 2026, not 'twenty'"),
            std::string::npos);
  EXPECT_NE(refused("zone: '+08:00'\nyears: [2026]\n")
                .find("c.yaml:2:8: 'years' of the calendar: expected a mapping"),
            std::string::npos);
  EXPECT_NE(refused("zone: '+08:00'\nhours:\n  always: {days: every, from: '00:00', to: '24:00'}\n")
                .find("c.yaml:3:3: 'always' means every hour"),
            std::string::npos);
}

}  // namespace
