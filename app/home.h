#pragma once

// RunningCity: a data directory opened for running: which city it belongs to, its versions active,
// its engine ready. The commands run, replay and simulate begin with one.

#include <memory>
#include <string>

#include "app/backlog.h"
#include "app/commands.h"
#include "app/engine.h"
#include "app/local_socket.h"
#include "app/trusted_clock.h"

namespace app {

/// What a data directory belongs to; kept in DIR/watchfire.yaml, so that later commands need not be
/// told again.
struct Home {
  std::string city;  // the city's directory
  std::optional<int> partitions{};  // as the database has it; nothing: it says
  /// Name and hash of the city's files when they last became active: one that has not changed since
  /// does not undo a `rules activate`.
  std::map<std::string, std::string> versions;
  /// Nothing when DIR has none yet, or one that is empty.
  static streams::Result<std::optional<Home>> read(const std::string& data);
  streams::Result<void> write(const std::string& data) const;
};

class RunningCity {
 public:
  /// Options that contradict what the directory was made with are refused.
  static streams::Result<std::unique_ptr<RunningCity>> open(
      const RunOptions& options, ClockSource clock = ClockSource::of_machine());

  Engine& engine() { return *engine_; }
  /// Of a city that lives by the machine's clock; begin() it before it is asked.
  TrustedClock& clock() { return clock_; }
  Backlog& backlog() { return backlog_; }
  const CityFiles& files() const { return files_; }
  int partitions() const { return engine_->partitions(); }
  /// What subcommands have asked for through DIR/socket. The worker calls it between epochs; `now`
  /// is what a door records, by default just behind the city's clock.
  void serve(std::optional<streams::Time> now = {}) {
    socket_->serve(now.value_or(engine_->epochs().clock() + streams::Duration{1}));
  }
  /// Counts by operator and topic, and how long the clock of the city has come.
  void print_summary() const;

 private:
  explicit RunningCity(ClockSource clock) : clock_(std::move(clock)), topology_("city") {}
  streams::Result<void> take_in_files(const std::string& data);

  TrustedClock clock_;
  Backlog backlog_;
  Home home_;
  CityFiles files_;
  streams::Topology topology_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<LocalSocket> socket_;  // after the engine: nobody asks one that is gone
};

}  // namespace app
