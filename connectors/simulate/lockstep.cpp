#include "connectors/simulate/lockstep.h"

#include <algorithm>

namespace simulate {

Lockstep::Lockstep(City& city, Crews* crews, LockstepPorts ports)
    : city_(city), crews_(crews), ports_(std::move(ports)) {
  progress_.end = city_.end();
}

std::optional<Time> Lockstep::next_event() {
  std::optional<Time> first = city_.next();
  if (crews_ == nullptr) return first;
  const std::optional<Time> word = crews_->next();
  if (word && *word <= city_.end() && (!first || *word < *first)) first = word;
  return first;
}

std::vector<Arrival> Lockstep::take(Time tick) {
  std::vector<Arrival> arrivals;
  city_.take(tick, arrivals);
  const std::size_t events = arrivals.size();
  if (crews_ != nullptr) crews_->take(std::min(tick, city_.end()), arrivals);
  progress_.events += static_cast<std::int64_t>(events);
  progress_.feedback += static_cast<std::int64_t>(arrivals.size() - events);
  // Equal times: the crews' door is the last of all.
  std::inplace_merge(arrivals.begin(), arrivals.begin() + static_cast<std::ptrdiff_t>(events),
                     arrivals.end(),
                     [](const Arrival& a, const Arrival& b) { return a.recorded < b.recorded; });
  return arrivals;
}

streams::Result<void> Lockstep::run() {
  while (true) {
    streams::Result<std::optional<Time>> tick = ports_.next_tick(next_event());
    if (!tick) return tick.error();
    if (!*tick) break;
    const Time now = **tick;
    if (std::vector<Arrival> arrivals = take(now); !arrivals.empty())
      if (streams::Result<void> done = ports_.append(std::move(arrivals)); !done) return done;
    streams::Result<void> ran = ports_.run_epoch(now, [this, now](Seen seen) {
      if (crews_ != nullptr && !crews_->see(seen.topic, seen.json, now)) ++progress_.unread;
    });
    if (!ran) return ran;
    ++progress_.epochs;
    progress_.now = now;
    report(false);
  }
  report(true);
  return {};
}

void Lockstep::report(bool at_end) {
  if (!ports_.progress || (!at_end && progress_.now < reported_ + 1h)) return;
  reported_ = progress_.now;
  ports_.progress(progress_);
}

}  // namespace simulate
