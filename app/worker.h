#pragma once

// Worker: one thread of a city on Kafka: a member of the group that shares `city.events`, the tasks
// of the partitions it owns, and a committer beside it that turns each cut into one transaction
// while the next is computed. What a rebalance takes away is committed first; what comes is
// restored on another thread; an abort sets tasks and consumer back to the last commit. run() is
// called on the worker's thread, stop() and counts() from any.

#include <atomic>
#include <functional>
#include <mutex>
#include <set>

#include "app/committer.h"
#include "app/figures.h"
#include "app/next_job.h"
#include "connectors/kafka/batch_builder.h"
#include "connectors/kafka/city_identity.h"
#include "connectors/kafka/member.h"
#include "connectors/kafka/restorer.h"
#include "connectors/kafka/transactor.h"

namespace app {

struct WorkerOptions {
  connectors::kafka::Connection connection;
  std::string city;
  std::string app;       // group
  std::string instance;  // place in the group: member, transactional id
  int partitions = 4;    // of `city.events`: the number of tasks
  std::map<std::string, int> output_partitions;
  bool cloud_events = true;
  std::chrono::milliseconds commit{100};
  std::chrono::milliseconds lagging_commit{1000};
  std::chrono::milliseconds session{15'000};
  std::size_t memory_bytes = 256u << 20;  // for decoded entities
  int queue_kib = 8 << 10;
  std::size_t flush_bytes = 8 << 20;           // committed rows that the store lacks
  std::size_t restore_flush_bytes = 16 << 20;  // likewise while a task is restored
  std::chrono::milliseconds oldest_copy = std::chrono::hours{12};  // that a restore may go on from
  std::vector<streams::Version> first_versions;
  std::function<streams::Time()> clock;  // the city's: how old a copy of the state is
  std::function<void()> first_record = [] {};
  std::function<void(const std::string&)> say = [](const std::string&) {};  // for people
};

class Worker {
 public:
  Worker(const streams::Topology& topology, streams::Store& store,
         const streams::MakeDecoder& make_decoder, WorkerOptions options);
  ~Worker();

  /// Until stop(), or an error that this process can't mend.
  streams::Result<void> run();
  void stop() { stop_ = true; }

  struct Counts {
    std::uint64_t records = 0, commits = 0, aborts = 0, rebuilt = 0, restored_rows = 0;
    double commit_seconds = 0;  // of the last one
    int restoring = 0;          // tasks
    std::uint64_t restores_failed = 0;
    std::string problem{};  // why a task can't be restored; empty: none
    bool behind = false;
  };
  Counts counts() const;
  /// As of half a second ago at most.
  Figures figures() const;

 private:
  using Change = connectors::kafka::Member::Change;
  using Ended = connectors::kafka::Transactor::Ended;
  using Clock = std::chrono::steady_clock;

  streams::Result<void> join();
  streams::Result<void> claim();
  streams::Result<void> poll();
  streams::Result<void> answer(const Change& change);
  streams::Result<void> assigned(const Change& change);
  streams::Result<void> revoked(const Change& change);
  streams::Result<void> take_restored();
  void restore_later(int partition, const streams::Error& why);
  void restore_again();
  streams::Result<void> process();
  streams::Result<void> start_again();
  streams::Result<void> step();
  void start_commit();
  /// Committed rows that the store lacks.
  struct ToFlush {
    std::size_t bytes = 0;     // of the task that has most
    int fullest = 0;           // this one
    std::optional<int> stale;  // one whose rows have waited long
  };
  ToFlush find_to_flush(Clock::time_point now);
  void start_flush(int partition);
  streams::Result<void> write(const streams::Commit& commit,
                              const connectors::kafka::GroupMetadata& group,
                              const connectors::kafka::Transactor::Clocks& clocks);
  streams::Result<void> resolve(const streams::Commit& commit);
  streams::Result<void> finished(const streams::Result<void>& result);
  streams::Result<void> settle();
  streams::Result<void> read_from_positions();
  bool commit_is_due(Clock::time_point now) const;
  std::chrono::milliseconds patience(Clock::time_point now) const;
  void drop_tasks();
  void look();

  const streams::Topology& topology_;
  streams::Store& store_;
  const streams::MakeDecoder make_decoder_;
  const WorkerOptions options_;
  std::atomic<bool> stop_ = false;

  connectors::kafka::CityIdentity identity_;  // of the topics, once joined
  std::unique_ptr<connectors::kafka::Member> member_;
  connectors::kafka::Transactor transactor_;
  std::unique_ptr<connectors::kafka::Restorer> restorer_;
  std::optional<connectors::kafka::GroupMetadata> group_;  // taken with what is owned
  streams::TaskSet tasks_;
  std::map<int, streams::RestoredTask> parked_;  // between a revocation and the next assignment
  std::set<int> restoring_;
  struct Again {
    Clock::time_point at{};
    std::chrono::milliseconds pause{};
    std::string why;
  };
  std::map<int, Again> again_;  // of restoring_: could not be restored, and will be tried again
  std::map<int, connectors::kafka::BatchBuilder> received_;
  bool any_record_ = false;

  Job job_ = Job::none;
  int flushing_ = 0;  // partition
  Ended ended_;       // the committer's, until its job is done
  Clock::time_point last_commit_{}, last_look_{};
  std::map<int, Clock::time_point> last_flush_;

  mutable std::mutex mutex_;
  Counts counts_, shown_;
  Figures figures_;
  Committer committer_;  // last: its thread ends first
};

}  // namespace app
