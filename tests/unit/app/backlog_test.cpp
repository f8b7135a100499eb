#include "app/backlog.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using namespace std::chrono_literals;

/// An epoch of so many records that took so long.
void run(Backlog& backlog, std::size_t records, Backlog::Instant took, Backlog::Instant& now) {
  backlog.begin(records, now);
  now += took;
  backlog.end(records, 0, now);
}

TEST(Backlog, IsWhatWaitsTimesWhatARecordCosts) {
  Backlog backlog;
  Backlog::Instant now = 1h;
  for (int i = 0; i < 40; ++i) run(backlog, 10'000, 200ms, now);
  EXPECT_NEAR(backlog.cost().count(), 20e-6, 1e-7);
  EXPECT_EQ(backlog.ahead(now).count(), 0);
  backlog.add(50'000);
  EXPECT_NEAR(backlog.ahead(now).count(), 1.0, 0.01);
}

TEST(Backlog, GoesDownWhileAnEpochRunsAndUpWhereItOverruns) {
  Backlog backlog;
  Backlog::Instant now = 1h;
  for (int i = 0; i < 40; ++i) run(backlog, 10'000, 200ms, now);
  backlog.begin(20'000, now);  // 400 ms
  backlog.add(5'000);          // 100 ms, for the next one
  EXPECT_NEAR(backlog.ahead(now).count(), 0.5, 0.01);
  EXPECT_NEAR(backlog.ahead(now + 300ms).count(), 0.2, 0.01);
  EXPECT_NEAR(backlog.ahead(now + 400ms).count(), 0.1, 0.01);
  EXPECT_NEAR(backlog.ahead(now + 1'400ms).count(), 1.1, 0.01) << "1 s late: and one more";
  backlog.end(20'000, 5'000, now + 1'400ms);
  EXPECT_GT(backlog.cost().count(), 20e-6) << "it has learnt";
}

TEST(Backlog, AShortEpochDoesNotMakeARecordDear) {
  Backlog backlog;
  Backlog::Instant now = 1h;
  for (int i = 0; i < 40; ++i) run(backlog, 10'000, 200ms, now);
  for (int i = 0; i < 40; ++i) run(backlog, 1, 5ms, now);
  EXPECT_NEAR(backlog.cost().count(), 20e-6, 1e-7);
  run(backlog, 10, 500ms, now);  // dear indeed, or it waited for the disk
  EXPECT_GT(backlog.cost().count(), 1e-3);
  for (int i = 0; i < 60; ++i) run(backlog, 100, 2ms, now);
  EXPECT_NEAR(backlog.cost().count(), 20e-6, 1e-6) << "cheap ones show that it was not";
}

}  // namespace
}  // namespace app
