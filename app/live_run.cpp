#include "app/live_run.h"

#include <algorithm>

#include "operators/city/topics.h"

namespace app {

using streams::Result;
using streams::Time;

Result<bool> LiveRun::step() {
  streams::Epochs& epochs = city_.engine().epochs();
  TrustedClock& clock = city_.clock();
  Backlog& backlog = city_.backlog();
  const Time wanted = clock.now() - streams::kTickInterval;
  const Time tick = streams::tick_at_or_after(live_.safe_tick(wanted));
  if (tick <= epochs.clock()) {
    if (Result<void> polled = city_.engine().poll(); !polled) return polled.error();
    return false;
  }
  const std::int64_t taken = epochs.taken();
  backlog.begin(waiting(), clock.status().monotonic);
  // After a lag through every epoch that would have been: what was due earlier comes earlier.
  const Result<std::optional<Time>> next = city_.engine().next_tick(tick);
  if (!next) return next.error();
  if (Result<void> ran = city_.engine().run(std::min(next->value_or(tick), tick)); !ran)
    return ran.error();
  backlog.end(static_cast<std::size_t>(epochs.taken() - taken), waiting(),
              clock.status().monotonic);
  if (Result<void> seen = live_.after_epoch(); !seen) return seen.error();
  return true;
}

/// Records at the doors, durable or about to be, that no epoch has taken.
std::size_t LiveRun::waiting() const {
  const std::size_t queued = live_.waiting_records();  // first: one may be counted twice, never not
  std::int64_t there = -city_.engine().epochs().taken();
  for (const auto& topic : city_.engine().log().topics())
    if (std::any_of(city::kDoors.begin(), city::kDoors.end(),
                    [&](const city::Door& door) { return door.topic == topic.name; }))
      for (const auto& partition : topic.partitions) there += partition.end;
  return queued + static_cast<std::size_t>(std::max<std::int64_t>(there, 0));
}

}  // namespace app
