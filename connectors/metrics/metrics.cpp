#include "connectors/metrics/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <map>

#include "streams/check.h"

namespace connectors {

namespace {

using enum MetricKind;

constexpr std::array<MetricInfo, static_cast<std::size_t>(Metric::kCount)> kMetrics{{
    {"watchfire_events_received_total", "Events taken at a door", counter, {"topic"}},
    {"watchfire_events_rejected_total", "Events a door could not read", counter, {"topic"}},
    {"watchfire_queue_full_total", "Requests answered 429: the door's queue was full", counter, {}},
    {"watchfire_requests_shed_total",
     "Requests answered 429 because of the engine's backlog",
     counter,
     {}},
    {"watchfire_shed_events_total",
     "Events of such requests: taken all the same, or refused",
     counter,
     {"what", "kind"}},
    {"watchfire_backlog_seconds", "Until the engine has worked off what waits", gauge, {}},
    {"watchfire_records_total", "Records that tasks have processed", counter, {"partition"}},
    {"watchfire_operator_records_total", "Records into an operator", counter, {"operator"}},
    {"watchfire_letters_total", "Letters between entities", counter, {"partition"}},
    {"watchfire_late_events_total", "Events too late to have an effect", counter, {"topic"}},
    {"watchfire_clamped_events_total", "Events dated ahead of the clock", counter, {"topic"}},
    {"watchfire_evaluation_errors_total", "Rules that could not be evaluated", counter, {"rule"}},
    {"watchfire_lag_seconds", "Wall time less the clock of a task", gauge, {"partition"}},
    {"watchfire_lag_records", "Records that a task has not read yet", gauge, {"partition"}},
    {"watchfire_clock_seconds", "The city's clock, seconds since 1970", gauge, {}},
    {"watchfire_clock_departed_seconds",
     "The machine's clock less the city's time, where it is not trusted; else 0",
     gauge,
     {}},
    {"watchfire_clock_stands_seconds", "Since when the city's clock has not moved", gauge, {}},
    {"watchfire_commits_total", "Commits written", counter, {}},
    {"watchfire_commit_seconds", "Time to write a commit", distribution, {}},
    {"watchfire_commit_bytes_total", "Bytes of commits", counter, {}},
    {"watchfire_state_bytes", "State held in memory", gauge, {"layer"}},
    {"watchfire_resident_bytes", "Memory of the process", gauge, {}},
    {"watchfire_entities", "Entities that remember something", gauge, {"partition"}},
    {"watchfire_entities_set_aside", "Entities that broke an invariant: not judged", gauge, {}},
    {"watchfire_restores_failed_total",
     "Times that a task's state could not be restored: tried again",
     counter,
     {}},
    {"watchfire_warnings_total", "Warnings raised", counter, {"priority", "rule"}},
    {"watchfire_warnings_open", "Warnings open now", gauge, {"priority"}},
    {"watchfire_warnings_shelved", "Open warnings that a seat has put aside", gauge, {}},
    {"watchfire_flood", "1 while new warnings come faster than seats can read", gauge, {}},
    {"watchfire_orders_total", "Orders made", counter, {"priority"}},
    {"watchfire_orders_open", "Orders open now", gauge, {"state"}},
    {"watchfire_orders_overdue", "Open orders past a deadline", gauge, {"priority"}},
    {"watchfire_feedback_rejected_total", "Steps that were not legal", counter, {}},
    {"watchfire_dead_letters_total", "Records that could not be processed", counter, {"topic"}},
    {"watchfire_source_silent", "1 while a source is silent", gauge, {"source"}},
    {"watchfire_source_last_seen_seconds", "When a source was last heard", gauge, {"source"}},
    {"watchfire_board_lag_records", "Output records that the board could not read", gauge, {}},
    {"watchfire_board_hidden", "Open rows that the board does not show", gauge, {"kind", "what"}},
    {"watchfire_board_dropped_total",
     "What the board let go at its limits, and void notices",
     counter,
     {"kind"}},
    {"watchfire_http_requests_total", "HTTP requests answered", counter, {"status"}},
    {"watchfire_http_connections", "HTTP connections open", gauge, {}},
    {"watchfire_http_streams", "Event streams open", gauge, {}},
    {"watchfire_http_streams_dropped_total", "Readers of streams that were too slow", counter, {}},
    {"watchfire_http_refused_total", "Callers that were not served", counter, {"reason"}},
    {"watchfire_build_info", "Always 1; the version is in the label", gauge, {"version"}},
}};

std::size_t label_count(const MetricInfo& info) {
  return static_cast<std::size_t>(
      std::count_if(info.labels.begin(), info.labels.end(), [](auto l) { return !l.empty(); }));
}

prometheus::MetricType type_of(MetricKind kind) {
  switch (kind) {
    case counter:
      return prometheus::MetricType::Counter;
    case gauge:
      return prometheus::MetricType::Gauge;
    case distribution:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

prometheus::ClientMetric::Histogram histogram_of(const Distribution& from) {
  prometheus::ClientMetric::Histogram to;
  to.sample_sum = from.sum;
  for (std::size_t i = 0; i < from.counts.size(); ++i) {
    to.sample_count += from.counts[i];
    const bool last = i == from.bounds.size();
    to.bucket.push_back(
        {to.sample_count, last ? std::numeric_limits<double>::infinity() : from.bounds[i]});
  }
  return to;
}

class SnapshotCollectable : public prometheus::Collectable {
 public:
  explicit SnapshotCollectable(const std::function<Snapshot()>& snapshot) : snapshot_(snapshot) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::map<Metric, prometheus::MetricFamily> families;
    const Snapshot snapshot = snapshot_();
    for (const Snapshot::Sample& sample : snapshot.samples()) {
      const MetricInfo& info = info_of(sample.metric);
      auto& family = families[sample.metric];
      family.name = info.name;
      family.help = info.help;
      family.type = type_of(info.kind);
      prometheus::ClientMetric metric;
      for (std::size_t i = 0; i < sample.labels.size(); ++i)
        metric.label.push_back({std::string{info.labels[i]}, sample.labels[i]});
      if (info.kind == counter) metric.counter.value = sample.value;
      if (info.kind == gauge) metric.gauge.value = sample.value;
      if (info.kind == distribution) metric.histogram = histogram_of(*sample.distribution);
      family.metric.push_back(std::move(metric));
    }
    std::vector<prometheus::MetricFamily> all;
    for (auto& [metric, family] : families) all.push_back(std::move(family));
    return all;
  }

 private:
  const std::function<Snapshot()>& snapshot_;
};

}  // namespace

const MetricInfo& info_of(Metric metric) {
  return kMetrics[static_cast<std::size_t>(metric)];
}

void Distribution::add(double value) {
  const auto at = std::lower_bound(bounds.begin(), bounds.end(), value);
  ++counts[static_cast<std::size_t>(at - bounds.begin())];
  sum += value;
}

void Snapshot::set(Metric metric, std::vector<std::string> labels, double value) {
  CHECK(labels.size() == label_count(info_of(metric)) && info_of(metric).kind != distribution);
  samples_.push_back({metric, std::move(labels), value, nullptr});
}

void Snapshot::set(Metric metric, Distribution values) {
  CHECK(info_of(metric).kind == distribution);
  samples_.push_back({metric, {}, 0, std::make_shared<const Distribution>(std::move(values))});
}

std::string exposition(const std::function<Snapshot()>& snapshot) {
  return prometheus::TextSerializer{}.Serialize(SnapshotCollectable{snapshot}.Collect());
}

}  // namespace connectors
