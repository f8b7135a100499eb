#pragma once

// Metrics: what /metrics shows. Each metric stands once in kMetrics, with its name, help, type and
// labels; a Snapshot is filled by the app's wiring at every scrape from the counters that engine,
// doors, board and server keep anyway, so nothing here is touched on a hot path. The board's page
// is unaffected by it. Any thread.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace connectors {

enum class Metric {
  events_received,
  events_rejected,
  queue_full,
  requests_shed,
  shed_events,
  backlog,
  records,
  operator_records,
  letters,
  late_events,
  clamped_events,
  evaluation_errors,
  lag_seconds,
  lag_records,
  clock,
  clock_departed,
  clock_stands,
  commits,
  commit_seconds,
  commit_bytes,
  state_bytes,
  resident_bytes,
  entities,
  set_aside,
  restores_failed,
  warnings,
  warnings_open,
  warnings_shelved,
  flood,
  orders,
  orders_open,
  orders_overdue,
  feedback_rejected,
  dead_letters,
  source_silent,
  source_last_seen,
  board_lag_records,
  board_hidden,
  board_dropped,
  http_requests,
  http_connections,
  http_streams,
  http_streams_dropped,
  http_refused,
  build,
  kCount,
};

enum class MetricKind { counter, gauge, distribution };

struct MetricInfo {
  std::string_view name;
  std::string_view help;
  MetricKind kind;
  std::array<std::string_view, 2> labels;  // empty where fewer
};

const MetricInfo& info_of(Metric metric);

/// Counts by upper bound, not cumulated; the last of `counts` is what lies above every bound.
struct Distribution {
  std::vector<double> bounds;
  std::vector<std::uint64_t> counts;
  double sum = 0;

  explicit Distribution(std::vector<double> upper_bounds)
      : bounds(std::move(upper_bounds)), counts(bounds.size() + 1) {}
  void add(double value);
};

class Snapshot {
 public:
  struct Sample {
    Metric metric;
    std::vector<std::string> labels;  // values, in the order of MetricInfo::labels
    double value = 0;
    std::shared_ptr<const Distribution> distribution;
  };

  /// A broken invariant: other than as many labels as the metric has.
  void set(Metric metric, double value) { set(metric, {}, value); }
  void set(Metric metric, std::vector<std::string> labels, double value);
  void set(Metric metric, Distribution distribution);
  const std::vector<Sample>& samples() const { return samples_; }

 private:
  std::vector<Sample> samples_;
};

/// In Prometheus' text format. Metrics without a sample are left out.
std::string exposition(const std::function<Snapshot()>& snapshot);

inline constexpr std::string_view kExpositionType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace connectors
