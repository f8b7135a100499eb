#pragma once

// Member: a consumer that is a static member of a group. It tells, in one stream, what it owns and
// what comes in: a change of ownership stops everything until it has been answered, by assign() or
// release(). Eager groups: every rebalance takes all away first; who keeps its tasks in memory
// meanwhile loses nothing by it. One thread; the worker's or the doors'.

#include <atomic>
#include <mutex>
#include <thread>

#include "connectors/kafka/consumer.h"
#include "connectors/kafka/group.h"

namespace connectors::kafka {

struct MemberOptions {
  std::string group;
  std::string instance;  // of this place in the group: stays over restarts
  std::vector<std::string> topics;
  std::chrono::milliseconds session{15'000};  // silent for longer: others take over
  int queue_kib = 8 << 10;
};

class Member : public Consumer {
 public:
  static streams::Result<std::unique_ptr<Member>> open(const Connection& connection,
                                                       const MemberOptions& options);
  ~Member() override;

  struct Change {
    enum class Kind {
      assigned,  // answer by assign(), now or when tasks are ready; poll on meanwhile
      revoked,   // commit with this metadata, then release()
      lost,      // too late to commit: drop what is not committed, then release()
    };
    Kind kind = Kind::assigned;
    std::vector<streams::Partition> partitions;
    GroupMetadata group;
  };
  /// After poll(): what has changed, once.
  std::optional<Change> take_change() { return std::exchange(change_, std::nullopt); }
  void release();

  /// Reads these from there on, and nothing else.
  streams::Result<void> assign(const Positions& positions);

  streams::Result<std::optional<Polled>> poll(std::chrono::milliseconds wait);
  /// How long some partition has gone without its end being reached. Whoever keeps up reaches it
  /// again and again. That nothing comes says little: a fetcher that sleeps looks the same.
  std::chrono::milliseconds unended_for() const;

  /// The group's offsets of partitions, done: for groups without transactions.
  streams::Result<void> commit(const CommittedOffsets& offsets);

 protected:
  void prepare(rd_kafka_conf_t* conf) override;

 private:
  using Consumer::Consumer;
  static void rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_t* partitions, void* self);
  void keep_awake();
  void tell_waker();

  std::optional<Change> change_;
  bool closing_ = false;
  using Clock = std::chrono::steady_clock;
  struct Reading {
    streams::Partition partition;
    std::optional<Clock::time_point> unended_since;
  };
  Reading* reading(const Polled& record);

  std::vector<Reading> readings_;  // what is assigned
  std::size_t last_ = 0;           // of readings_: records come in runs
  std::mutex mutex_;
  std::vector<streams::Partition> awake_;  // guarded: where the waker has work
  std::atomic<bool> stop_ = false;
  std::thread waker_;
};

}  // namespace connectors::kafka
