#include "app/retention.h"

#include <fmt/format.h>

#include <cstdio>

#include "operators/yaml/document.h"
#include "operators/yaml/mapping.h"

namespace app {

using streams::Duration;
using streams::Error;
using streams::Result;
using streams::Time;

namespace {

constexpr std::chrono::days kCourts{400};  // a warning's evidence is in the warning: over a year

constexpr std::chrono::days kMatters{800};  // longer than what the law list counts back
const std::string kComplaints = "hotline.complaints";
/// What passes complaints on, or keeps their bytes.
constexpr const char* kWithText[] = {"city.events", "dead.letters"};

}  // namespace

Retention::Retention()
    : kept_{{"elevator.telemetry", std::chrono::days{3}},
            {"camera.alerts", std::chrono::days{7}},
            {kComplaints, std::chrono::days{30}},
            {"city.events", std::chrono::days{3}},
            {"dead.letters", std::chrono::days{30}},
            {"permit.changes", kCourts},
            {"field.feedback", kCourts},
            {"warnings", kCourts},
            {"dispatch.orders", kCourts},
            {"notices", kCourts},
            {"rejected", kCourts},
            {"complaints", kCourts},
            {"matters", kMatters}} {}

Result<Retention> Retention::read(const std::string& text, const std::string& file) {
  Retention retention;
  yaml::Problems problems{file};
  const yaml::Document document = yaml::Document::read(text, problems);
  if (document.root() != nullptr) {
    yaml::Mapping map{*document.root(), "the retention of topics", problems};
    for (auto& [topic, kept] : retention.kept_) kept = map.time(topic).value_or(kept);
    for (const char* topic : kWithText)
      if (retention.kept_[topic] > retention.kept_[kComplaints])
        problems.add(map.place_of(topic), "'" + std::string{topic} +
                                              "' holds text of complaints and may not be kept "
                                              "longer than '" +
                                              kComplaints + "'");
  }
  if (problems.all.empty()) return retention;
  return yaml::refusal(std::move(problems.all));
}

Result<void> Retention::trim(state::EmbeddedLog& log, Time now) const {
  for (const auto& topic : log.topics()) {
    const auto kept = kept_.find(topic.name);
    if (topic.latest_only || kept == kept_.end()) continue;
    for (const auto& partition : topic.partitions)
      if (Result<void> trimmed = log.trim({topic.name, partition.number}, now - kept->second);
          !trimmed)
        return trimmed;
  }
  return {};
}

Trimmer::Trimmer(Retention retention, state::EmbeddedLog& log, std::function<streams::Time()> clock)
    : retention_(std::move(retention)),
      log_(log),
      clock_(std::move(clock)),
      thread_([this] { work(); }) {}

Trimmer::~Trimmer() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Trimmer::work() {
  std::unique_lock lock{mutex_};
  while (!stop_) {
    lock.unlock();
    if (Result<void> trimmed = retention_.trim(log_, clock_()); !trimmed)
      fmt::print(stderr, "watchfire: old records were not dropped: {}\n", trimmed.error().what);
    lock.lock();
    changed_.wait_for(lock, kTrimInterval, [this] { return stop_; });
  }
}

}  // namespace app
