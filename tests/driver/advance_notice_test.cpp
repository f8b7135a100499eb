// Advance notice: what the doors say of an event and what the engine then says of the same event
// must be one warning: the same id for each P1 that one event decides, and for nothing else.

#include "operators/advance_notice.h"

#include <set>

#include "connectors/json/raw_slots.h"
#include "tests/support/whole_city.h"

namespace {

using namespace std::chrono_literals;
using streams::Duration;

constexpr const char* kAlarm =
    R"({"floor":3,"speedMps":0.0,"door":"closed","doorZone":true,"occupied":true,"mode":"normal",)"
    R"("faultCode":null,"alarmButton":true,"alarmEnd":false})";
constexpr const char* kEmpty =
    R"({"floor":3,"speedMps":0.0,"door":"closed","doorZone":true,"occupied":false,)"
    R"("mode":"normal","faultCode":null,"alarmButton":false,"alarmEnd":false})";
constexpr const char* kCall =
    R"({"channel":"12345","kind":"help","about":"elevator/7","text":"电梯困人，求助"})";
constexpr const char* kBike = R"({"device":"cam-1","label":"e_bike","confidence":0.93})";

/// A city whose doors tell ahead, beside the engine that decides.
class Doors {
 public:
  Doors() { decoder_.extract(ahead_.fields()); }

  std::vector<std::string> send(Duration at, const std::string& topic, const std::string& entity,
                                const std::string& data) {
    std::string bytes = event(at, topic, entity, data);
    city_.send(topic, entity, at, bytes);
    return told(at, std::move(bytes));
  }
  std::vector<std::string> told(Duration at, std::string bytes) {
    bytes.reserve(bytes.size() + streams::Decoder::kPadding);
    streams::Event event;
    EXPECT_FALSE(decoder_.decode(bytes, event)) << bytes;
    event.recorded = whole::kStart + at;
    std::vector<std::string> ids;
    for (const streams::Append& notice : ahead_.of(event)) {
      EXPECT_EQ(notice.to.topic, "warnings.urgent");
      EXPECT_NE(notice.bytes.find(R"("revision":0)"), std::string::npos) << notice.bytes;
      EXPECT_NE(notice.bytes.find(R"("priority":"P1")"), std::string::npos) << notice.bytes;
      EXPECT_EQ(notice.bytes.find("困人，求助"), std::string::npos) << "a caller's own words";
      ids.push_back(id_of(notice.bytes));
    }
    return ids;
  }
  /// Ids of the P1 warnings that the engine raised.
  std::set<std::string> raised(Duration until) {
    std::set<std::string> ids;
    for (const whole::Said& said : city_.run_to(until))
      if (said.topic == "warnings" && said.id.ends_with(".1") && said.has(R"("priority":"P1")"))
        ids.insert(id_of(said.bytes));
    return ids;
  }
  whole::City& city() { return city_; }

 private:
  static std::string id_of(const std::string& bytes) {
    const std::size_t at = bytes.find(R"("data":{"id":")") + 14;
    return bytes.substr(at, bytes.find('"', at) - at);
  }
  std::string event(Duration at, const std::string& topic, const std::string& entity,
                    const std::string& data) {
    std::string type;
    for (const city::Door& door : city::kDoors)
      if (door.topic == topic) type = door.type;
    return R"({"specversion":"1.0","id":"d)" + std::to_string(++number_) +
           R"(","source":"/test","type":")" + type + R"(","subject":")" + entity + R"(","time":")" +
           streams::format_time(whole::kStart + at) + R"(","data":)" + data + "}";
  }

  operators::AdvanceNotice ahead_{"shanghai", recorded::packs_of("shanghai"),
                                  connectors::read_raw_slot};
  connectors::EventDecoder decoder_;
  whole::City city_;
  int number_ = 0;
};

TEST(AdvanceNotice, HasTheIdOfTheWarningThatFollows) {
  Doors doors;
  const auto button = doors.send(0s, "elevator.telemetry", "elevator/1", kAlarm);
  const auto call = doors.send(1s, "hotline.complaints", "complaint/9", kCall);
  ASSERT_EQ(button.size(), 1u);
  ASSERT_EQ(call.size(), 1u);
  EXPECT_EQ(doors.raised(10s), (std::set{button[0], call[0]}));
}

TEST(AdvanceNotice, IsSilentWhereOneEventDoesNotDecideOrNoLifeIsAtRisk) {
  Doors doors;
  EXPECT_TRUE(doors.send(0s, "elevator.telemetry", "elevator/1", whole::kTrapped).empty());
  EXPECT_TRUE(doors.send(1s, "camera.alerts", "elevator/2", kBike).empty());
  EXPECT_TRUE(doors.send(2s, "elevator.telemetry", "elevator/3", whole::kMoving).empty());
  EXPECT_EQ(doors.raised(2min).size(), 1u);  // trapped, after a minute: the engine's alone
}

TEST(AdvanceNotice, TellsOfAnEpisodeOnce) {
  Doors doors;
  EXPECT_EQ(doors.send(0s, "elevator.telemetry", "elevator/1", kAlarm).size(), 1u);
  EXPECT_TRUE(doors.send(5s, "elevator.telemetry", "elevator/1", kAlarm).empty());
  EXPECT_EQ(doors.send(6s, "elevator.telemetry", "elevator/2", kAlarm).size(), 1u);
  EXPECT_TRUE(doors.send(9s, "elevator.telemetry", "elevator/1", kEmpty).empty());
  EXPECT_EQ(doors.send(20s, "elevator.telemetry", "elevator/1", kAlarm).size(), 1u) << "cleared";
  EXPECT_EQ(doors.raised(1min).size(), 2u) << "the warning of the first stands";
}

TEST(AdvanceNotice, IsNotForASignalThatCameTooLate) {
  Doors doors;
  std::string late = R"({"specversion":"1.0","id":"l","source":"/test","type":)"
                     R"("city.elevator.telemetry.v1","subject":"elevator/1","time":")" +
                     streams::format_time(whole::kStart) + R"(","data":)" + kAlarm + "}";
  EXPECT_TRUE(doors.told(6min, late).empty());
  EXPECT_EQ(doors.told(1s, late).size(), 1u);
  std::string call = R"({"specversion":"1.0","id":"c","source":"/test","type":)"
                     R"("city.complaint.filed.v1","subject":"complaint/9","time":")" +
                     streams::format_time(whole::kStart) + R"(","data":)" + kCall + "}";
  EXPECT_EQ(doors.told(6min, call).size(), 1u) << "a person is heard whenever";
}

}  // namespace
