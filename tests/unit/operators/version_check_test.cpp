// A version record that can't be read is a dead letter with its reason, and what was in force stays
// in force: also where somebody writes it beside the commands, which ask the same readers before.

#include "operators/version_check.h"

#include <gtest/gtest.h>

#include "connectors/json/event_decoder.h"
#include "connectors/json/raw_slots.h"
#include "operators/city/topics.h"
#include "operators/city_loop.h"
#include "streams/test_driver.h"

namespace {

using operators::unreadable;
using namespace std::chrono_literals;

constexpr const char* kPack =
    "pack: p\nrules:\n  - rule: p.r\n    on: elevator.telemetry\n    when: data.occupied\n";

TEST(VersionCheck, NamesAllThatIsWrong) {
  EXPECT_EQ(unreadable({"rules/p", "1", kPack}), std::nullopt);
  EXPECT_EQ(unreadable({"rules/p", "", ""}), std::nullopt) << "taken back";
  EXPECT_EQ(unreadable({"trust:device/1", "1", "distrusted"}), std::nullopt);
  EXPECT_NE(unreadable({"rules/q", "1", kPack}), std::nullopt) << "under another name";
  EXPECT_EQ(unreadable({"rules/p", "1", "pack: p\npack: p\n"}),
            "rules/p:2:1: 'pack' stands at line 1 already; expected each key once");
  for (const char* list : {"duty", "calendar", "hotline", "law", "parents", "gazetteer"})
    EXPECT_NE(unreadable({list, "1", "- a\n"}).value_or("").find(list + std::string{":1:1: "}),
              std::string::npos)
        << list;
}

TEST(VersionCheck, AWrongOneIsADeadLetterAndChangesNothing) {
  streams::Topology topology{"city"};
  operators::declare_city(topology, {"test", connectors::read_raw_slot});
  const streams::Time start = *streams::parse_time("2026-11-22T08:00:00Z");
  streams::TestDriver driver{topology,
                             [] { return std::make_unique<connectors::EventDecoder>(); },
                             {.city = "test", .doors = city::door_topics(), .partitions = 1}};
  driver.advance_to(start);
  driver.activate({"rules/p", "1", kPack});
  driver.activate({"rules/p", "2", std::string{kPack} + "    silence: True\n"});
  driver.send("elevator.telemetry", "elevator/1", start + 1s,
              R"({"specversion":"1.0","id":"e1","source":"/t","type":"city.elevator.telemetry.v1",)"
              R"("subject":"elevator/1","time":"2026-11-22T08:00:01Z","data":{"occupied":true}})");
  driver.advance_to(start + 10s);
  const std::vector<std::string> dead = driver.read("dead.letters");
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_NE(dead.front().find("rules/p:6:14: 'silence' of a rule: expected"), std::string::npos)
      << dead.front();
  const std::vector<std::string> warnings = driver.read("warnings");
  ASSERT_FALSE(warnings.empty()) << "the one before is in force";
  EXPECT_NE(warnings.front().find("p@"), std::string::npos);
}

}  // namespace
