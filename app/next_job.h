#pragma once

// next_job: what a worker's committer does next. A commit is nearly always due while a backlog is
// drained, so committed rows that the store lacks must not wait for a time without one: they would
// grow with the backlog, and so would what a crash has to replay. Pure; any thread.

#include <cstddef>

namespace app {

enum class Job { none, commit, flush };

struct Waiting {
  bool commit_due = false;
  bool urgent = false;        // a P1 is among what is to be committed
  std::size_t unflushed = 0;  // bytes of the task that has most of them
  std::size_t limit = 0;      // of these
  bool stale = false;         // some task's rows have waited for the longest that they may
};

constexpr Job next_job(const Waiting& waiting) {
  // Not even urgent ones may put it off for ever.
  const bool full = waiting.unflushed >= waiting.limit * (waiting.urgent ? 2 : 1);
  if (full && waiting.unflushed > 0) return Job::flush;
  if (waiting.commit_due) return Job::commit;
  return waiting.stale && !waiting.urgent ? Job::flush : Job::none;
}

}  // namespace app
