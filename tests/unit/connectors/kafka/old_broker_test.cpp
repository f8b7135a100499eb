// A broker older than what exactly once needs, played by librdkafka's mock: one sentence, no
// waiting for ever. A real one that old can't be had beside the one in tests/broker.

#include <gtest/gtest.h>

#include "connectors/kafka/connection.h"
#include "connectors/kafka/transactor.h"
#include "tests/support/mock_broker.h"

namespace {

using namespace connectors::kafka;

using tests::MockBroker;

TEST(OldBroker, IsNamedWithWhatItLacks) {
  NEEDS_KAFKA_THREADS();
  MockBroker broker;
  ASSERT_EQ(rd_kafka_mock_set_apiversion(broker.cluster, MockBroker::kInitProducerId, -1, -1), 0);
  const auto connection = read_connection(broker.address(), "");
  ASSERT_TRUE(connection.ok());
  const auto reached = check_reachable(*connection);
  EXPECT_TRUE(reached.ok()) << reached.error().what;
  Transactor transactor{*connection, {.id = "t", .group = "g", .partitions = {}}};
  const auto opened = transactor.open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, streams::Error::Kind::usage) << opened.error().what;
  EXPECT_NE(opened.error().what.find("too old"), std::string::npos) << opened.error().what;
}

TEST(OldBroker, ANewOneIsTaken) {
  NEEDS_KAFKA_THREADS();
  MockBroker broker;
  const auto connection = read_connection(broker.address(), "");
  Transactor transactor{*connection, {.id = "t", .group = "g", .partitions = {}}};
  const auto opened = transactor.open();
  EXPECT_TRUE(opened.ok()) << opened.error().what;
}

}  // namespace
