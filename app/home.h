#pragma once

// RunningCity: a data directory opened for running: which city it belongs to, its versions active,
// its engine ready. The commands run, replay and simulate begin with one.

#include <memory>
#include <string>

#include "app/commands.h"
#include "app/engine.h"

namespace app {

/// What a data directory belongs to; kept in DIR/watchfire.yaml, so that later commands need not be
/// told again.
struct Home {
  std::string city;  // the city's directory
  int partitions = 4;
  /// Nothing when DIR has none yet.
  static streams::Result<std::optional<Home>> read(const std::string& data);
  streams::Result<void> write(const std::string& data) const;
};

class RunningCity {
 public:
  /// Options that contradict what the directory was made with are refused.
  static streams::Result<std::unique_ptr<RunningCity>> open(const RunOptions& options);

  Engine& engine() { return *engine_; }
  const CityFiles& files() const { return files_; }
  int partitions() const { return home_.partitions; }
  /// Counts by operator and topic, and how long the clock of the city has come.
  void print_summary() const;

 private:
  RunningCity() : topology_("city") {}

  Home home_;
  CityFiles files_;
  streams::Topology topology_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace app
