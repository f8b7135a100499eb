#pragma once

// The Log port: named topics of partitions, records with offsets, and one atomic commit of
// everything a step changed. Embedded (state/) and in memory (tests) it is a library; on Kafka
// (connectors/kafka/) it is a broker. Pulled step by step: nothing calls back into the engine. The
// worker fetches, a committer thread may commit beside it, any thread may append.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "streams/change_block.h"
#include "streams/result.h"
#include "streams/time.h"

namespace streams {

struct Partition {
  std::string topic;
  int number = 0;
  auto operator<=>(const Partition&) const = default;
};

/// As the number of a partition: the one that murmur2 gives the record's key.
inline constexpr int kByKey = -1;

struct LogRecord {
  std::int64_t offset = 0;
  Time recorded{};         // when it reached the log
  std::string_view bytes;  // structured CloudEvent; kPadding readable bytes follow
};

/// Consecutive records and what keeps their bytes alive.
struct Batch {
  std::shared_ptr<const void> owner;
  std::vector<LogRecord> records;
};

struct Append {
  Partition to;
  Time recorded{};
  std::string bytes;
  std::string
      key{};  // the subject; an embedded log keeps it only where it keeps the newest of each
};

struct TaskChanges {
  int partition = 0;
  ChangeBlock block;
};

/// How far a task's changes have been taken in: rises within a partition, 0 is the beginning.
using Mark = std::uint64_t;
struct TaskMark {
  int partition = 0;
  Mark mark = 0;
};

/// Next offsets to read.
using Offsets = std::vector<std::pair<Partition, std::int64_t>>;

/// What the tasks did since the last commit that carried their changes: a restart does it again and
/// comes to the same state. Empty: that commit is the last one.
struct Replay {
  Offsets from;
  std::vector<Time> ticks;  // of the epochs since, in order
  std::uint64_t told = 0;   // hash of what they said
};

/// What one step of all tasks did: written whole or not at all.
struct Commit {
  std::uint64_t sequence = 0;
  Offsets consumed;
  std::vector<Append> outputs;  // letters too, to `city.events`
  std::vector<TaskChanges> changes{};
  Replay replay{};  // where there are no changes
};

/// Records by place: what a screen needs of a log.
class Reader {
 public:
  virtual ~Reader() = default;

  /// Records from `offset` on, about `limit_bytes` of them; none: that is the end for now.
  virtual Result<Batch> fetch(const Partition& partition, std::int64_t offset,
                              std::size_t limit_bytes) = 0;
};

class Log : public Reader {
 public:
  /// Doors: readable when it returns, and kept with the next commit or durable append; `durable`:
  /// kept when it returns, also after a power cut.
  virtual Result<void> append(std::vector<Append> records, bool durable) = 0;

  /// Whether a commit may leave the tasks' changes to a Replay.
  virtual bool keeps_replays() const { return true; }
  /// The marks of the tasks that it changed. An error of kind abort_task: nothing of it was
  /// written; roll back to position() and go on.
  virtual Result<std::vector<TaskMark>> commit(Commit commit) = 0;

  /// Where the last commit ended.
  struct Position {
    std::uint64_t sequence = 0;
    Offsets consumed;
    Replay replay{};
  };
  virtual Result<Position> position() = 0;
  /// One task's changes after `mark` up to position(), as blocks in order; later rows replace
  /// earlier ones, and a log may leave out what is replaced.
  using TakeChanges = std::function<Result<void>(ChangeBlock)>;
  virtual Result<void> changes_after(int partition, Mark mark, const TakeChanges& take) = 0;
  /// The store has taken in every change up to these marks.
  virtual Result<void> forget_changes(const std::vector<TaskMark>& stored) = 0;
};

}  // namespace streams
