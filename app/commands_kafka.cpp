// What `run`, `topics create`, `rules activate` and `entity restore` do with --brokers: the city on
// Kafka.

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "app/activation.h"
#include "app/city_versions.h"
#include "app/commands.h"
#include "app/files.h"
#include "app/kafka_city.h"
#include "app/live.h"
#include "app/versions.h"

namespace app {

using streams::Error;
using streams::Result;

int run_on_kafka(const RunOptions& options) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("watchfire"));
  Result<std::unique_ptr<KafkaCity>> city = KafkaCity::open(options);
  if (!city) return report(city.error());
  if (Result<void> ran = (*city)->run(); !ran) return report(ran.error());
  return 0;
}

namespace {

/// The versions to activate, and what that changes, as it is said.
Result<std::vector<streams::Version>> wanted_versions(const ActivateOptions& options,
                                                      const std::vector<streams::Version>& active,
                                                      std::string& what) {
  if (!options.pack.empty()) {
    const Result<std::string> text = read_file(options.pack);
    if (!text) return text.error();
    Result<Activation> activation = prepare_pack(active, *text, options.pack);
    if (!activation) return activation.error();
    what = activation->what;
    if (!activation->version) return std::vector<streams::Version>{};
    return std::vector{*activation->version};
  }
  const Result<CityFiles> files =
      read_city(options.city.empty() ? default_city_directory() : options.city);
  if (!files) return files.error();
  const std::vector<streams::Version> differ = differing(files->versions, active);
  for (const streams::Version& version : differ)
    what += fmt::format("{}@{} is active from the next record on, in every partition\n",
                        version.name, version.hash);
  if (differ.empty()) what = "all is active already as it is there: nothing changes\n";
  return differ;
}

}  // namespace

int rules_activate_on_kafka(const ActivateOptions& options) {
  Result<connectors::kafka::Connection> connection = connection_of(options.kafka);
  if (!connection) return report(connection.error());
  if (Result<void> reached = connectors::kafka::check_reachable(*connection); !reached)
    return report(reached.error());
  const Result<std::unique_ptr<CityVersions>> versions = CityVersions::open(*connection);
  if (!versions) return report(versions.error());
  if ((*versions)->active().empty())
    return report({Error::Kind::usage,
                   "no city has run there yet: `run --brokers` brings its files with it"});
  std::string what;
  const Result<std::vector<streams::Version>> wanted =
      wanted_versions(options, (*versions)->active(), what);
  if (!wanted) return report(wanted.error());
  if (!wanted->empty())
    if (Result<void> done = (*versions)->activate(*wanted, wall_clock()); !done)
      return report({done.error().kind, done.error().what +
                                            "; not all partitions have it: the same "
                                            "command once more brings it to the rest"});
  fmt::print("{}", what);
  return 0;
}

int entity_restore_on_kafka(const KafkaOptions& kafka, const std::string& entity) {
  Result<connectors::kafka::Connection> connection = connection_of(kafka);
  if (!connection) return report(connection.error());
  if (Result<void> reached = connectors::kafka::check_reachable(*connection); !reached)
    return report(reached.error());
  const Result<int> tasks =
      connectors::kafka::partitions_of(*connection, streams::kCityEvents);
  if (!tasks) return report(tasks.error());
  Result<std::unique_ptr<connectors::kafka::Appender>> appender =
      connectors::kafka::Appender::open(*connection,
                                        {.partitions = {{streams::kCityEvents, *tasks}}});
  if (!appender) return report(appender.error());
  const streams::Time now = wall_clock();
  const int partition = streams::partition_of(entity, *tasks);
  Result<void> told = (*appender)->append(
      {{{streams::kCityEvents, partition}, now, streams::restore_event(entity, now), entity}});
  if (!told) return report(told.error());
  fmt::print("{} goes on with the next record; was it not set aside, dead.letters says so\n",
             entity);
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
