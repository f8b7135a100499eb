#pragma once

// Detecting: the rules alone, on real events and virtual time: once and detect over two partitions,
// every conclusion a line such as "fired stuck +1m P1 2": what, rule, time, its own priority,
// pieces of evidence.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/json/event_decoder.h"
#include "operators/see/detect.h"
#include "operators/see/once.h"
#include "streams/test_driver.h"
#include "tests/support/signals.h"

namespace signals {

struct ConclusionLine {
  static constexpr std::string_view kType = "test.line.v1";
  std::string id = "line";
  int revision = 1;
  static constexpr auto fields() { return std::tuple{streams::field("id", &ConclusionLine::id)}; }
};

class WriteConclusions : public streams::Operator<ConclusionLine(city::Conclusion)> {
 public:
  explicit WriteConclusions(std::vector<city::Conclusion>* all, std::vector<std::string>* lines)
      : all_(all), lines_(lines) {}
  void process(const streams::Record<city::Conclusion>& in,
               streams::Emit<ConclusionLine>&) override {
    std::string line{streams::name_of(in.value.what)};
    line += " " + in.value.rule + " +" + streams::format_duration(in.time() - kStart);
    if (in.value.priority) line += " " + std::string{streams::name_of(*in.value.priority)};
    line += " " + std::to_string(in.value.evidence.size());
    EXPECT_FALSE(in.value.reasons.empty());
    lines_->push_back(line);
    all_->push_back(in.value);
  }

 private:
  std::vector<city::Conclusion>* all_;
  std::vector<std::string>* lines_;
};

class Detecting {
 public:
  using Lines = std::vector<std::string>;

  explicit Detecting(const streams::Schedule& schedule = streams::Schedule::steady()) {
    std::vector<std::string> types;
    for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
    const auto fresh = topology_.apply<see::Once>("once", topology_.events(types));
    topology_.apply<WriteConclusions>(
        "write",
        topology_.apply<see::Detect>("detect", with(fresh, topology_.versions()),
                                     see::DetectOptions{}),
        &conclusions_, &lines_);
    driver_ = std::make_unique<streams::TestDriver>(
        topology_, [] { return std::make_unique<connectors::EventDecoder>(); },
        streams::EpochOptions{
            .city = "t", .doors = city::door_topics(), .partitions = 2, .memory_bytes = 0},
        schedule);
  }

  void activate(const std::string& text, const std::string& name = "test") {
    driver_->activate({"rules/" + name, "h" + std::to_string(++versions_), text});
  }
  /// An event of `at` that comes `delay` later.
  void send(const std::string& door, streams::Duration at, const std::string& data,
            streams::Duration delay = {}, const std::string& id = "",
            const std::string& subject = "elevator/1") {
    std::string type;
    for (const city::Door& one : city::kDoors)
      if (one.topic == door) type = one.type;
    driver_->send(door, subject, kStart + at + delay,
                  event(type, subject, id.empty() ? "e" + std::to_string(++count_) : id,
                        kStart + at, data));
  }
  Lines after(streams::Duration at) {
    driver_->advance_to(kStart + at);
    return std::exchange(lines_, {});
  }
  /// Of all tasks, by "<counter> <of what>".
  std::map<std::string, std::uint64_t> counted() const {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& task : driver_->tasks())
      for (const auto& counter : task->graph().counters_by())
        for (const auto& [of, value] : *counter.values) counts[counter.name + " " + of] += value;
    return counts;
  }
  const std::vector<city::Conclusion>& conclusions() const { return conclusions_; }
  streams::TestDriver& driver() { return *driver_; }

 private:
  std::vector<city::Conclusion> conclusions_;
  Lines lines_;
  streams::Topology topology_{"t"};
  std::unique_ptr<streams::TestDriver> driver_;
  int count_ = 0, versions_ = 0;
};

}  // namespace signals
