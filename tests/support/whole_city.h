#pragma once

// The whole city of Shanghai (its topology, rule packs and duty list) on the test driver: signals
// in, outputs as records out. For tests of what runs through see, judge and respond together.

#include <gtest/gtest.h>

#include "operators/city_loop.h"
#include "tests/driver/recorded_city.h"

namespace whole {

using streams::Duration;
using streams::Time;

inline const Time kStart = *streams::parse_time("2026-11-22T08:00:00Z");
inline constexpr const char* kTrapped =
    R"({"floor":3,"speedMps":0.0,"door":"closed","doorZone":false,"occupied":true,"mode":"normal",)"
    R"("faultCode":null,"alarmButton":false,"alarmEnd":false})";
inline constexpr const char* kMoving =
    R"({"floor":3,"speedMps":1.5,"door":"closed","doorZone":false,"occupied":true,"mode":"normal",)"
    R"("faultCode":null,"alarmButton":false,"alarmEnd":false})";

struct Said {
  std::string topic, bytes, id, subject;
  Time time{};
  bool exercise = false;
  bool has(const std::string& text) const { return bytes.find(text) != std::string::npos; }
};

class City {
 public:
  City() : topology_("whole") {
    operators::declare_city(topology_, {"shanghai", connectors::read_raw_slot});
    driver_.emplace(
        topology_, [] { return std::make_unique<connectors::EventDecoder>(); },
        streams::EpochOptions{.city = "shanghai", .doors = city::door_topics(), .partitions = 2});
    driver_->advance_to(kStart - std::chrono::hours{1});
    for (const streams::Version& version : recorded::versions_of("shanghai"))
      driver_->activate(version);
  }

  struct Event {
    Duration at{};
    std::string entity, data = kTrapped;
    Duration ahead{};  // of its own clock
    bool exercise = false;
  };
  void telemetry(const Event& event) {
    put("elevator.telemetry", "city.elevator.telemetry.v1", event);
  }
  void complaint(const Event& event) {
    put("hotline.complaints", "city.complaint.filed.v1", event);
  }
  void permit(const Event& event) { put("permit.changes", "city.permit.changed.v1", event); }
  void feedback(const Event& event) { put("field.feedback", "city.field.feedback.v1", event); }
  void register_elevator(const std::string& entity) {
    put("permit.changes", "city.permit.changed.v1",
        {-std::chrono::minutes{30}, entity,
         R"({"record":"registration","action":"registered","useUnit":"yuyuan",)"
         R"("maintenanceUnit":"unit/fast-lift","district":"310105"})"});
  }
  void activate(const streams::Version& version) { driver_->activate(version); }
  /// A whole event, as a door takes it.
  void send(const std::string& door, const std::string& entity, Duration at, std::string bytes) {
    driver_->send(door, entity, kStart + at, std::move(bytes));
  }

  /// What came out since the last call.
  std::vector<Said> run_to(Duration at) {
    driver_->advance_to(kStart + at);
    std::vector<Said> all;
    for (const std::string topic :
         {"warnings", "dispatch.orders", "complaints", "notices", "rejected", "dead.letters"})
      for (std::string& bytes : driver_->read(topic)) {
        bytes.reserve(bytes.size() + streams::Decoder::kPadding);
        streams::Event event;
        EXPECT_FALSE(decoder_.decode(bytes, event)) << bytes;
        all.push_back({topic, bytes, std::string{event.id}, std::string{event.subject}, event.time,
                       event.exercise});
      }
    return all;
  }
  std::uint64_t clamped() const {
    std::uint64_t count = 0;
    for (const auto& task : driver_->tasks()) count += task->counts().clamped;
    return count;
  }

 private:
  void put(const std::string& door, const std::string& type, const Event& event) {
    const Time now = kStart + event.at;
    const std::string id = "e" + std::to_string(++sent_);
    driver_->send(door, event.entity, now,
                  R"({"specversion":"1.0","id":")" + id + R"(","source":"/test","type":")" + type +
                      R"(","subject":")" + event.entity + R"(","time":")" +
                      streams::format_time(now + event.ahead) + "\"" +
                      (event.exercise ? R"(,"exercise":true)" : "") + R"(,"data":)" + event.data +
                      "}");
  }

  streams::Topology topology_;
  std::optional<streams::TestDriver> driver_;
  connectors::EventDecoder decoder_;
  int sent_ = 0;
};

}  // namespace whole
