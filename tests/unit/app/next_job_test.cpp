// What a worker's committer does next.

#include "app/next_job.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using app::Job;
using app::next_job;

TEST(NextJob, CommitsThatAreAlwaysDueDoNotStarveTheStore) {
  std::size_t unflushed = 0, most = 0;
  int flushes = 0;
  for (int i = 0; i < 1000; ++i) {  // a drain: each commit leaves rows, the next is due at once
    const bool urgent = i % 3 == 0;
    const Job job = next_job({true, urgent, unflushed, 32, false});
    ASSERT_NE(job, Job::none);
    if (job == Job::flush) {
      unflushed = 0;
      ++flushes;
    } else {
      unflushed += 5;
    }
    most = std::max(most, unflushed);
  }
  EXPECT_GT(flushes, 0);
  EXPECT_LE(most, 2 * 32u + 5);
}

TEST(NextJob, AnUrgentCommitGoesBeforeWhatCanWait) {
  EXPECT_EQ(next_job({true, true, 40, 32, true}), Job::commit);
  EXPECT_EQ(next_job({true, true, 64, 32, true}), Job::flush);
  EXPECT_EQ(next_job({false, true, 10, 32, true}), Job::none);
}

TEST(NextJob, RowsThatHaveWaitedGoWhenNothingElseIsDue) {
  EXPECT_EQ(next_job({true, false, 10, 32, true}), Job::commit);
  EXPECT_EQ(next_job({false, false, 10, 32, true}), Job::flush);
  EXPECT_EQ(next_job({false, false, 10, 32, false}), Job::none);
  EXPECT_EQ(next_job({false, false, 0, 0, false}), Job::none);
}

}  // namespace
