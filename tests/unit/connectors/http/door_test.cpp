#include "connectors/http/door.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "connectors/http/server.h"
#include "connectors/json/event_decoder.h"
#include "streams/hash.h"
#include "streams/memory.h"
#include "tests/unit/connectors/http/client.h"

namespace connectors {
namespace {

using streams::Append;
using streams::Result;
using streams::Time;

constexpr auto kBatch = "application/cloudevents-batch+json";
constexpr auto kOne = "application/cloudevents+json";

std::string event(const std::string& id, const std::string& type = "city.elevator.telemetry.v1") {
  const std::string kind = type == "city.complaint.filed.v1" ? "complaint/" : "elevator/";
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/sh/test","type":")" + type +
         R"(","subject":")" + kind + id + R"(","time":"2026-11-22T08:00:00Z","unheardof":1,)" +
         R"("data":{"floor":12}})";
}

/// Takes no request, and of it the events whose bytes have `passing` in them.
struct FakeAdmission : Admission {
  bool refuses = false;
  std::string passing = "alarmButton";
  std::size_t taken = 0;
  std::optional<std::chrono::seconds> refusal(std::size_t) override {
    return refuses ? std::optional{std::chrono::seconds{3}} : std::nullopt;
  }
  bool passes(std::string_view bytes) override { return bytes.find(passing) != bytes.npos; }
  void took(std::size_t events, std::size_t) override { taken += events; }
};

class DoorTest : public testing::Test {
 protected:
  void start(Ingest ingest, GroupCommit::Limits limits = {}) {
    commits_ = std::make_unique<GroupCommit>(std::move(ingest), limits);
    Door::Options options{4, [] { return Time{streams::Duration{1234}}; }};
    options.ahead = [this](Time stated) {
      stated_ = stated;
      return ahead_;
    };
    door_ = std::make_unique<Door>(std::make_unique<EventDecoder>(), *commits_, options,
                                   &admission_);
    server_.route("POST", "/v1/events", [this](Request request, Reply reply) {
      door_->post(std::move(request), std::move(reply));
    });
    ASSERT_TRUE(server_.start({.port = 0}).ok());
  }
  void start() {
    start([this](std::vector<Append> records) { return log_.append(std::move(records), true); });
  }
  void TearDown() override {
    commits_.reset();
    server_.stop();
  }
  test::Answer post(const std::string& type, const std::string& body,
                    const test::Headers& headers = {}) {
    return test::post(server_.port(), "/v1/events", type, body, headers);
  }
  std::vector<std::string> kept(const std::string& topic) {
    std::vector<std::string> found;
    for (int partition = 0; partition < 4; ++partition) {
      const auto batch = log_.fetch({topic, partition}, 0, 1 << 20);
      for (const auto& record : (*batch).records) found.emplace_back(record.bytes);
    }
    return found;
  }

  streams::MemoryLog log_;
  streams::Duration ahead_{};
  Time stated_{};
  FakeAdmission admission_;
  std::unique_ptr<GroupCommit> commits_;
  std::unique_ptr<Door> door_;
  Server server_{std::nullopt};
};

TEST_F(DoorTest, OneEventGoesUnchangedToItsTopicAndPartition) {
  start();
  const auto answer = post(kOne, event("7"));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "{\"accepted\":1,\"rejected\":[]}\n");
  const int partition = streams::partition_of("elevator/7", 4);
  const auto batch = log_.fetch({"elevator.telemetry", partition}, 0, 1 << 20);
  ASSERT_EQ((*batch).records.size(), 1u);
  EXPECT_EQ((*batch).records[0].bytes, event("7"));
  EXPECT_EQ((*batch).records[0].recorded, Time{streams::Duration{1234}});
}

TEST_F(DoorTest, ByHowMuchTheCitysClockIsAheadStandsInTheEvent) {
  ahead_ = std::chrono::hours{1};
  start();
  ASSERT_EQ(post(kOne, event("1")).status, 202);
  EXPECT_EQ(stated_, *streams::parse_time("2026-11-22T08:00:00Z"));
  std::string own = event("2");
  own.insert(1, R"("clockahead":86400000,)");
  ASSERT_EQ(post(kOne, own).status, 202);
  own = event("3");
  own.insert(1, R"("clockahead":-1,)");
  EXPECT_EQ(post(kOne, own).status, 400);
  const auto all = kept("elevator.telemetry");
  ASSERT_EQ(all.size(), 2u);
  for (const std::string& one : all) {
    EventDecoder decoder;
    streams::Event read;
    const std::string padded = one + std::string(streams::Decoder::kPadding, ' ');
    ASSERT_FALSE(decoder.decode({padded.data(), one.size()}, read)) << one;
    EXPECT_EQ(clock_ahead(read), ahead_) << "the door's word, not the caller's: " << one;
    EXPECT_EQ(read.time, *streams::parse_time("2026-11-22T09:00:00Z"));
    EXPECT_EQ(read.stated, stated_);
  }
}

TEST_F(DoorTest, BatchIsAcceptedInPartAndNamesWhatWasNot) {
  start();
  const auto answer =
      post(kBatch, "[" + event("1") + ",{\"id\":5}," + event("2", "city.unknown.v1") + ", " +
                       event("3", "city.complaint.filed.v1") + "]");
  EXPECT_EQ(answer.status, 202);
  EXPECT_NE(answer.body.find(R"({"accepted":2,"rejected":[{"index":1,)"), std::string::npos)
      << answer.body;
  EXPECT_NE(answer.body.find(R"({"index":2,"reason":"no door takes type 'city.unknown.v1')"),
            std::string::npos);
  for (const char* type :
       {"city.elevator.telemetry.v1", "city.camera.alert.v1", "city.permit.changed.v1",
        "city.complaint.filed.v1", "city.field.feedback.v1"})
    EXPECT_NE(answer.body.find(type), std::string::npos);
  EXPECT_EQ(kept("elevator.telemetry").size(), 1u);
  EXPECT_EQ(kept("hotline.complaints").size(), 1u);
  EXPECT_EQ(door_->counters().rejected, 2u);
}

TEST_F(DoorTest, NdjsonHasOneEventALine) {
  start();
  const auto answer = post("application/x-ndjson; charset=utf-8",
                           event("1") + "\n\n" + event("2") + "\r\nbroken\n");
  EXPECT_EQ(answer.status, 202);
  EXPECT_NE(answer.body.find(R"("accepted":2,"rejected":[{"index":2)"), std::string::npos);
}

TEST_F(DoorTest, NothingReadableIsA400) {
  start();
  EXPECT_EQ(post(kOne, "{").status, 400);
  EXPECT_EQ(post(kOne, "").status, 400);
  EXPECT_EQ(post(kBatch, "[1, 2").status, 400);
  EXPECT_EQ(post("application/json", "[{}]").status, 400);
  EXPECT_EQ(post("text/plain", event("1")).status, 415);
  EXPECT_TRUE(kept("elevator.telemetry").empty());
}

TEST_F(DoorTest, AnEmptyBatchIsTaken) {
  start();
  const auto answer = post(kBatch, " [ ] ");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "{\"accepted\":0,\"rejected\":[]}\n");
}

TEST_F(DoorTest, MediaTypesAreReadAsTheyAreWritten) {
  start();
  const std::string list = "[" + event("1") + "]", mark = "\xEF\xBB\xBF";
  const std::pair<std::string, std::string> taken[] = {
      {"Application/CloudEvents+JSON", event("1")},
      {"application/cloudevents+json;charset=\"UTF-8\"", event("1")},
      {"application/cloudevents+json ; charset=utf-8; x=y", mark + event("1")},
      {"application/json;charset=utf-8", event("1")},
      {"APPLICATION/CLOUDEVENTS-BATCH+JSON", list},
      {"application/json", mark + list},
      {"application/x-ndjson", mark + event("1") + "\r\n"},
  };
  for (const auto& [type, body] : taken) EXPECT_EQ(post(type, body).status, 202) << type;
  for (const char* type :
       {"application/cloudevents+json; charset=gbk", "application/cloudevents+avro",
        "application/cloudevents", "application/vnd.mine+json", "application/jsonx", "json",
        "application/cloudevents+json charset=utf-8"})
    EXPECT_EQ(post(type, event("1")).status, 415) << type;
}

TEST_F(DoorTest, AnEventMayComeInHeadersAndBody) {
  start();
  test::Headers attributes{{"ce-specversion", "1.0"},
                           {"CE-ID", "%E7%94%B5%201"},
                           {"ce-source", "\"/sh/\\\"x\""},
                           {"ce-type", "city.elevator.telemetry.v1"},
                           {"ce-subject", "elevator/7"},
                           {"ce-time", "2026-11-22T08:00:00Z"},
                           {"ce-exercise", "true"}};
  EXPECT_EQ(post("application/json", R"({"floor":12})", attributes).status, 202);
  EXPECT_EQ(kept("elevator.telemetry"),
            std::vector<std::string>{
                R"({"id":"电 1","exercise":true,)"
                R"("source":"/sh/\"x","specversion":"1.0","subject":"elevator/7",)"
                R"("time":"2026-11-22T08:00:00Z","type":"city.elevator.telemetry.v1",)"
                R"("datacontenttype":"application/json","data":{"floor":12}})"});
  EXPECT_EQ(post("application/xml", "<a/>", attributes).status, 415);
  EXPECT_EQ(post("application/json", R"({},"id":"x")", attributes).status, 400);
  EXPECT_EQ(post("application/json", "", attributes).status, 400);
  attributes["CE-ID"] = "%zz";
  EXPECT_EQ(post("application/json", "{}", attributes).status, 400);
  attributes["CE-ID"] = "%ff";
  EXPECT_EQ(post("application/json", "{}", attributes).status, 400);
  EXPECT_EQ(kept("elevator.telemetry").size(), 1u);
}

TEST_F(DoorTest, DataInBase64IsKeptAsWhatItHolds) {
  start();
  const std::string head =
      R"({"specversion":"1.0","id":"1","source":"/s","type":"city.elevator.telemetry.v1",)"
      R"("subject":"elevator/7","time":"2026-11-22T08:00:00Z","data_base64":)";
  EXPECT_EQ(post(kOne, head + R"("eyJmbG9vciI6MX0="})").status, 202);
  const std::vector<std::string> all = kept("elevator.telemetry");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_NE(all[0].find(R"("data":{"floor":1}})"), std::string::npos) << all[0];
  EXPECT_EQ(all[0].find("eyJmbG9vciI6MX0="), std::string::npos) << "it would hide who complains";
  EXPECT_EQ(post(kOne, head + R"("eyJmbG9vciI6MX0=","data":null})").status, 202);
  EXPECT_EQ(post(kOne, head + R"("eyJ4IjoxfSwic3ViamVjdCI6ImVsZXZhdG9yLzgi"})").status, 400)
      << R"({"x":1},"subject":"elevator/8"})";
  EXPECT_EQ(post(kOne, head + R"("aGVsbG8="})").status, 400);
}

TEST_F(DoorTest, AKeyStandsForOneBody) {
  start();
  EXPECT_EQ(post(kOne, event("1"), {{"Idempotency-Key", "k"}}).status, 202);
  EXPECT_EQ(post(kOne, event("1"), {{"Idempotency-Key", "k"}}).status, 202);
  const auto other = post(kOne, event("2"), {{"Idempotency-Key", "k"}});
  EXPECT_EQ(other.status, 422);
  EXPECT_NE(other.body.find("a key of its own"), std::string::npos);
  EXPECT_EQ(post(kOne, event("2"), {{"Idempotency-Key", "l"}}).status, 202);
  EXPECT_EQ(post(kOne, event("2"), {{"Idempotency-Key", std::string(257, 'k')}}).status, 400);
}

TEST(IdempotencyKeysTest, TheNewestAreKeptForADay) {
  IdempotencyKeys keys;
  const IdempotencyKeys::Clock::time_point now{};
  EXPECT_TRUE(keys.admit("a", "k", "1", now));
  EXPECT_FALSE(keys.admit("a", "k", "2", now + std::chrono::hours{23}));
  EXPECT_TRUE(keys.admit("b", "k", "2", now));
  EXPECT_TRUE(keys.admit("a", "k", "2", now + IdempotencyKeys::kKept));
  for (std::size_t i = 0; i < IdempotencyKeys::kMost; ++i)
    EXPECT_TRUE(keys.admit("c", std::to_string(i), "1", now + IdempotencyKeys::kKept));
  EXPECT_TRUE(keys.admit("a", "k", "3", now + IdempotencyKeys::kKept));
}

TEST_F(DoorTest, AWordThatNobodyKnowsIsAnsweredWithTheKnownOnes) {
  start();
  const auto answer = post(
      kOne, R"({"specversion":"1.0","id":"1","source":"/s","type":"city.complaint.filed.v1",)"
            R"("subject":"complaint/1","time":"2026-11-22T08:00:00Z","data":{"kind":"halp"}})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("none of the words for it: help, clue"), std::string::npos)
      << answer.body;
}

// ---- admission ----------------------------------------------------------------------------------

std::string button(const std::string& id) {
  std::string pressed = event(id);
  return pressed.replace(pressed.find("unheardof"), 9, "alarmButton");
}

TEST_F(DoorTest, ARefusedRequestIsA429AndNothingOfItIsKept) {
  start();
  admission_.refuses = true;
  const auto answer = post(kBatch, "[" + event("1") + "," + event("2") + "]");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.at("Retry-After"), "3");
  EXPECT_NE(answer.body.find(R"("accepted":0,"taken":[],"left":2,"rejected":[])"),
            std::string::npos)
      << answer.body;
  EXPECT_TRUE(kept("elevator.telemetry").empty());
  EXPECT_EQ(admission_.taken, 0u);
}

TEST_F(DoorTest, WhatPassesIsTakenOutOfARefusedBatchAndNamed) {
  start();
  admission_.refuses = true;
  const auto answer = post(
      kBatch, "[" + event("1") + "," + button("2") + "," + event("3") + "," + button("4") + "]");
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(answer.body.find(R"("accepted":2,"taken":[1,3],"left":2,"rejected":[])"),
            std::string::npos)
      << answer.body;
  EXPECT_EQ(kept("elevator.telemetry").size(), 2u);
  EXPECT_EQ(admission_.taken, 2u);
  const auto lines = post("application/x-ndjson", event("5") + "\n" + button("6") + "\n" +
                                                      button("7").replace(0, 1, "alarmButton"));
  EXPECT_EQ(lines.status, 429);
  EXPECT_NE(lines.body.find(R"("taken":[1],"left":1,"rejected":[{"index":2,)"), std::string::npos)
      << lines.body;
}

TEST_F(DoorTest, ARequestOfWhichAllPassesIsA202) {
  start();
  admission_.refuses = true;
  const auto answer = post(kOne, button("1"));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "{\"accepted\":1,\"rejected\":[]}\n");
  EXPECT_EQ(kept("elevator.telemetry").size(), 1u);
}

TEST_F(DoorTest, WhatPassesHasAPartOfTheQueueForItself) {
  std::promise<void> appending, durable;
  std::shared_future<void> gate = durable.get_future().share();
  bool first = true;
  start(
      [&](const std::vector<Append>&) -> Result<void> {
        if (std::exchange(first, false)) appending.set_value();
        gate.wait();
        return {};
      },
      {.waiting_bytes = 500, .kept_bytes = 500});
  auto filling = std::async([&] { return post(kOne, event("1")); });
  appending.get_future().wait();
  EXPECT_TRUE(commits_->full(400));
  EXPECT_EQ(commits_->waiting_records(), 1u);
  EXPECT_EQ(post(kOne, event("2")).status, 429);
  admission_.refuses = true;
  auto passing = std::async([&] { return post(kOne, button("3")); });
  while (commits_->waiting_records() < 2) std::this_thread::yield();
  durable.set_value();
  EXPECT_EQ(passing.get().status, 202);
  EXPECT_EQ(filling.get().status, 202);
}

TEST_F(DoorTest, AnswersOnlyWhenDurable) {
  std::promise<void> appending, durable;
  start([&](const std::vector<Append>&) -> Result<void> {
    appending.set_value();
    durable.get_future().wait();
    return {};
  });
  auto answer = std::async([&] { return post(kOne, event("1")); });
  appending.get_future().wait();
  EXPECT_EQ(answer.wait_for(std::chrono::milliseconds{20}), std::future_status::timeout);
  EXPECT_EQ(commits_->oldest_waiting(), Time{streams::Duration{1234}});
  durable.set_value();
  EXPECT_EQ(answer.get().status, 202);
}

TEST_F(DoorTest, FullQueueIsA429WithRetryAfter) {
  std::promise<void> appending, durable;
  std::shared_future<void> gate = durable.get_future().share();
  bool first = true;
  start(
      [&](const std::vector<Append>&) -> Result<void> {
        if (std::exchange(first, false)) appending.set_value();
        gate.wait();
        return {};
      },
      {.waiting_bytes = 500});
  auto answer = std::async([&] { return post(kOne, event("1")); });
  appending.get_future().wait();
  const auto refused = post(kOne, event("2"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers["Retry-After"], "1");
  EXPECT_EQ(commits_->refused(), 1u);
  durable.set_value();
  EXPECT_EQ(answer.get().status, 202);
}

TEST_F(DoorTest, LogThatCannotWriteIsTold) {
  start([](const std::vector<Append>&) -> Result<void> {
    return streams::Error{streams::Error::Kind::fatal, "disk full"};
  });
  const auto answer = post(kOne, event("1"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_NE(answer.body.find("disk full"), std::string::npos);
}

TEST(GroupCommitTest, AppendsTogetherWhatCameTogetherAndFinishesOnStop) {
  std::promise<void> appending, durable;
  std::vector<std::size_t> groups;
  int answered = 0;
  {
    GroupCommit commits{[&](const std::vector<Append>& records) -> Result<void> {
      groups.push_back(records.size());
      if (groups.size() == 1) {
        appending.set_value();
        durable.get_future().wait();
      }
      return {};
    }};
    const auto submit = [&] {
      std::vector<Append> one;
      one.push_back({{"t", 0}, {}, "x"});
      ASSERT_TRUE(commits.submit(std::move(one), [&](const Result<void>&) { ++answered; }));
    };
    submit();
    appending.get_future().wait();
    for (int i = 0; i < 5; ++i) submit();
    durable.set_value();
  }
  EXPECT_EQ(groups, (std::vector<std::size_t>{1, 5}));
  EXPECT_EQ(answered, 6);
}

}  // namespace
}  // namespace connectors
