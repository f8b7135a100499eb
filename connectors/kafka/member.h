#pragma once

// Member: a consumer that is a static member of a group. It tells, in one stream, what it owns and
// what comes in: a change of ownership stops everything until it has been answered, by assign() or
// release(). Eager groups: every rebalance takes all away first; who keeps its tasks in memory
// meanwhile loses nothing by it. One thread; the worker's or the doors'.

#include <atomic>
#include <thread>

#include "connectors/kafka/consumer.h"
#include "connectors/kafka/group.h"

namespace connectors::kafka {

struct MemberOptions {
  std::string group;
  std::string instance;  // of this place in the group: stays over restarts
  std::vector<std::string> topics;
  std::chrono::milliseconds session{15'000};  // silent for longer: others take over
  int queue_kib = 32 << 10;
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

  /// Fetching behind: a full queue must not put the fetcher to sleep (librdkafka before 2.2).
  void set_behind(bool behind) { behind_ = behind; }

  /// The group's offsets of partitions, done: for groups without transactions.
  streams::Result<void> commit(const Positions& positions);

 protected:
  void prepare(rd_kafka_conf_t* conf) override;

 private:
  using Consumer::Consumer;
  static void rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_t* partitions, void* self);
  void keep_awake();

  std::optional<Change> change_;
  bool closing_ = false;
  std::vector<streams::Partition> owned_;
  std::atomic<bool> behind_ = false;
  std::atomic<bool> stop_ = false;
  std::thread waker_;
};

}  // namespace connectors::kafka
