#include "streams/time.h"

#include <gtest/gtest.h>

#include "streams/instant.h"

namespace {

using namespace streams;

TEST(Time, ReadsRfc3339WithOffsets) {
  const Time noon = *parse_time("2026-11-22T12:00:00Z");
  EXPECT_EQ(parse_time("2026-11-22T20:00:00+08:00"), noon);
  EXPECT_EQ(parse_time("2026-11-22T12:00:00.1239Z"), noon + 123ms);
  EXPECT_EQ(parse_time("2026-11-22T12:00:00"), noon);
  EXPECT_EQ(parse_time("2026-11-22"), noon - 12h);
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "now", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z",
        "2026-11-22T12:00:00.Z", "2026-11-22T12:00:00+8", "2026-11-22T12:00:00+25:00", "20261122"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Time, AMomentHasItsOffset) {
  EXPECT_EQ(parse_instant("2026-11-22t12:00:00z"), parse_time("2026-11-22T12:00:00Z"));
  EXPECT_EQ(parse_instant("2026-11-22T20:00:00+08:00"), parse_time("2026-11-22T12:00:00Z"));
  for (const char* text : {"2026-11-22", "2026-11-22T12:00:00", "2026-11-22T12:00:00.5",
                           "2026-11-22T12:00:00+0800", "2026-11-22T12:00:00 Z"})
    EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(Time, Second60IsReadWhereThereWasOne) {
  EXPECT_EQ(parse_instant("2016-12-31T23:59:60Z"), parse_time("2017-01-01T00:00:00Z"));
  EXPECT_EQ(parse_instant("2017-01-01T07:59:60+08:00"), parse_time("2017-01-01T00:00:00Z"));
  EXPECT_EQ(parse_instant("1972-06-30T23:59:60Z"), parse_time("1972-07-01T00:00:00Z"));
  for (const char* text :
       {"2026-11-22T08:00:60Z", "2026-11-22T23:59:60Z", "2026-12-31T23:59:60Z",
        "2016-12-31T22:59:60Z", "2016-12-31T23:59:60+08:00", "2016-12-31T23:59:61Z"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Time, KnowsTheYears1To9999) {
  EXPECT_EQ(parse_time("0001-01-01T00:00:00Z"), kFirstTime);
  EXPECT_EQ(parse_time("9999-12-31T23:59:59.999Z"), kLastTime);
  for (const char* text : {"0000-12-31T23:59:59Z", "0000-01-01", "0001-01-01T00:00:00+08:00",
                           "9999-12-31T23:59:59-08:00"})
    EXPECT_FALSE(parse_time(text)) << text;
  EXPECT_EQ(format_time(kLastTime + 1h), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_time(kFirstTime - 1h), "0001-01-01T00:00:00.000Z");
}

TEST(Time, DurationsHaveABound) {
  EXPECT_EQ(parse_duration("1000000d"), kLongestDuration);
  std::string long_one;
  for (int i = 0; i < 200; ++i) long_one += "1000000000d";
  for (const std::string& text : {std::string{"1000001d"}, std::string{"1000000d1ms"},
                                  std::string{"9223372036854775807d"}, long_one})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Time, WritesWhatItReads) {
  for (const char* text : {"2026-11-22T12:00:00.000Z", "1969-12-31T23:59:59.999Z",
                           "2000-02-29T00:00:00.001Z", "9999-12-31T23:59:59.999Z"})
    EXPECT_EQ(format_time(*parse_time(text)), text);
}

TEST(Time, DurationsBothWays) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("15d"), std::chrono::days{15});
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  for (const char* text : {"", "s", "10", "10x", "1h-3m"})
    EXPECT_FALSE(parse_duration(text)) << text;
  EXPECT_EQ(format_duration(90min), "1h30m");
  EXPECT_EQ(format_duration(-1s), "-1s");
  EXPECT_EQ(format_duration(0s), "0s");
}

TEST(Time, TicksStandOnTheGrid) {
  const Time noon = *parse_time("2026-11-22T12:00:00Z");
  EXPECT_EQ(tick_at_or_after(noon), noon);
  EXPECT_EQ(tick_at_or_after(noon + 1ms), noon + 250ms);
  EXPECT_EQ(tick_at_or_after(noon - 1ms), noon);
}

}  // namespace
