#pragma once

// TestDriver: the real tasks of a topology over several partitions, on the ports in memory and on
// virtual time. A Schedule, drawn from a seed, commits, aborts, crashes, stores and evicts at any
// point between epochs: outputs must not depend on it. Tests and `rules test` call it; one thread.

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "streams/epochs.h"
#include "streams/memory.h"

namespace streams {

/// How often, per epoch, each of these happens (a checkpoint: per commit); all zero: one commit at
/// the end.
struct Schedule {
  std::uint64_t seed = 0;
  double commit = 0, checkpoint = 0, abort = 0, crash = 0, flush = 0;
  std::size_t memory_bytes = 64 << 20;

  static Schedule steady() { return {}; }
  static Schedule random(std::uint64_t seed);
};

class TestDriver {
 public:
  TestDriver(const Topology& topology, MakeDecoder make_decoder, EpochOptions options,
             const Schedule& schedule = Schedule::steady());

  /// Puts one structured CloudEvent through a door: keyed by `subject`, recorded at `recorded`.
  void send(const std::string& door, std::string_view subject, Time recorded, std::string bytes);
  /// Puts a version into every partition, before anything else is run.
  void activate(const Version& version);
  /// Lets an entity go on that was set aside.
  void restore(std::string_view entity);
  /// Runs every epoch up to `until`, and lets the clock stand there.
  void advance_to(Time until);
  /// Runs until sources and letters are exhausted.
  void finish();

  /// Committed records of an output topic, since the last read.
  std::vector<std::string> read(const std::string& topic);
  const std::vector<std::unique_ptr<Task>>& tasks() const { return epochs_->tasks(); }
  Time clock() const { return epochs_->clock(); }
  /// What was run again after a crash or an abort said something else than before.
  bool replay_differed() const { return replay_differed_; }

 private:
  void start();
  void run(Time tick);
  void misfortune();
  void commit();
  bool chance(double probability);

  const Topology& topology_;
  MakeDecoder make_decoder_;
  EpochOptions options_;
  Schedule schedule_;
  std::mt19937_64 random_;
  MemoryLog log_;
  MemoryStore store_;
  std::unique_ptr<Epochs> epochs_;
  std::map<std::string, std::int64_t> read_;
  bool replay_differed_ = false;
};

}  // namespace streams
