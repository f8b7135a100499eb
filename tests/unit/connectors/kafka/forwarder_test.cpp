// The doors on a broker that refuses what it is sent: nothing may be lost by sending ahead.

#include "connectors/kafka/forwarder.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "connectors/json/event_decoder.h"
#include "streams/event_text.h"
#include "streams/graph.h"
#include "tests/support/mock_broker.h"

namespace {

using namespace connectors::kafka;
using streams::Append;
using streams::Time;

constexpr int kEvents = 200;

std::string subject_of(int number) {
  return "elevator/" + std::to_string(number);
}

std::vector<Append> events() {
  std::vector<Append> all;
  for (int i = 0; i < kEvents; ++i) {
    std::string bytes = streams::begin_event({.id = std::to_string(i),
                                              .source = "/test",
                                              .type = "city.elevator.telemetry.v1",
                                              .subject = subject_of(i),
                                              .time = Time{}});
    bytes += "{}}";
    all.push_back({{"door", streams::kByKey}, Time{}, std::move(bytes), subject_of(i)});
  }
  return all;
}

TEST(Forwarder, WhatTheBrokerRefusedIsForwardedOnceMore) {
  NEEDS_KAFKA_THREADS();
  tests::MockBroker broker;
  broker.make_topic("door", 2);
  broker.make_topic(streams::kCityEvents, 2);
  const auto connection = read_connection(broker.address(), "");
  ASSERT_TRUE(connection.ok());
  auto door = Appender::open(*connection, {.partitions = {{"door", 2}}});
  ASSERT_TRUE(door.ok()) << door.error().what;
  const auto appended = (*door)->append(events());
  ASSERT_TRUE(appended.ok()) << appended.error().what;
  rd_kafka_mock_push_request_errors(broker.cluster, tests::MockBroker::kProduce, 2,
                                    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                                    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);

  std::atomic<int> refusals = 0;
  Forwarder forwarder{*connection,
                      std::make_unique<connectors::EventDecoder>(),
                      {.group = "doors",
                       .instance = "1",
                       .doors = {"door"},
                       .partitions = 2,
                       .clock = [] { return Time{std::chrono::days{40'000}}; },
                       .say = [&](const std::string&) { ++refusals; }}};
  streams::Result<void> ran;
  std::thread thread{[&] { ran = forwarder.run(); }};

  auto reader = Consumer::open(*connection, {});
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE(
      (*reader)->assign({{{streams::kCityEvents, 0}, 0}, {{streams::kCityEvents, 1}, 0}}).ok());
  std::set<std::string> arrived;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (arrived.size() < kEvents && std::chrono::steady_clock::now() < until) {
    const auto polled = (*reader)->poll(std::chrono::milliseconds{100});
    if (polled.ok() && *polled && !(*polled)->end) arrived.emplace((*polled)->key);
  }
  forwarder.stop();
  thread.join();
  EXPECT_TRUE(ran.ok()) << ran.error().what;
  EXPECT_EQ(arrived.size(), kEvents);
  EXPECT_GT(refusals, 0);

  // And it is done with: nobody forwards it again.
  auto group = Consumer::open(*connection, {.settings = {{"group.id", "doors"}}});
  ASSERT_TRUE(group.ok());
  const std::vector<streams::Partition> doors{{"door", 0}, {"door", 1}};
  const auto done = committed((*group)->handle(), *connection, doors);
  const auto ends = (*group)->ends(doors);
  ASSERT_TRUE(done.ok() && ends.ok());
  for (const streams::Partition& one : doors) {
    ASSERT_TRUE(done->contains(one));
    EXPECT_EQ(done->at(one).offset, ends->at(one));
  }
}

}  // namespace
