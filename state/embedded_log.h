#pragma once

// EmbeddedLog: the Log port on the Database, for a `watchfire` without brokers. Records go into
// memory (Tail), from there as blocks into one write-ahead log, and are fetched as whole blocks.
// Doors append on their threads, the worker fetches, the committer thread commits, all at once;
// whoever writes takes along what everybody has appended. Batches must not outlive the Database.
// README: what survives what.

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "state/change_blocks.h"
#include "state/latest_records.h"
#include "state/stored_blocks.h"
#include "state/tail.h"
#include "state/topic_names.h"
#include "streams/log.h"

namespace state {

struct EmbeddedLogOptions {
  std::set<std::string> latest_only;  // topics that keep only the newest record of each key
  /// A power cut takes back commits younger than this; 0: none.
  std::chrono::milliseconds sync_interval{1000};
  TailLimits limits;
};

class EmbeddedLog : public streams::Log {
 public:
  static streams::Result<std::unique_ptr<EmbeddedLog>> open(Database& database,
                                                            const EmbeddedLogOptions& options = {});
  ~EmbeddedLog() override;

  /// Trimmed records are skipped; of a topic that keeps only the newest record of each key those
  /// are given, with gaps between their offsets, once they are written.
  streams::Result<streams::Batch> fetch(const streams::Partition& partition, std::int64_t offset,
                                        std::size_t limit_bytes) override;
  /// Not durable: in memory until a block is full or somebody commits, flushes or appends durably.
  streams::Result<void> append(std::vector<streams::Append> records, bool durable) override;
  streams::Result<std::vector<streams::TaskMark>> commit(streams::Commit commit) override;
  streams::Result<Position> position() override;
  streams::Result<void> changes_after(int partition, streams::Mark mark,
                                      const TakeChanges& take) override;
  streams::Result<void> forget_changes(const std::vector<streams::TaskMark>& stored) override;

  /// Writes what was appended; after it a kill takes none of it.
  streams::Result<void> flush();
  /// Key and newest record of a `latest_only` topic, by partition and key.
  streams::Result<void> latest(const std::string& topic, const VisitLatest& visit);

  struct PartitionSummary {
    int number = 0;
    std::int64_t first = 0, end = 0;  // offsets; latest_only: `end - first` were ever appended
    streams::Time first_recorded{}, last_recorded{};  // latest_only: the last alone
    std::uint64_t bytes = 0;                          // unknown (0) where latest_only
  };
  struct TopicSummary {
    std::string name;
    bool latest_only = false;
    std::vector<PartitionSummary> partitions;
  };
  std::vector<TopicSummary> topics() const;
  /// The first offset recorded at `time` or later; the end where none is.
  streams::Result<std::int64_t> find_offset(const streams::Partition& partition,
                                            streams::Time time);
  /// Drops whole blocks recorded before `time`, never what no commit has consumed yet or a restart
  /// would read again, never the last block.
  streams::Result<void> trim(const streams::Partition& partition, streams::Time time);

 private:
  struct Blocks {  // a partition kept in blocks
    Blocks(LogPlace at, const TailLimits& limits) : place(at), tail(limits) {}
    LogPlace place;
    Tail tail;
    std::int64_t first = 0;
    std::optional<streams::Time> first_recorded;
    std::uint64_t bytes_before = 0;
  };

  EmbeddedLog(Database& database, const EmbeddedLogOptions& options);
  streams::Result<void> load();
  streams::Result<void> check(const std::vector<streams::Append>& records) const;
  void keep(const streams::Append& record, bool of_commit);
  bool latest_only(const std::string& topic) const;
  Blocks& blocks_of(const streams::Partition& partition);
  LatestRecords& latest_of(const streams::Partition& partition);

  struct Pending {              // what one write brings to the database
    std::uint64_t through = 0;  // tickets
    Position position;          // after the commit
    std::vector<std::pair<std::string, std::string>> topics;
    std::vector<LatestRecords::Row> latest;
    std::vector<std::pair<Blocks*, Tail::Block>> blocks;
  };
  /// Writes everything kept up to `ticket`, and a commit; nothing to do where another writer took
  /// it along.
  streams::Result<void> write(const streams::Commit* commit, std::uint64_t ticket, bool sync);
  Pending take(const streams::Commit* commit);
  rocksdb::Status fill(rocksdb::WriteBatch& batch, const Pending& pending,
                       const streams::Commit* commit);

  Database& database_;
  const EmbeddedLogOptions options_;
  StoredBlocks stored_;

  mutable std::mutex mutex_;  // all below; held for no read or write of the database
  TopicNames names_;
  std::map<streams::Partition, Blocks> blocks_;
  std::map<streams::Partition, LatestRecords> latest_;
  std::set<Blocks*> unwritten_;
  std::set<LatestRecords*> unwritten_latest_;
  std::uint64_t kept_ = 0;  // calls that added records: their tickets
  Position position_;
  std::optional<streams::Error> failure_;  // of a write: from then on nothing is written

  // One write at a time, in the order of offsets; who waits is often served by the one before.
  bool writing_ = false;
  std::condition_variable turn_;
  std::uint64_t written_ = 0;  // tickets
  std::uint64_t synced_ = 0;
  std::chrono::steady_clock::time_point last_sync_{};

  ChangeBlocks changes_;  // add() and forget() by the one who writes
};

}  // namespace state
