#include "app/city_versions.h"

#include "app/versions.h"
#include "connectors/json/event_decoder.h"
#include "streams/graph.h"

namespace app {

namespace kafka = connectors::kafka;
using streams::Result;
using streams::Version;

namespace {

constexpr std::size_t kBytes = 4 << 20;  // at a time

}  // namespace

kafka::TopicPlan CityVersions::plan() {
  return {std::string{kTopic}, 1, {{"cleanup.policy", "compact"}}};
}

CityVersions::CityVersions(std::unique_ptr<kafka::KafkaReader> reader,
                           std::unique_ptr<kafka::Appender> appender, int tasks)
    : reader_(std::move(reader)),
      appender_(std::move(appender)),
      tasks_(tasks),
      decoder_(std::make_unique<connectors::EventDecoder>()) {}

Result<std::unique_ptr<CityVersions>> CityVersions::open(const kafka::Connection& connection) {
  const Result<int> tasks = kafka::partitions_of(connection, streams::kCityEvents);
  if (!tasks) return tasks.error();
  const Result<int> there = kafka::partitions_of(connection, std::string{kTopic});
  if (!there) return there.error();
  Result<std::unique_ptr<kafka::KafkaReader>> reader =
      kafka::KafkaReader::open(connection, kafka::KafkaReader::End::asked);
  if (!reader) return reader.error();
  Result<std::unique_ptr<kafka::Appender>> appender =
      kafka::Appender::open(connection, {.partitions = {{streams::kCityEvents, *tasks}}});
  if (!appender) return appender.error();
  std::unique_ptr<CityVersions> versions{
      new CityVersions{std::move(*reader), std::move(*appender), *tasks}};
  if (Result<bool> read = versions->refresh(); !read) return read.error();
  return versions;
}

Result<bool> CityVersions::refresh() {
  bool changed = false;
  while (true) {
    Result<streams::Batch> batch = reader_->fetch({std::string{kTopic}, 0}, next_, kBytes);
    if (!batch) return batch.error();
    if (batch->records.empty()) return changed;
    for (const streams::LogRecord& record : batch->records)
      changed = take_version(*decoder_, record.bytes, active_) || changed;
    next_ = batch->records.back().offset + 1;
  }
}

Result<void> CityVersions::activate(const std::vector<Version>& versions, streams::Time now) {
  std::vector<streams::Append> to_tasks, to_topic;
  for (const Version& version : versions) {
    const std::string bytes = streams::version_event(version, now);
    const std::string key = "version/" + version.name;
    for (int task = 0; task < tasks_; ++task)
      to_tasks.push_back({{streams::kCityEvents, task}, now, bytes, key});
    to_topic.push_back({{std::string{kTopic}, 0}, now, bytes, key});
  }
  if (Result<void> sent = appender_->append(std::move(to_tasks)); !sent) return sent;
  return appender_->append(std::move(to_topic));
}

}  // namespace app
