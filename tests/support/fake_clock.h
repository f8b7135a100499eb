#pragma once

// FakeClock: a machine's two clocks as a test moves them. Outlives whoever got source().

#include "app/trusted_clock.h"

namespace test {

struct FakeClock {
  streams::Time wall = *streams::parse_time("2026-11-22T08:00:00Z");
  std::chrono::nanoseconds monotonic = std::chrono::hours{5};

  app::ClockSource source() {
    return {[this] { return wall; }, [this] { return monotonic; }};
  }
  void pass(streams::Duration time) {
    wall += time;
    monotonic += time;
  }
  /// Somebody sets the wall clock.
  void step(streams::Duration by) { wall += by; }
};

}  // namespace test
