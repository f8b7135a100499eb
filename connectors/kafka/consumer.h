#pragma once

// Consumer: one librdkafka consumer that reads the partitions it is told to, from the offsets it is
// told, committed records only. Reader, Changelog and Member are built on it. No pausing, no
// seeking and no batch calls (librdkafka 2.0.2 skips records with those): assign() again with other
// offsets does all of it. One thread, but wake().

#include <map>
#include <optional>

#include "connectors/kafka/connection.h"
#include "streams/log.h"

namespace connectors::kafka {

using Positions = std::map<streams::Partition, std::int64_t>;

/// The next record to read, and what its reader noted with it.
struct Committed {
  std::int64_t offset = 0;
  std::string note;
  bool operator==(const Committed&) const = default;
};
using CommittedOffsets = std::map<streams::Partition, Committed>;

/// For the library: partitions under the broker's names.
PartitionList list_of(const Connection& connection, const CommittedOffsets& offsets);
PartitionList list_of(const Connection& connection,
                      const std::vector<streams::Partition>& partitions,
                      std::int64_t offset = RD_KAFKA_OFFSET_INVALID);

/// A record or the end of a partition; views live until the next poll.
struct Polled {
  std::string_view topic;  // without the connection's prefix
  int partition = 0;
  std::int64_t offset = 0;  // of the record; at the end: the next one to come
  bool end = false;
  streams::Time recorded{};
  std::string_view key, value;  // `value`: structured CloudEvent, also where it came in binary mode
  bool null_value = false;      // a tombstone
};

struct ConsumerOptions {
  Settings settings;           // beside what every consumer has
  int queue_kib = 16 << 10;    // bound of what is fetched ahead, all partitions
  bool from_beginning = true;  // where an offset is gone: the first there is, or an error
  bool committed_only = true;  // extents too; else records whose transaction has yet to end count
};

class Consumer {
 public:
  static streams::Result<std::unique_ptr<Consumer>> open(const Connection& connection,
                                                         const ConsumerOptions& options);
  virtual ~Consumer();
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  /// Replaces what is read; records fetched ahead are dropped.
  streams::Result<void> assign(const Positions& positions);
  /// The next record or end; nothing when none came within `wait`.
  streams::Result<std::optional<Polled>> poll(std::chrono::milliseconds wait);

  /// First offset and end (committed records) of a partition, asked from its broker.
  struct Extent {
    std::int64_t first = 0, end = 0;
  };
  streams::Result<Extent> extent(const streams::Partition& partition);
  /// Of each, committed records; one question for all.
  streams::Result<Positions> ends(const std::vector<streams::Partition>& partitions);
  /// Of a topic of ours; an error of usage where the broker has none.
  streams::Result<int> partition_count(std::string_view topic);
  /// Any thread: makes a fetcher that sleeps on a full queue look again (librdkafka before 2.2).
  void wake(const streams::Partition& partition);

  rd_kafka_t* handle() { return client_; }

 protected:
  explicit Consumer(const Connection& connection) : connection_(connection) {}
  streams::Result<void> start(const ConsumerOptions& options);
  /// Leaves its group, once; callbacks come for the last time. By the destructor of whoever has
  /// any: in this one it would be too late.
  void close();
  /// Sets callbacks; called once, before the client is made.
  virtual void prepare(rd_kafka_conf_t*) {}

  const Connection connection_;
  rd_kafka_t* client_ = nullptr;

 private:
  Polled record_of(const rd_kafka_message_t& message);

  bool closed_ = false;
  Message message_;
  std::string structured_;  // of a record that came in binary mode
};

/// rd_kafka_assign, waited for: what was read before has stopped when it returns; `list` may be
/// null. The library (2.0.2, and later ones stop in the same way) asserts where a partition is
/// assigned anew before its last stop is over: it would stop twice. Its main thread does what it is
/// asked in order, so a first question comes back when the stops have been carried out, a second
/// one when that is known.
rd_kafka_resp_err_t assign_now(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* list);

/// Of the group; absent: none. Waits for transactions that are about to end.
streams::Result<CommittedOffsets> committed(rd_kafka_t* client, const Connection& connection,
                                            const std::vector<streams::Partition>& partitions);

}  // namespace connectors::kafka
