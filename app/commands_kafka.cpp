// What `run --brokers` and `topics create` do: the city on Kafka.

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "app/commands.h"
#include "app/kafka_city.h"

namespace app {

using streams::Result;

int run_on_kafka(const RunOptions& options) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("watchfire"));
  Result<std::unique_ptr<KafkaCity>> city = KafkaCity::open(options);
  if (!city) return report(city.error());
  if (Result<void> ran = (*city)->run(); !ran) return report(ran.error());
  return 0;
}

int topics_create(const KafkaOptions& options, int partitions, int replication) {
  Result<connectors::kafka::Connection> connection = connection_of(options);
  if (!connection) return report(connection.error());
  if (Result<void> reached = connectors::kafka::check_reachable(*connection); !reached)
    return report(reached.error());
  Result<connectors::kafka::TopicReport> made =
      connectors::kafka::create_topics(*connection, city_topics(partitions), replication);
  if (!made) return report(made.error());
  for (const std::string& name : made->made) fmt::print("made {}\n", name);
  for (const std::string& sentence : made->differs) fmt::print("{}\n", sentence);
  if (made->made.empty() && made->differs.empty()) fmt::print("all topics are as planned\n");
  return made->differs.empty() ? 0 : 1;
}

}  // namespace app
