#pragma once

// ClockHealth: whether a live city's time can be believed, as health and the page show it: how far
// its last tick is behind, whether ticks stand still, whether the machine's clock has departed.
// Any thread.

#include <mutex>

#include "app/api.h"
#include "app/trusted_clock.h"

namespace app {

/// A door that was last heard of then, seen `now`: only telemetry comes all the time, the other
/// doors may be quiet for hours.
SourceHealth source_health(std::string door, std::optional<streams::Time> last_seen,
                           streams::Time now);

class ClockHealth {
 public:
  /// `clock` outlives it.
  explicit ClockHealth(TrustedClock& clock) : clock_(clock) {}

  /// Fills in clock, lag and what follows from it, as of now; `tick`: the city's last.
  void tell(streams::Time tick, Health& health);

 private:
  TrustedClock& clock_;
  std::mutex mutex_;
  streams::Time tick_{};
  std::chrono::nanoseconds ticked_{};  // when it was first seen
};

}  // namespace app
