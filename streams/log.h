#pragma once

// The Log port: named topics of partitions, records with offsets, and one atomic commit of
// everything a step changed. Embedded (state/) and in memory (tests) it is a library; on Kafka
// (connectors/) it is a broker. Pulled step by step: nothing calls back into the engine. The worker
// fetches, a committer thread may commit beside it, any thread may append.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "streams/result.h"
#include "streams/time.h"

namespace streams {

struct Partition {
  std::string topic;
  int number = 0;
  auto operator<=>(const Partition&) const = default;
};

struct LogRecord {
  std::int64_t offset = 0;
  Time recorded{};         // when it reached the log; never falls within a partition
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
  std::string key{};  // of topics that keep only the newest record of each key; else not stored
};

struct TaskChanges {
  int partition = 0;
  std::shared_ptr<const std::string> block;  // see EntityTable::cut, after the task's head
};

/// What one step of all tasks did: written whole or not at all.
struct Commit {
  std::uint64_t sequence = 0;
  std::vector<std::pair<Partition, std::int64_t>> consumed;  // next offset to read
  std::vector<Append> outputs;                               // letters too, to `city.events`
  std::vector<TaskChanges> changes;
};

class Log {
 public:
  virtual ~Log() = default;

  /// Records from `offset` on, about `limit_bytes` of them; none: that is the end for now.
  virtual Result<Batch> fetch(const Partition& partition, std::int64_t offset,
                              std::size_t limit_bytes) = 0;

  /// Doors: readable when it returns, and kept with the next commit or durable append; `durable`:
  /// kept when it returns, also after a power cut. A record's `recorded` is raised to its
  /// predecessor's where it is earlier.
  virtual Result<void> append(std::vector<Append> records, bool durable) = 0;

  virtual Result<void> commit(Commit commit) = 0;

  /// Where the last commit ended: sequence, and next offsets.
  struct Position {
    std::uint64_t sequence = 0;
    std::vector<std::pair<Partition, std::int64_t>> consumed;
  };
  virtual Result<Position> position() = 0;
  /// One task's change blocks of the commits after `sequence`, in order.
  virtual Result<std::vector<std::shared_ptr<const std::string>>> changes_after(
      int partition, std::uint64_t sequence) = 0;
  /// The store has taken in every commit up to here.
  virtual Result<void> forget_changes(std::uint64_t sequence) = 0;
};

}  // namespace streams
