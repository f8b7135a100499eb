#pragma once

// Engine: the topology on the embedded log of one data directory: worker, pool and committer wired
// together. Commands step it; the simulator steps it in lockstep with its city. One thread calls
// it; append() alone may be called from any.

#include <functional>
#include <memory>
#include <string>

#include "app/city_files.h"
#include "app/committer.h"
#include "app/next_job.h"
#include "app/pool.h"
#include "state/embedded_log.h"
#include "state/rocks_store.h"
#include "streams/epochs.h"

namespace app {

struct EngineOptions {
  std::string data;  // directory
  int threads = 1;
  std::optional<int> partitions{};  // of a new directory, else 4; what another one has must agree
  std::chrono::milliseconds commit{100};
  std::chrono::milliseconds checkpoint{5000};
  std::size_t memory_bytes = 512u << 20;
};

class Engine {
 public:
  static streams::Result<std::unique_ptr<Engine>> open(const EngineOptions& options,
                                                       const streams::Topology& topology,
                                                       const std::string& city);
  ~Engine();

  /// The active versions, and those that the next epoch makes active.
  streams::Result<std::vector<streams::Version>> versions();
  /// Brings in the versions that differ from these.
  streams::Result<void> activate(const std::vector<streams::Version>& versions);
  /// An entity that was set aside goes on; what it was set aside for. A `usage` error: it was not.
  streams::Result<std::string> restore(const std::string& entity);
  /// The entities that are set aside.
  std::vector<streams::SetAside> set_aside() const;

  streams::Result<std::optional<streams::Time>> next_tick(
      std::optional<streams::Time> next_event = std::nullopt) {
    return epochs_->next_tick(next_event);
  }
  /// One epoch; commits when the interval or the bound of uncommitted bytes has passed. Where an
  /// entity breaks an invariant it goes back to the last commit and comes here again without it.
  streams::Result<void> run(streams::Time tick);
  /// Between epochs: a commit that had to wait for the committer begins.
  streams::Result<void> poll() { return step(false); }
  /// Until sources and letters are exhausted; `progress` is called now and then.
  streams::Result<void> run_until_end(const std::function<void(streams::Time)>& progress = {});
  /// Commits what is left, with the tasks' changes, waits for it, and brings the store up to date.
  streams::Result<void> settle();

  int partitions() const { return partitions_; }
  streams::Epochs& epochs() { return *epochs_; }
  state::EmbeddedLog& log() { return *log_; }
  struct Counts {
    std::uint64_t commits = 0;
    double commit_seconds = 0;  // of the last one: handed over to confirmed
  };
  const Counts& counts() const { return counts_; }

 private:
  Engine(const EngineOptions& options, std::unique_ptr<state::Database> database,
         std::unique_ptr<state::EmbeddedLog> log);
  streams::Result<void> finish_job();
  streams::Result<void> step(bool wait);
  streams::Result<void> finished(const streams::Result<void>& result);
  bool checkpoint_is_due(std::chrono::steady_clock::time_point now) const;
  void start_commit(streams::Epochs::Cut kind);
  void start_flush();

  EngineOptions options_;
  int partitions_ = 4;
  std::unique_ptr<state::Database> database_;
  std::unique_ptr<state::EmbeddedLog> log_;
  state::RocksStore store_;
  Pool pool_;
  std::unique_ptr<streams::Epochs> epochs_;
  Job job_ = Job::none;
  std::chrono::steady_clock::time_point last_commit_{}, last_checkpoint_{}, last_flush_{};
  Counts counts_;
  std::vector<streams::TaskMark> marks_;  // of the commit at work; the committer's until it is done
  Committer committer_;                   // last: its thread ends first
};

}  // namespace app
