// What the library does not bear: a partition that is assigned anew before its last stop is over.

#include "connectors/kafka/consumer.h"

#include <gtest/gtest.h>

#include "tests/support/mock_broker.h"

namespace {

using namespace connectors::kafka;

// As a worker does whose tasks are restored one after the other, and that aborts in between.
TEST(Consumer, IsAssignedAnewBeforeItHasStopped) {
  NEEDS_KAFKA_THREADS();
  tests::MockBroker broker;
  broker.make_topic("in", 4);
  const auto connection = read_connection(broker.address(), "");
  ASSERT_TRUE(connection.ok());
  auto consumer = Consumer::open(*connection, {});
  ASSERT_TRUE(consumer.ok()) << consumer.error().what;
  for (int round = 0; round < 500; ++round) {
    Positions positions;
    for (int partition = 0; partition <= round % 4; ++partition) positions[{"in", partition}] = 0;
    const auto assigned = (*consumer)->assign(positions);
    ASSERT_TRUE(assigned.ok()) << assigned.error().what;
  }
  const auto polled = (*consumer)->poll(std::chrono::milliseconds{10});
  EXPECT_TRUE(polled.ok()) << polled.error().what;
}

}  // namespace
