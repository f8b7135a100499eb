// The contract of Log on a real broker: WATCHFIRE_BROKERS says where it is (tests/broker/run.sh
// starts one).

#include <cstdlib>

#include "connectors/kafka/kafka_log.h"
#include "connectors/kafka/topics.h"
#include "tests/contract/log_contract.h"

namespace contract {
namespace {

namespace kafka = connectors::kafka;

class KafkaLogHarness : public LogHarness {
 public:
  KafkaLogHarness() {
    static int number = 0;
    const char* brokers = std::getenv("WATCHFIRE_BROKERS");
    CHECK(brokers != nullptr);
    connection_.brokers = brokers;
    connection_.prefix =
        "contract-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".";
    std::vector<kafka::TopicPlan> plans = kafka::engine_topics(3);
    plans.push_back(kafka::door_topic("doors", 3));
    plans.push_back(kafka::output_topic("warnings", 1, false));
    // Records of this contract are dated 1970: a broker that looks would delete them.
    for (kafka::TopicPlan& plan : plans)
      if (plan.config["cleanup.policy"] == "delete") plan.config["retention.ms"] = "-1";
    const auto made = kafka::create_topics(connection_, plans, 1);
    CHECK(made.ok());
    reopen();
  }
  Log& log() override { return *log_; }
  bool reopen() override {
    log_.reset();
    log_ = std::move(*kafka::KafkaLog::open(
        connection_, {.app = connection_.prefix + "app", .inputs = {"doors"}, .partitions = 3}));
    return true;
  }
  bool dense() const override { return false; }
  bool forgets() const override { return false; }

 private:
  kafka::Connection connection_;
  std::unique_ptr<kafka::KafkaLog> log_;
};

INSTANTIATE_TEST_SUITE_P(Broker, LogContract,
                         testing::Values(LogKind{
                             "Kafka", [] { return std::make_unique<KafkaLogHarness>(); }}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace contract
