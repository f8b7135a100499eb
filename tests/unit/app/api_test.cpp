#include "app/api.h"

#include <gtest/gtest.h>

#include "connectors/json/event_decoder.h"
#include "streams/memory.h"
#include "tests/unit/app/city_records.h"
#include "tests/unit/connectors/http/client.h"

namespace app {
namespace {

using connectors::EventDecoder;

class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    api_.add_routes(server_);
    EXPECT_TRUE(server_.start({.port = 0}).ok());
  }
  test::Answer act(const std::string& body, const test::Headers& headers = {{"X-Seat", "seat/3"}}) {
    return test::post(server_.port(), "/api/actions", "application/json", body, headers);
  }
  std::vector<std::string> feedback() {
    std::vector<std::string> found;
    for (int partition = 0; partition < 2; ++partition) {
      const auto batch = log_.fetch({"field.feedback", partition}, 0, 1 << 20);
      for (const auto& record : (*batch).records) found.emplace_back(record.bytes);
    }
    return found;
  }

  streams::MemoryLog log_;
  test::Records records_{log_};
  Board board_{log_, {.partitions = 2, .run = "run"}};
  connectors::GroupCommit commits_{[this](std::vector<streams::Append> records) {
    return log_.append(std::move(records), true);
  }};
  connectors::Door door_{
      std::make_unique<EventDecoder>(), commits_, {2, [] { return test::at(100); }}};
  connectors::Server server_{std::nullopt};
  Api api_{
      {board_, door_, commits_, [] { return test::at(100); },
       [] {
         Health health;
         health.city = "测试";
         health.clock = test::at(100);
         health.sources = {{"camera.alerts", test::at(1), true}, {"permit.changes", {}, false}};
         return health;
       },
       [this] {
         connectors::Snapshot snapshot;
         Api::add_metrics(board_.counters(test::at(100)), door_.counters(), server_.counters(),
                          snapshot);
         return snapshot;
       }},
      {.city = "sh",
       .partitions = 2,
       .life_items = {"elevator.rescue"},
       .seats = {"seat/1", "seat/3"},
       .names = {{"unit/119", {"消防", "fire"}}},
       .poll_interval = std::chrono::milliseconds{1}}};
};

TEST_F(ApiTest, BoardAndHealthAreJson) {
  auto warning = records_.warning("w-1", city::Priority::P1);
  records_.publish(warning);
  ASSERT_TRUE(board_.poll().ok());
  const std::string body = test::get(server_.port(), "/api/board").body;
  connectors::SimdJsonReader reader{body};
  std::vector<std::string> names;
  EXPECT_TRUE(reader.object([&](std::string_view name, streams::JsonReader&) {
    names.emplace_back(name);
    return true;
  }));
  EXPECT_EQ(names, (std::vector<std::string>{"id", "warnings", "orders", "complaints", "matters",
                                             "closedWarnings", "closedOrders", "closedComplaints",
                                             "closedMatters", "entities", "counts", "health"}));
  const std::string health = test::get(server_.port(), "/api/health").body;
  EXPECT_NE(
      health.find(R"("name":"camera.alerts","lastSeen":"2026-11-22T00:00:01.000Z","silent":true)"),
      std::string::npos)
      << health;
  EXPECT_EQ(test::get(server_.port(), "/api/entities/elevator").status, 404);
  EXPECT_EQ(test::get(server_.port(), "/api/entities/elevator/1").status, 200);
  EXPECT_NE(
      test::get(server_.port(), "/metrics").body.find("watchfire_warnings_open{priority=\"P1\"} 1"),
      std::string::npos);
}

TEST_F(ApiTest, StepsAreTheEnginesTableWithTheItemsThatAreForLife) {
  const std::string body = test::get(server_.port(), "/api/steps").body;
  EXPECT_EQ(body.find(R"({"steps":[{"step":"confirm","of":"warning")"), 0u) << body;
  EXPECT_NE(body.find(R"("findings":["confirmed","violation")"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("lifeItems":["elevator.rescue"],"seats":["seat/1","seat/3"],)"
                      R"("names":{"unit/119":{"zh":"消防","en":"fire"}}})"),
            std::string::npos)
      << body;
  EXPECT_EQ(test::get(server_.port(), "/api/warnings/w-1").status, 404);
}

TEST_F(ApiTest, ActionBecomesFeedbackOfTheSeatAtTheCitysTime) {
  const auto answer = act(R"({"subject":"elevator/1","step":"claim","warning":"w-1"})");
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_NE(answer.body.find(R"("position":{"topic":"field.feedback")"), std::string::npos);
  const auto kept = feedback();
  ASSERT_EQ(kept.size(), 1u);
  EventDecoder decoder;
  streams::Event event;
  const std::string padded = kept[0] + std::string(streams::Decoder::kPadding, ' ');
  ASSERT_FALSE(decoder.decode({padded.data(), kept[0].size()}, event).has_value());
  EXPECT_EQ(event.type, "city.field.feedback.v1");
  EXPECT_EQ(event.subject, "elevator/1");
  EXPECT_EQ(event.time, test::at(100));
  EXPECT_EQ(event.data, R"({"by":"seat/3","step":"claim","warning":"w-1"})");
  EXPECT_NE(answer.body.find(event.id), std::string::npos);
}

TEST_F(ApiTest, AnActionInADrillIsMarked) {
  EXPECT_EQ(
      act(R"({"subject":"elevator/1","step":"claim","warning":"w-1","exercise":true})").status,
      202);
  EXPECT_EQ(act(R"({"subject":"elevator/1","step":"claim","warning":"w-1","exercise":1})").status,
            400);
  const auto kept = feedback();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_NE(kept[0].find(R"("exercise":true,"datacontenttype")"), std::string::npos) << kept[0];
  EXPECT_NE(kept[0].find(R"("data":{"by":"seat/3","step":"claim","warning":"w-1"})"),
            std::string::npos)
      << kept[0];
}

TEST_F(ApiTest, ActionWithoutSeatTargetOrStepIsRefused) {
  const std::string good = R"({"subject":"elevator/1","step":"claim","warning":"w-1"})";
  EXPECT_EQ(act(good, {}).status, 400);
  EXPECT_EQ(act(good, {{"X-Seat", "three"}}).status, 400);
  EXPECT_EQ(act(R"({"subject":"elevator/1","step":"claim"})").status, 400);
  EXPECT_EQ(act(R"({"subject":"elevator/1","step":"claim","warning":"w","order":"o"})").status,
            400);
  EXPECT_EQ(act(R"({"subject":"elevator","step":"claim","warning":"w"})").status, 400);
  EXPECT_EQ(act(R"({"subject":"elevator/1","warning":"w"})").status, 400);
  EXPECT_EQ(act(R"({"subject":"elevator/1","by":"seat/4","step":"claim","warning":"w"})").status,
            400);
  EXPECT_EQ(act("nonsense").status, 400);
  EXPECT_EQ(test::post(server_.port(), "/api/actions", "text/plain", good).status, 415);
  EXPECT_TRUE(feedback().empty());
  EXPECT_EQ(act(R"({"subject":"elevator/1","by":"officer/SH-1","step":"arrived","order":"o"})", {})
                .status,
            202);
}

TEST_F(ApiTest, TheSameKeyIsTheSameAction) {
  const std::string body = R"({"subject":"elevator/1","step":"claim","warning":"w-1"})";
  const test::Headers headers{{"X-Seat", "seat/3"}, {"Idempotency-Key", "k1"}};
  EXPECT_EQ(act(body, headers).body, act(body, headers).body);
  EXPECT_NE(act(body).body, act(body).body);
}

TEST_F(ApiTest, StreamTellsEachChangeAndResumes) {
  api_.start();
  test::StreamReader first{server_.port(), "/api/stream", "run.0"};
  first.read_until("event: health");
  auto warning = records_.warning("w-1", city::Priority::P1);
  records_.publish(warning, "f-1");
  EXPECT_NE(first.read_until("w-1.1").find("event: warning\nid: run.1\ndata: {"),
            std::string::npos);
  records_.publish(warning, "f-2");
  first.read_until("id: run.2");

  test::StreamReader second{server_.port(), "/api/stream", "run.1"};
  const std::string resumed = second.read_until("w-1.2");
  EXPECT_EQ(resumed.find("id: run.1\n"), std::string::npos) << resumed;
  test::StreamReader third{server_.port(), "/api/stream", "another.1"};
  EXPECT_NE(third.read_until("event: reload").find("id: run.2"), std::string::npos);
}

}  // namespace
}  // namespace app
