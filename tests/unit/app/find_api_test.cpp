#include "app/find_api.h"

#include <gtest/gtest.h>

#include "app/sought.h"
#include "streams/memory.h"
#include "tests/unit/app/city_records.h"
#include "tests/unit/connectors/http/client.h"

namespace app {
namespace {

TEST(Sought, IsAWholeValueOrTheIdBehindItsKind) {
  const Sought sought{"w-1"};
  EXPECT_TRUE(sought.in(R"({"id":"w-1"})"));
  EXPECT_TRUE(sought.in(R"({"id":"w-12","of":["a","warning/w-1"]})"));
  EXPECT_FALSE(sought.in(R"({"id":"w-12"})"));
  EXPECT_FALSE(sought.in(R"({"id":"xw-1"})"));
  EXPECT_TRUE(Sought{R"(a"b)"}.in(R"({"text":"a\"b"})"));
}

class FindApiTest : public testing::Test {
 protected:
  FindApiTest() {
    find_.add_routes(server_);
    EXPECT_TRUE(server_.start({.port = 0}).ok());
  }
  ~FindApiTest() override { find_.stop(); }
  std::string ask(const std::string& path) { return test::get(server_.port(), path).body; }
  /// Where a test's log begins and ends.
  streams::Result<TracePorts::Extent> extent(const streams::Partition& partition) {
    TracePorts::Extent found;
    while (true) {
      const auto batch = log_.fetch(partition, found.end, 1 << 20);
      if (!batch) return batch.error();
      if (batch->records.empty()) return found;
      found.end = batch->records.back().offset + 1;
    }
  }
  void arrive(const std::string& id, const std::string& time = "2026-11-22T08:00:00Z") {
    records_.append("camera.alerts",
                    R"({"specversion":"1.0","id":")" + id +
                        R"(","source":"/cam","type":"city.camera.alert.v1","subject":"shop/1",)"
                        R"("time":")" +
                        time + R"(","data":{"label":"no_hat","confidence":0.5}})",
                    1);
  }

  streams::MemoryLog log_;
  test::Records records_{log_};
  Board board_{log_, {.partitions = 2, .run = "run"}};
  connectors::Server server_{std::nullopt};
  FindApi find_{{board_,
                 {log_, [this](const streams::Partition& place) { return extent(place); }},
                 [] {
                   return std::vector<streams::Version>{{"rules/k", "1", R"(
pack: k
rules:
  - rule: kitchen.no_hat
    title: {zh: 未戴帽, en: No hat}
    on: camera.alerts
    when: data.label == 'no_hat' && data.confidence >= 0.8
)"}};
                 }},
                {.partitions = 2, .output_partitions = 2}};
};

TEST_F(FindApiTest, TheBoardGivesWhatHasTheTextInIt) {
  auto warning = records_.warning("w-1", city::Priority::P2);
  warning.evidence.push_back({"e-9", "/cam", "camera.alerts", test::at(0), true, {"{}"}});
  records_.publish(warning);
  auto other = records_.warning("w-12", city::Priority::P2);
  other.entity = "elevator/2";
  records_.publish(other);
  ASSERT_TRUE(board_.poll().ok());
  for (const char* text : {"w-1", "e-9"}) {
    const std::string found = ask("/api/find?text=" + std::string{text});
    EXPECT_NE(found.find(R"("id":"w-1")"), std::string::npos) << found;
    EXPECT_EQ(found.find(R"("id":"w-12")"), std::string::npos) << found;
  }
  const std::string none = ask("/api/find?text=nothing");
  EXPECT_NE(none.find(R"("placesFound":0,"places":[],"warnings":[],"orders":[])"),
            std::string::npos)
      << none;
  EXPECT_EQ(test::get(server_.port(), "/api/find?text=x").status, 400);
}

TEST_F(FindApiTest, APlaceIsFoundByPartOfItsAddressWithWhatStandsThere) {
  records_.append("entity.status",
                  R"({"specversion":"1.0","id":"elevator/1.1","source":"/w","type":"s","subject":)"
                  R"("elevator/1","time":"2026-11-22T08:00:00Z","data":{"registration":)"
                  R"({"address":"长宁区仙霞路88弄","rescueCode":"100201"}}})");
  auto warning = records_.warning("w-1", city::Priority::P2);
  records_.publish(warning);
  ASSERT_TRUE(board_.poll().ok());
  const std::string found = ask("/api/find?text=100201");
  EXPECT_NE(found.find(R"("places":[{"entity":"elevator/1")"), std::string::npos) << found;
  EXPECT_NE(found.find(R"("id":"w-1")"), std::string::npos) << "what stands there comes with it";
  EXPECT_NE(ask("/api/find?text=%E4%BB%99%E9%9C%9E%E8%B7%AF").find("elevator/1"),
            std::string::npos);
}

TEST_F(FindApiTest, AnEventThatLeftNoTraceSaysWhatLookedAtIt) {
  arrive("e-1");
  arrive("e-1");
  arrive("e-2");
  const std::string found = ask("/api/trace?event=e-1");
  EXPECT_EQ(test::count_of(found, R"("id":"e-1")"), 2u) << "it came twice: " << found;
  EXPECT_NE(found.find(R"("same":[{"topic":"camera.alerts")"), std::string::npos) << found;
  EXPECT_NE(found.find(R"("traces":[])"), std::string::npos) << found;
  EXPECT_NE(found.find("does not hold: data.confidence >= 0.8"), std::string::npos) << found;
  EXPECT_NE(found.find(R"("complete":true)"), std::string::npos) << found;
}

TEST_F(FindApiTest, WhatNamesAnEventIsItsTraceTheNewestOfEach) {
  arrive("e-1");
  auto warning = records_.warning("w-1", city::Priority::P2, test::at(1));
  warning.evidence.push_back({"e-1", "/cam", "camera.alerts", test::at(0), true, {"{}"}});
  records_.publish(warning);
  records_.publish(warning, "f-1");
  const std::string found = ask("/api/trace?event=e-1");
  EXPECT_EQ(test::count_of(found, R"("topic":"warnings")"), 1u) << found;
  EXPECT_NE(found.find(R"("revision":2)"), std::string::npos) << found;
  const std::string none = ask("/api/trace?event=e-3");
  EXPECT_NE(none.find(R"("came":[],"same":[],"traces":[])"), std::string::npos) << none;
}

}  // namespace
}  // namespace app
