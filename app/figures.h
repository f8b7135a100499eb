#pragma once

// Figures: what tasks have counted, taken by the thread that runs them and shown by others: the
// part of health and /metrics that is the same embedded and on Kafka. A value.

#include <map>
#include <string>
#include <vector>

#include "app/api.h"
#include "streams/task.h"

namespace app {

class Figures {
 public:
  /// Adds one task as it stands; only on the thread that runs it, or between its steps.
  void add(const streams::Task& task, int partition);
  /// Adds what another worker has taken.
  void add(const Figures& other);

  std::uint64_t commits = 0;
  std::size_t unflushed_bytes = 0;
  std::uint64_t restores_failed = 0;

  /// The slowest task's clock; nothing without tasks.
  std::optional<streams::Time> clock() const;
  void fill(Health& health) const;
  /// What can be told of an engine in good health; needs `health` filled.
  connectors::Snapshot metrics(const Health& health) const;

 private:
  struct Partition {
    std::uint64_t events = 0, letters = 0;
    std::size_t entities = 0;
    streams::Time clock{};
  };
  std::map<int, Partition> partitions_;
  std::map<std::string, double> operators_, counters_;
  double clamped_ = 0, decoded_bytes_ = 0, set_aside_ = 0;
};

}  // namespace app
