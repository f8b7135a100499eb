#include "streams/time.h"

#include <gtest/gtest.h>

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
