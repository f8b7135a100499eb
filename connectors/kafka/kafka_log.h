#pragma once

// KafkaLog: the Log port on a broker, for a process that has the city to itself: it assigns every
// partition by hand and commits as no member of a group. With it the engine runs in epochs on Kafka
// as it does embedded (`--until-end`, scenarios). Workers that share a city through a group use
// Member and Transactor directly. Fetch and append from any thread, commit from one.
//
// Letters are counted: the offset of one in `city.events` is its number, for epochs take it from
// memory before the broker has given it a place, and the ends of transactions lie between places.
// Cost: after a restart the partition is read from its beginning once.

#include <map>
#include <mutex>
#include <vector>

#include "connectors/kafka/appender.h"
#include "connectors/kafka/changelog.h"
#include "connectors/kafka/reader.h"
#include "connectors/kafka/transactor.h"

namespace connectors::kafka {

struct KafkaLogOptions {
  std::string app;                  // group and transactional id
  std::vector<std::string> inputs;  // topics whose consumed offsets it commits
  int partitions = 4;               // of each
};

class KafkaLog : public streams::Log {
 public:
  static streams::Result<std::unique_ptr<KafkaLog>> open(const Connection& connection,
                                                         const KafkaLogOptions& options);

  streams::Result<streams::Batch> fetch(const streams::Partition& partition, std::int64_t offset,
                                        std::size_t limit_bytes) override;
  streams::Result<void> append(std::vector<streams::Append> records, bool durable) override;
  /// Every commit has its changes: the topics of a city are read by workers, too.
  bool keeps_replays() const override { return false; }
  streams::Result<std::vector<streams::TaskMark>> commit(streams::Commit commit) override;
  streams::Result<Position> position() override;
  streams::Result<void> changes_after(int partition, streams::Mark mark,
                                      const TakeChanges& take) override;
  /// Nothing to do: the topic is compacted.
  streams::Result<void> forget_changes(const std::vector<streams::TaskMark>&) override {
    return {};
  }

 private:
  KafkaLog(const Connection& connection, const KafkaLogOptions& options);
  streams::Result<CommittedOffsets> read_committed_offsets();
  /// From the letter of that number on.
  streams::Result<streams::Batch> fetch_letters(const streams::Partition& partition,
                                                std::size_t first, std::size_t limit_bytes);

  const Connection connection_;
  const KafkaLogOptions options_;
  std::unique_ptr<Consumer> group_;  // reads nothing: it asks for the group's offsets
  std::unique_ptr<KafkaReader> reader_;
  std::unique_ptr<Appender> appender_;
  Transactor transactor_;
  Changelog changelog_;
  std::mutex mutex_;                                  // the next
  std::map<int, std::vector<std::int64_t>> letters_;  // by partition: where each lies
};

}  // namespace connectors::kafka
