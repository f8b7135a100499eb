#pragma once

// KafkaReader: the Reader port on a broker: committed records of any partition by place. Reading on
// where the last fetch ended costs nothing extra; another place makes the consumer start anew.
// Threads may share it; they take turns.

#include <deque>
#include <map>
#include <mutex>

#include "connectors/kafka/batch_builder.h"
#include "connectors/kafka/consumer.h"

namespace connectors::kafka {

class KafkaReader : public streams::Reader {
 public:
  enum class End {
    asked,  // "none" means that the broker had none: fetch asks it
    heard,  // none has arrived yet: fetch does not wait; for screens, which come again
  };
  static streams::Result<std::unique_ptr<KafkaReader>> open(const Connection& connection, End end);

  streams::Result<streams::Batch> fetch(const streams::Partition& partition, std::int64_t offset,
                                        std::size_t limit_bytes) override;
  streams::Result<Consumer::Extent> extent(const streams::Partition& partition);
  /// Behind what has been received of a partition: up to there fetch gives all that is committed.
  std::int64_t received(const streams::Partition& partition);

 private:
  struct Lane {
    std::int64_t asked = 0;  // what the next fetch must ask for to be served from here
    std::int64_t next = 0;   // behind what was received
    std::deque<streams::Batch> ready;
    BatchBuilder building;
  };
  KafkaReader(std::unique_ptr<Consumer> consumer, std::unique_ptr<Consumer> ends)
      : consumer_(std::move(consumer)), ends_(std::move(ends)) {}
  streams::Result<void> start(const streams::Partition& partition, std::int64_t offset);
  /// Takes in what has come; waits up to `wait` for the first.
  streams::Result<bool> receive(std::chrono::milliseconds wait);
  streams::Batch take(Lane& lane, std::size_t limit_bytes);

  std::mutex mutex_;
  std::unique_ptr<Consumer> consumer_;
  // Knows ends with what is about to be committed: a broker has taken a commit before all of its
  // partitions show it. Null: ends are only heard.
  std::unique_ptr<Consumer> ends_;
  std::map<streams::Partition, Lane> lanes_;
};

/// When the newest tick of a partition of `city.events` stands; none near its end: Time{}.
streams::Result<streams::Time> newest_tick(KafkaReader& reader,
                                           const streams::Partition& partition);

}  // namespace connectors::kafka
