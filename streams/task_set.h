#pragma once

// TaskSet: the tasks of the partitions that one worker owns, over a log whose one ordered input is
// `city.events`: ticks, versions and letters come in it as records. The counterpart of Epochs for a
// city that several processes share. It knows nothing of groups: whoever does (app's worker, a
// test) adds and takes out tasks, feeds them, and carries their commits. One thread.

#include <map>
#include <memory>
#include <vector>

#include "streams/complete.h"
#include "streams/task.h"

namespace streams {

/// A task that stands exactly where a commit ended.
struct RestoredTask {
  std::unique_ptr<Task> task;
  std::int64_t next = 0;  // offset in `city.events`
  Mark mark = 0;          // of its changes
};

class TaskSet {
 public:
  /// `partitions`: of `city.events`, whoever owns them.
  explicit TaskSet(int partitions) : partitions_(partitions) {}

  void add(int partition, RestoredTask task);
  /// Takes a task out as of its last confirmed commit; only when nothing is uncommitted.
  RestoredTask take(int partition);
  /// Drops all tasks, with whatever they have not committed.
  void clear();
  bool owns(int partition) const { return tasks_.contains(partition); }
  std::vector<int> owned() const;

  Result<void> process(int partition, const Batch& batch);

  bool uncommitted() const { return !changed_.empty(); }
  std::size_t uncommitted_bytes() const { return output_bytes_; }
  /// Something that can't wait is among what is uncommitted.
  bool urgent() const { return urgent_; }

  /// Everything since the last cut; answered by confirm or rollback.
  Commit cut();
  void confirm(const std::vector<TaskMark>& marks);
  /// Back to the last confirmed commit; feed again from positions().
  Result<void> rollback();
  /// Next offset of each task, of what it has processed.
  std::map<Partition, std::int64_t> positions() const;

  /// The rows of one task that the store lacks, with how far it is then complete; not while a cut
  /// is unconfirmed. Answered by flushed().
  std::vector<StoreWrite> take_flush(int partition, Time now);
  void flushed(int partition);
  std::size_t unflushed_bytes(int partition) const;

  const Task& task(int partition) const { return *tasks_.at(partition).task; }

 private:
  struct Owned {
    std::unique_ptr<Task> task;
    std::int64_t next = 0;
    std::int64_t cut_next = 0;        // at the unconfirmed cut
    std::int64_t committed_next = 0;  // at the last confirmed one
    Mark mark = 0;
  };
  void collect(Task& task, Time recorded);

  const int partitions_;
  std::map<int, Owned> tasks_;
  std::vector<int> changed_;  // since the last cut
  std::vector<int> cut_;      // in the unconfirmed cut
  std::uint64_t sequence_ = 0;
  std::vector<Append> outputs_;
  std::size_t output_bytes_ = 0;
  bool urgent_ = false;
};

}  // namespace streams
