#pragma once

// Lockstep: runs a simulated city, its crews and the software in step: what is recorded up to a
// tick is appended before that tick is run, and crews see what it put out after it. So a tick
// depends on nothing but recorded times, timers and letters, and replaying the finished log gives
// the same epochs and the same bytes. Used by the simulate subcommand, scenario runs and tests. One
// thread.

#include <functional>

#include "connectors/simulate/crews.h"
#include "streams/result.h"

namespace simulate {

/// A record that an epoch put out; valid until the next one is run.
struct Seen {
  std::string_view topic;
  std::string_view json;
};

struct Progress {
  Time now{};  // tick of the last epoch
  Time end{};
  std::int64_t epochs = 0;
  std::int64_t events = 0;    // of the city
  std::int64_t feedback = 0;  // of the crews
  std::int64_t unread = 0;    // outputs that crews could not read: one of the two is wrong
};

struct LockstepPorts {
  /// Appends to the doors; in recorded order for each of them.
  std::function<streams::Result<void>(std::vector<Arrival>)> append;
  /// Epochs::next_tick.
  std::function<streams::Result<std::optional<Time>>(std::optional<Time>)> next_tick;
  /// Epochs::run, and then Epochs::last_outputs through `see`.
  std::function<streams::Result<void>(Time tick, const std::function<void(Seen)>& see)> run_epoch;
  /// At most once an hour of the city's time, and at the end. May be empty.
  std::function<void(const Progress&)> progress;
};

class Lockstep {
 public:
  /// `crews`: null for nobody (`--feedback none`).
  Lockstep(City& city, Crews* crews, LockstepPorts ports);

  /// Until the city's end: nothing recorded later is written; letters under way are still read.
  streams::Result<void> run();
  const Progress& progress() const { return progress_; }

 private:
  std::optional<Time> next_event();
  std::vector<Arrival> take(Time tick);
  void report(bool at_end);

  City& city_;
  Crews* crews_;
  LockstepPorts ports_;
  Progress progress_;
  Time reported_{};
};

}  // namespace simulate
