// Times in expressions: zones, clocks that change, ranges, spellings.

#include "tests/unit/operators/rules/cel/harness.h"

namespace cel_test {
namespace {

using CelTime = Harness;

TEST_F(CelTime, ReadsClocksInZones) {
  set("event.time", Slot::timestamp(1'772'323'199, 500'000'000));  // 2026-02-28T23:59:59.5Z
  EXPECT_EQ(says("event.time.getHours('Asia/Shanghai') == 7"), "true");
  EXPECT_EQ(says("event.time.getDate('+08:00') == 1 && event.time.getMonth('+08:00') == 2"),
            "true");
  EXPECT_EQ(says("event.time.getMilliseconds() == 500 && event.time.getDayOfWeek() == 6"), "true");
  EXPECT_EQ(says("event.time.getHours('Mars/Olympus') == 7"),
            "line 1, column 12: the time zone, or its rule at this time, is not known");
  EXPECT_EQ(says("timestamp('1980-01-01T00:00:00Z').getHours('Asia/Shanghai') == 8").substr(0, 8),
            "line 1, ");
}

TEST_F(CelTime, ChangesClocksAtTheRightSecond) {
  const auto hours = [&](std::string_view time, std::string_view zone) {
    return eval("timestamp('" + std::string(time) + "').getHours('" + std::string(zone) + "')").i;
  };
  EXPECT_EQ(hours("2026-03-29T00:59:59Z", "Europe/Berlin"), 1);
  EXPECT_EQ(hours("2026-03-29T01:00:00Z", "Europe/Berlin"), 3);
  EXPECT_EQ(hours("2026-10-25T01:00:00Z", "Europe/Berlin"), 2);
  EXPECT_EQ(hours("2026-03-08T07:59:59Z", "America/Chicago"), 1);
  EXPECT_EQ(hours("2026-03-08T08:00:00Z", "America/Chicago"), 3);
  EXPECT_EQ(hours("2026-11-01T07:00:00Z", "America/Chicago"), 1);
  EXPECT_EQ(hours("2026-04-04T15:59:59Z", "Australia/Sydney"), 2);
  EXPECT_EQ(hours("2026-04-04T16:00:00Z", "Australia/Sydney"), 2);
  EXPECT_EQ(hours("2026-10-03T16:00:00Z", "Australia/Sydney"), 3);
}

TEST_F(CelTime, SpellsDurationsAndTimestamps) {
  const auto text = [&](std::string source) {
    return std::string(eval("string(" + std::move(source) + ")").view());
  };
  EXPECT_EQ(text("duration('1h30m')"), "5400s");
  EXPECT_EQ(text("duration('-1.5s')"), "-1.5s");
  EXPECT_EQ(text("duration('-250ms')"), "-0.25s");
  EXPECT_EQ(text("duration('1.5h')"), "5400s");
  EXPECT_EQ(text("timestamp('2026-03-01T08:00:00.250+08:00')"), "2026-03-01T00:00:00.25Z");
  EXPECT_EQ(text("100000.0"), "100000");
  EXPECT_EQ(text("1e300"), "1e+300");
  for (const char* bad : {"", "5", "s", "1x", "1h-5m", ".s", "99999999999999999999s"}) {
    EXPECT_EQ(eval("duration('" + std::string(bad) + "')").kind, Kind::error) << bad;
  }
  for (const char* bad : {"2026-02-29T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T00:00:00",
                          "2026-3-01T00:00:00Z", "2026-03-01T00:00:00+8:00"}) {
    EXPECT_EQ(eval("timestamp('" + std::string(bad) + "')").kind, Kind::error) << bad;
  }
}

TEST_F(CelTime, KeepsToTheRanges) {
  set("x", Slot::duration(std::numeric_limits<std::int64_t>::max(), 0));
  EXPECT_EQ(says("x + x > x"), "line 1, column 3: the time is out of range");
  set("x", Slot::timestamp(std::numeric_limits<std::int64_t>::min(), 0));
  EXPECT_EQ(says("x - duration('1s') > x"), "line 1, column 3: the time is out of range");
  EXPECT_EQ(says("x.getHours('Asia/Shanghai') > 1"), "line 1, column 3: the time is out of range");
}

}  // namespace
}  // namespace cel_test
