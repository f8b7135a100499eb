#include "app/clock_health.h"

namespace app {

namespace {

constexpr streams::Duration kLagging = std::chrono::seconds{10};
constexpr streams::Duration kSourceSilent = std::chrono::seconds{90};

}  // namespace

SourceHealth source_health(std::string door, std::optional<streams::Time> last_seen,
                           streams::Time now) {
  const bool silent =
      door == "elevator.telemetry" && last_seen && now - *last_seen > kSourceSilent;
  return {std::move(door), last_seen, silent};
}

void ClockHealth::tell(streams::Time tick, Health& health) {
  const TrustedClock::Status status = clock_.status();
  const std::lock_guard lock{mutex_};
  if (tick != tick_ || ticked_.count() == 0) ticked_ = status.monotonic;
  tick_ = tick;
  health.clock = tick;
  health.lag = std::max(streams::Duration{0}, status.city - tick);
  health.lagging = health.lag > kLagging;
  health.departed = status.departed;
  health.stands = std::chrono::floor<streams::Duration>(status.monotonic - ticked_);
}

}  // namespace app
