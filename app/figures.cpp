#include "app/figures.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace app {

using connectors::Metric;
using connectors::Snapshot;
using streams::Time;

namespace {

double resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double seconds(Time time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000;
}

}  // namespace

void Figures::add(const streams::Task& task, int partition) {
  partitions_[partition] = {task.counts().events, task.counts().letters, task.table().entities(),
                            task.clock()};
  clamped_ += static_cast<double>(task.counts().clamped);
  set_aside_ += static_cast<double>(task.set_aside().size());
  decoded_bytes_ += static_cast<double>(task.table().decoded_bytes());
  for (const auto& one : task.graph().operators())
    operators_[one.name] += static_cast<double>(*one.value);
  for (const auto& one : task.graph().counters())
    counters_[one.name] += static_cast<double>(*one.value);
  for (const auto& one : task.graph().counters_by()) {
    double& all = counters_[one.name];
    for (const auto& [of, value] : *one.values) {
      counters_[one.name + ' ' + of] += static_cast<double>(value);
      all += static_cast<double>(value);
    }
  }
}

void Figures::add(const Figures& other) {
  commits += other.commits;
  unflushed_bytes += other.unflushed_bytes;
  restores_failed += other.restores_failed;
  partitions_.insert(other.partitions_.begin(), other.partitions_.end());
  for (const auto& [name, value] : other.operators_) operators_[name] += value;
  for (const auto& [name, value] : other.counters_) counters_[name] += value;
  clamped_ += other.clamped_;
  set_aside_ += other.set_aside_;
  decoded_bytes_ += other.decoded_bytes_;
}

std::optional<Time> Figures::clock() const {
  std::optional<Time> slowest;
  for (const auto& [number, one] : partitions_)
    slowest = std::min(slowest.value_or(one.clock), one.clock);
  return slowest;
}

void Figures::fill(Health& health) const {
  health.build = WATCHFIRE_VERSION;
  health.counters.assign(counters_.begin(), counters_.end());
  health.set_aside = static_cast<std::uint64_t>(set_aside_);
}

Snapshot Figures::metrics(const Health& health) const {
  Snapshot metrics;
  for (const auto& [number, one] : partitions_) {
    const std::string partition = std::to_string(number);
    metrics.set(Metric::records, {partition}, static_cast<double>(one.events));
    metrics.set(Metric::letters, {partition}, static_cast<double>(one.letters));
    metrics.set(Metric::entities, {partition}, static_cast<double>(one.entities));
    metrics.set(Metric::lag_seconds, {partition},
                std::chrono::duration<double>(health.lag).count());
  }
  for (const auto& [name, count] : operators_) metrics.set(Metric::operator_records, {name}, count);
  const auto counted = [this](const std::string& name) {
    const auto one = counters_.find(name);
    return one == counters_.end() ? 0.0 : one->second;
  };
  metrics.set(Metric::late_events, {"all"}, counted("once_too_late"));
  metrics.set(Metric::clamped_events, {"all"}, clamped_);
  const std::string errors = "detect_evaluation_errors ";
  for (auto one = counters_.lower_bound(errors);
       one != counters_.end() && one->first.starts_with(errors); ++one)
    metrics.set(Metric::evaluation_errors, {one->first.substr(errors.size())}, one->second);
  metrics.set(Metric::set_aside, set_aside_);
  metrics.set(Metric::restores_failed, static_cast<double>(restores_failed));
  metrics.set(Metric::clock, seconds(health.clock));
  metrics.set(Metric::clock_departed, std::chrono::duration<double>(health.departed).count());
  metrics.set(Metric::clock_stands, std::chrono::duration<double>(health.stands).count());
  metrics.set(Metric::commits, static_cast<double>(commits));
  metrics.set(Metric::state_bytes, {"decoded"}, decoded_bytes_);
  metrics.set(Metric::state_bytes, {"committed"}, static_cast<double>(unflushed_bytes));
  metrics.set(Metric::resident_bytes, resident_bytes());
  for (const SourceHealth& source : health.sources) {
    metrics.set(Metric::source_silent, {source.name}, source.silent ? 1 : 0);
    if (source.last_seen)
      metrics.set(Metric::source_last_seen, {source.name}, seconds(*source.last_seen));
  }
  metrics.set(Metric::build, {std::string{WATCHFIRE_VERSION}}, 1);
  return metrics;
}

}  // namespace app
