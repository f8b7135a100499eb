// Every scenario on a real broker.

#include <cstdlib>

#include "connectors/kafka/kafka_log.h"
#include "connectors/kafka/topics.h"
#include "streams/memory.h"
#include "tests/scenario/stage.h"

namespace {

namespace kafka = connectors::kafka;

class KafkaScenario : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(KafkaScenario, OnABroker) {
  const char* brokers = std::getenv("WATCHFIRE_BROKERS");
  ASSERT_NE(brokers, nullptr) << "tests/broker/run.sh starts one";
  kafka::Connection connection;
  connection.brokers = brokers;
  connection.prefix = GetParam().stem().string() + "-" + std::to_string(::getpid()) + ".";
  std::vector<kafka::TopicPlan> plans = kafka::engine_topics(scenario::kPartitions);
  std::vector<std::string> inputs = city::door_topics();
  for (const std::string& door : inputs)
    plans.push_back(kafka::door_topic(door, scenario::kPartitions));
  for (const std::string& output : scenario::kOutputs)
    plans.push_back(kafka::output_topic(output, 1, false));
  plans.push_back(kafka::output_topic("entity.status", 1, true));
  // A scenario's year may lie ahead of the broker's clock, or so far behind it that the broker
  // would delete what is dated then.
  for (kafka::TopicPlan& plan : plans) {
    plan.config["message.timestamp.after.max.ms"] = "9223372036854775807";
    plan.config["retention.ms"] = "-1";
  }
  const auto made = kafka::create_topics(connection, plans, 1);
  ASSERT_TRUE(made.ok()) << made.error().what;
  inputs.push_back(streams::kCityEvents);
  auto log = kafka::KafkaLog::open(
      connection,
      {.app = connection.prefix + "app", .inputs = inputs, .partitions = scenario::kPartitions});
  ASSERT_TRUE(log.ok()) << log.error().what;
  streams::MemoryStore store;
  EXPECT_EQ((scenario::Stage{**log, store}.play(GetParam())), "");
}

INSTANTIATE_TEST_SUITE_P(Shanghai, KafkaScenario, testing::ValuesIn(scenario::files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
