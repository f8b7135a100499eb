// What the broker refuses for good ends one client of the library, not the appender.

#include "connectors/kafka/appender.h"

#include <gtest/gtest.h>

#include "tests/support/mock_broker.h"

namespace {

using namespace connectors::kafka;

std::vector<streams::Append> one_record() {
  std::vector<streams::Append> records;
  records.push_back({{"in", 0}, streams::Time{}, "{}", "key"});
  return records;
}

/// Its first client is refused for good.
class AppenderTest : public testing::Test {
 protected:
  void SetUp() override {
    NEEDS_KAFKA_THREADS();
    broker_.make_topic("in", 1);
    const auto connection = read_connection(broker_.address(), "");
    ASSERT_TRUE(connection.ok());
    rd_kafka_mock_push_request_errors(broker_.cluster, tests::MockBroker::kInitProducerId, 1,
                                      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
    auto appender = Appender::open(*connection, {.partitions = {{"in", 1}}});
    ASSERT_TRUE(appender.ok()) << appender.error().what;
    appender_ = std::move(*appender);
  }

  tests::MockBroker broker_;
  std::unique_ptr<Appender> appender_;
};

TEST_F(AppenderTest, AFatalErrorIsTheEndOfOneClientNotOfTheDoor) {
  const auto refused = appender_->append(one_record());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, streams::Error::Kind::retry);
  EXPECT_NE(refused.error().what.find("CLUSTER_AUTHORIZATION_FAILED"), std::string::npos)
      << refused.error().what;
  const auto taken = appender_->append(one_record());
  EXPECT_TRUE(taken.ok()) << taken.error().what;
}

TEST_F(AppenderTest, WhatIsUnderWayFailsWithItAndIsOver) {
  const auto first = appender_->send(one_record()), second = appender_->send(one_record());
  while (!first->over() || !second->over()) appender_->poll(std::chrono::milliseconds{10});
  EXPECT_FALSE(first->result().ok());
  EXPECT_FALSE(second->result().ok());
  EXPECT_TRUE(appender_->append(one_record()).ok());
}

}  // namespace
