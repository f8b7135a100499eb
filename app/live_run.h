#pragma once

// LiveRun: the loop of a live city on the embedded log: four ticks a second of the trusted clock,
// each an epoch. `run` steps it until a signal comes; tests step it with clocks of their own. The
// worker's thread.

#include "app/live.h"

namespace app {

class LiveRun {
 public:
  /// Both outlive it.
  LiveRun(RunningCity& city, Live& live) : city_(city), live_(live) {}

  /// A tick, where it is time for one: true.
  streams::Result<bool> step();

 private:
  std::size_t waiting() const;

  RunningCity& city_;
  Live& live_;
};

}  // namespace app
