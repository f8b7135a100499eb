#pragma once

// Backlog: how long what the doors take now waits until the engine has worked off what lies before
// it: records that wait, times what one has cost lately. Records rather than the city's clock: an
// epoch is worked off whole, so within one the clock stands however much has come meanwhile. The
// worker tells of its epochs, the doors of what they take and ask. Any thread.

#include <chrono>
#include <cstddef>
#include <mutex>

namespace app {

class Backlog {
 public:
  using Seconds = std::chrono::duration<double>;
  using Instant = std::chrono::nanoseconds;  // of the monotonic clock

  /// The worker: an epoch begins, with so many records at the doors.
  void begin(std::size_t waiting, Instant now);
  /// It has taken so many, and so many wait.
  void end(std::size_t taken, std::size_t waiting, Instant now);

  /// A door took so many more.
  void add(std::size_t records);

  Seconds ahead(Instant now) const;
  Seconds cost() const;  // of one record

 private:
  mutable std::mutex mutex_;
  Seconds cost_{100e-6};     // until it is known
  std::size_t queued_ = 0;   // for a later epoch than the one that runs
  std::size_t in_hand_ = 0;  // of the one that runs
  Instant begun_{};
  bool running_ = false;
};

}  // namespace app
