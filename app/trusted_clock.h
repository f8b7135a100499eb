#pragma once

// TrustedClock: what time it is for a live city: the wall clock, as far as the monotonic one bears
// it out. The two may part by kMayPart while the process runs; beyond that the city's time goes on
// by the monotonic clock, and status() says so, until the wall clock comes back or a person has
// said that it is right (accept). It never goes back, because time is a record: where the wall
// clock is behind it, it goes on at half the pace until the two meet. Ticks, the doors' `recorded`,
// links, retention and the page's clock are all of this one. Any thread.

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "streams/result.h"
#include "streams/time.h"

namespace app {

/// Two clocks of the machine, or of a test.
struct ClockSource {
  std::function<streams::Time()> wall;
  std::function<std::chrono::nanoseconds()> monotonic;
  static ClockSource of_machine();
};

class TrustedClock {
 public:
  static constexpr streams::Duration kMayPart = std::chrono::seconds{60};
  /// A start: how far the wall clock may be behind the last tick, and ahead of it.
  static constexpr streams::Duration kMayBeBehind = std::chrono::seconds{5};
  static constexpr streams::Duration kMayBeAhead = std::chrono::days{7};
  /// As far back as events count that come late.
  static constexpr streams::Duration kRecent = std::chrono::minutes{5};

  explicit TrustedClock(ClockSource source = ClockSource::of_machine());

  /// At the start: a sentence where the wall clock can't be right, as the city's last tick shows
  /// (none: {}), unless `accepted`.
  streams::Result<void> begin(streams::Time last_tick, bool accepted);
  /// A tick of somebody else: from there on.
  void not_before(streams::Time tick);

  streams::Time now();

  struct Status {
    streams::Time wall{}, city{};
    streams::Duration departed{};  // the wall clock less the city's time; 0: it is trusted
    std::chrono::nanoseconds monotonic{};
  };
  Status status();

  /// The wall clock is right; what that does to the city's time, as a sentence.
  streams::Result<std::string> accept();

  /// By how much the city's time is ahead of a clock that is right, at its time `stated`: 0, but
  /// until a wall clock that was accepted although it was behind has caught up. Doors add it to
  /// what events state: else each would come too late, and each alarm button with them. What was
  /// stated kRecent before, or later, moves, at most to now; in order it stays.
  streams::Duration ahead(streams::Time stated);

 private:
  using Fine = std::chrono::sys_time<std::chrono::microseconds>;
  bool look();  // moves now_; false: the wall clock is not to be trusted
  void note_accepted();

  const ClockSource source_;
  std::mutex mutex_;
  bool begun_ = false;
  Fine wall_{}, now_{};                   // as of the last look
  std::chrono::nanoseconds monotonic_{};  // likewise
  std::chrono::microseconds offset_{};    // of the wall clock on the monotonic one, when right
  std::optional<Fine> accepted_{};        // the wall clock, when it was, behind the city's time
};

}  // namespace app
