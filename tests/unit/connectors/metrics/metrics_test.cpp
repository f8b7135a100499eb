#include "connectors/metrics/metrics.h"
#include "tests/support/source_directory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace connectors {
namespace {

/// Every metric once, with made-up labels.
Snapshot full() {
  Snapshot snapshot;
  for (int i = 0; i < static_cast<int>(Metric::kCount); ++i) {
    const auto metric = static_cast<Metric>(i);
    const MetricInfo& info = info_of(metric);
    std::vector<std::string> labels;
    for (const std::string_view label : info.labels)
      if (!label.empty()) labels.emplace_back("x");
    if (info.kind == MetricKind::distribution)
      snapshot.set(metric, Distribution{{0.1, 1}});
    else
      snapshot.set(metric, labels, 1);
  }
  return snapshot;
}

std::string read(const std::string& path) {
  std::ifstream in{source_directory("/" + path)};
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

std::set<std::string> names_in(const std::string& text) {
  static const std::regex name{"watchfire_[a-z0-9_]+"};
  std::set<std::string> names;
  for (std::sregex_iterator it{text.begin(), text.end(), name}, end; it != end; ++it)
    names.insert(it->str());
  return names;
}

TEST(MetricsTest, DistributionsAreCumulated) {
  Distribution times{{0.01, 0.1}};
  for (const double seconds : {0.005, 0.01, 0.05, 7.0}) times.add(seconds);
  const std::string text = exposition([&] {
    Snapshot snapshot;
    snapshot.set(Metric::commit_seconds, times);
    return snapshot;
  });
  EXPECT_NE(text.find("watchfire_commit_seconds_bucket{le=\"0.01\"} 2"), std::string::npos) << text;
  EXPECT_NE(text.find("watchfire_commit_seconds_bucket{le=\"0.1\"} 3"), std::string::npos);
  EXPECT_NE(text.find("watchfire_commit_seconds_bucket{le=\"+Inf\"} 4"), std::string::npos);
  EXPECT_NE(text.find("watchfire_commit_seconds_count 4"), std::string::npos);
}

TEST(MetricsTest, NamesFollowPrometheus) {
  for (int i = 0; i < static_cast<int>(Metric::kCount); ++i) {
    const MetricInfo& info = info_of(static_cast<Metric>(i));
    EXPECT_TRUE(info.name.starts_with("watchfire_")) << info.name;
    EXPECT_EQ(info.kind == MetricKind::counter, info.name.ends_with("_total")) << info.name;
    EXPECT_FALSE(info.help.empty()) << info.name;
  }
}

/// What a dashboard or an alert asks for is there to be scraped.
TEST(MetricsTest, DashboardAndAlertsNameOnlyWhatIsExposed) {
  const std::string exposed = exposition(full);
  const std::set<std::string> known = names_in(exposed);
  for (const char* path : {"deploy/grafana/watchfire.json", "deploy/prometheus/alerts.yml"}) {
    const auto used = names_in(read(path));
    EXPECT_GT(used.size(), 5u) << path;
    for (const std::string& name : used) EXPECT_TRUE(known.contains(name)) << path << ": " << name;
  }
}

}  // namespace
}  // namespace connectors
