#include "app/retention.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cstdio>

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
  const auto wrong = [&](const std::string& what) {
    return Error{Error::Kind::usage, file + ": " + what};
  };
  Retention retention;
  try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsMap() && !root.IsNull()) return wrong("lines of `topic: duration` are expected");
    for (const auto& line : root) {
      const auto topic = line.first.as<std::string>();
      const auto kept = streams::parse_duration(line.second.as<std::string>());
      if (!retention.kept_.contains(topic))
        return wrong("no records of '" + topic + "' are dropped by age; topics are " +
                     retention.names());
      if (!kept || *kept <= Duration{0})
        return wrong("'" + topic + "' needs a duration such as 3d or 12h");
      retention.kept_[topic] = *kept;
    }
  } catch (const YAML::Exception& e) {  // yaml-cpp reports this way only
    return wrong(e.what());
  }
  for (const char* topic : kWithText)
    if (retention.kept_[topic] > retention.kept_[kComplaints])
      return wrong("'" + std::string{topic} + "' holds text of complaints and may not be kept " +
                   "longer than '" + kComplaints + "'");
  return retention;
}

std::string Retention::names() const {
  std::string names;
  for (const auto& [topic, kept] : kept_) names += (names.empty() ? "" : ", ") + topic;
  return names;
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
