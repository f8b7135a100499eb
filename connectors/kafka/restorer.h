#pragma once

// Restorer: brings tasks to where their last commit ended, on a thread of its own, one after the
// other, while the worker goes on with those that are ready: what the store has, then what the
// changelog has since. Called by the worker.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "connectors/kafka/changelog.h"
#include "streams/task_set.h"

namespace connectors::kafka {

struct RestorerOptions {
  std::string group;
  std::function<std::unique_ptr<streams::Task>(int partition)> make_task;
  /// What a task begins with that has never run.
  std::vector<streams::Version> first_versions;
  std::function<streams::Time()> wall_clock;
  /// Half of the changelog's delete.retention.ms: an older copy may still have what is long gone.
  std::chrono::milliseconds oldest_copy = std::chrono::hours{12};
  std::size_t flush_bytes = 16 << 20;  // rows read that the store lacks
};

class Restorer {
 public:
  Restorer(const Connection& connection, streams::Store& store, RestorerOptions options);
  ~Restorer();

  void start(int partition);
  /// What was started and is not finished is not wanted any more.
  void cancel();

  struct Finished {
    int partition = 0;
    std::optional<streams::Result<streams::RestoredTask>> task;
    std::int64_t rows = 0;  // read from the changelog
    double seconds = 0;
  };
  std::optional<Finished> take();
  /// Of the partition in hand: rows read, rows in all.
  std::int64_t rows_done() const { return rows_done_; }
  std::int64_t rows_all() const { return rows_all_; }

 private:
  struct Wanted {
    int partition;
    std::uint64_t epoch;
  };
  void work();
  streams::Result<streams::RestoredTask> restore(int partition, std::uint64_t epoch);
  streams::Result<streams::Mark> stored_mark(int partition, streams::Mark end);
  streams::Result<void> read_changes(streams::Task& task, int partition, streams::Mark from,
                                     streams::Mark to, std::int64_t next, std::uint64_t epoch);
  streams::Result<void> flush(streams::Task& task, int partition, streams::Mark mark);

  const Connection connection_;
  streams::Store& store_;
  const RestorerOptions options_;
  std::unique_ptr<Consumer> group_;
  Changelog changelog_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Wanted> wanted_;
  std::deque<Finished> finished_;
  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<std::int64_t> rows_done_{0}, rows_all_{0};
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace connectors::kafka
