#include "connectors/kafka/topics.h"

#include <algorithm>
#include <thread>

#include "connectors/kafka/changelog.h"
#include "streams/graph.h"

namespace connectors::kafka {

using streams::Error;
using streams::Result;

namespace {

constexpr int kAnswerMs = 30'000;
const std::string kDay = "86400000";
const std::string kWeek = "604800000";
const std::string kMonth = "2592000000";

struct AdminClient {
  rd_kafka_t* client = nullptr;
  Queue queue;
  ~AdminClient() {
    queue.reset();
    if (client != nullptr) rd_kafka_destroy(client);
  }
};

Result<std::unique_ptr<AdminClient>> open_admin(const Connection& connection) {
  Result<Conf> conf = configure(connection, {});
  if (!conf) return conf.error();
  char reason[512];
  auto admin = std::make_unique<AdminClient>();
  admin->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason, sizeof reason);
  if (admin->client == nullptr)
    return Error{Error::Kind::usage, std::string{"the Kafka settings are refused: "} + reason};
  (void)conf->release();
  admin->queue.reset(rd_kafka_queue_new(admin->client));
  return admin;
}

using Counts = std::map<std::string, int>;  // partitions by full name

Result<Counts> partition_counts(rd_kafka_t* client) {
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t code = rd_kafka_metadata(client, 1, nullptr, &metadata, kAnswerMs);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "list the topics", Error::Kind::retry);
  Counts counts;
  for (int i = 0; i < metadata->topic_cnt; ++i)
    counts[metadata->topics[i].topic] = metadata->topics[i].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  return counts;
}

/// The answer of an admin call, waited for.
Result<Event> answer(AdminClient& admin, const char* doing) {
  Event event{rd_kafka_queue_poll(admin.queue.get(), kAnswerMs)};
  if (!event)
    return Error{Error::Kind::retry, std::string{"can't "} + doing + ": the broker did not answer"};
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(rd_kafka_event_error(event.get()), doing);
  return event;
}

Result<void> make(AdminClient& admin, const Connection& connection, const TopicPlan& plan,
                  int replication) {
  char reason[512];
  rd_kafka_NewTopic_t* topic = rd_kafka_NewTopic_new(
      connection.topic(plan.name).c_str(), plan.partitions, replication, reason, sizeof reason);
  if (topic == nullptr)
    return Error{Error::Kind::usage, "can't make the topic " + plan.name + ": " + reason};
  for (const auto& [name, value] : plan.config)
    rd_kafka_NewTopic_set_config(topic, name.c_str(), value.c_str());
  rd_kafka_CreateTopics(admin.client, &topic, 1, nullptr, admin.queue.get());
  rd_kafka_NewTopic_destroy(topic);
  Result<Event> event = answer(admin, "make topics");
  if (!event) return event.error();
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
      continue;
    const char* said = rd_kafka_topic_result_error_string(results[i]);
    return Error{Error::Kind::usage, "can't make the topic " + plan.name + ": " +
                                         (said != nullptr ? said : rd_kafka_err2str(code))};
  }
  return {};
}

/// What is set otherwise than planned, as sentences.
Result<std::vector<std::string>> differences(AdminClient& admin, const Connection& connection,
                                             const TopicPlan& plan) {
  std::vector<std::string> differs;
  rd_kafka_ConfigResource_t* resource =
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, connection.topic(plan.name).c_str());
  rd_kafka_DescribeConfigs(admin.client, &resource, 1, nullptr, admin.queue.get());
  rd_kafka_ConfigResource_destroy(resource);
  Result<Event> event = answer(admin, "read the settings of topics");
  if (!event) return event.error();
  std::size_t resources = 0;
  const rd_kafka_ConfigResource_t** all = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event->get()), &resources);
  for (std::size_t r = 0; r < resources; ++r) {
    std::size_t entries = 0;
    const rd_kafka_ConfigEntry_t** configs = rd_kafka_ConfigResource_configs(all[r], &entries);
    for (std::size_t e = 0; e < entries; ++e) {
      const char* value = rd_kafka_ConfigEntry_value(configs[e]);
      const auto planned = plan.config.find(rd_kafka_ConfigEntry_name(configs[e]));
      if (planned == plan.config.end() || value == nullptr || planned->second == value) continue;
      differs.push_back("topic " + connection.topic(plan.name) + ": " + planned->first + " is " +
                        value + ", planned is " + planned->second);
    }
  }
  return differs;
}

Error missing(const Connection& connection, const std::string& name) {
  return {Error::Kind::usage, "the broker has no topic " + name +
                                  ": make it with `watchfire topics create --brokers " +
                                  connection.brokers + "`"};
}

std::string wrong_count(const std::string& name, int is, int planned) {
  return "topic " + name + " has " + std::to_string(is) + " partitions, planned are " +
         std::to_string(planned);
}

/// A broker tells of a topic a moment after it has made it; who starts next must find it.
Result<void> wait_for(rd_kafka_t* client, const std::vector<std::string>& made) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{kAnswerMs};
  while (true) {
    Result<Counts> counts = partition_counts(client);
    if (!counts) return counts.error();
    const bool all = std::all_of(made.begin(), made.end(),
                                 [&](const std::string& name) { return counts->contains(name); });
    if (all) return {};
    if (std::chrono::steady_clock::now() > until)
      return Error{Error::Kind::retry, "the broker made topics but does not show them"};
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

}  // namespace

Result<TopicReport> create_topics(const Connection& connection, const std::vector<TopicPlan>& plans,
                                  int replication) {
  Result<std::unique_ptr<AdminClient>> admin = open_admin(connection);
  if (!admin) return admin.error();
  Result<Counts> counts = partition_counts((*admin)->client);
  if (!counts) return counts.error();
  TopicReport report;
  for (const TopicPlan& plan : plans) {
    const std::string name = connection.topic(plan.name);
    const auto there = counts->find(name);
    if (there == counts->end()) {
      if (Result<void> made = make(**admin, connection, plan, replication); !made)
        return made.error();
      report.made.push_back(name);
      continue;
    }
    if (there->second != plan.partitions)
      report.differs.push_back(wrong_count(name, there->second, plan.partitions) +
                               (plan.name == streams::kCityEvents || plan.name == kChangelog
                                    ? ": the count of tasks can't be changed"
                                    : ""));
    Result<std::vector<std::string>> differs = differences(**admin, connection, plan);
    if (!differs) return differs.error();
    report.differs.insert(report.differs.end(), differs->begin(), differs->end());
  }
  if (Result<void> shown = wait_for((*admin)->client, report.made); !shown) return shown.error();
  return report;
}

Result<int> partitions_of(const Connection& connection, const std::string& topic) {
  Result<std::unique_ptr<AdminClient>> admin = open_admin(connection);
  if (!admin) return admin.error();
  Result<Counts> counts = partition_counts((*admin)->client);
  if (!counts) return counts.error();
  const auto there = counts->find(connection.topic(topic));
  if (there == counts->end()) return missing(connection, connection.topic(topic));
  return there->second;
}

Result<void> check_topics(const Connection& connection, const std::vector<TopicPlan>& plans) {
  Result<std::unique_ptr<AdminClient>> admin = open_admin(connection);
  if (!admin) return admin.error();
  Result<Counts> counts = partition_counts((*admin)->client);
  if (!counts) return counts.error();
  for (const TopicPlan& plan : plans) {
    const std::string name = connection.topic(plan.name);
    const auto there = counts->find(name);
    if (there == counts->end()) return missing(connection, name);
    if (there->second != plan.partitions)
      return Error{Error::Kind::usage, wrong_count(name, there->second, plan.partitions) +
                                           ": give --partitions " + std::to_string(there->second) +
                                           ", or make another topic with another --prefix"};
  }
  return {};
}

std::vector<TopicPlan> engine_topics(int tasks) {
  return {{streams::kCityEvents, tasks, {{"cleanup.policy", "delete"}, {"retention.ms", kWeek}}},
          {std::string{kChangelog},
           tasks,
           {{"cleanup.policy", "compact"},
            {"delete.retention.ms", kDay},
            {"min.cleanable.dirty.ratio", "0.3"},
            {"segment.bytes", "134217728"}}}};
}

TopicPlan door_topic(std::string name, int partitions) {
  return {std::move(name), partitions, {{"cleanup.policy", "delete"}, {"retention.ms", kWeek}}};
}

TopicPlan output_topic(std::string name, int partitions, bool latest_only) {
  if (latest_only) return {std::move(name), partitions, {{"cleanup.policy", "compact"}}};
  return {std::move(name), partitions, {{"cleanup.policy", "delete"}, {"retention.ms", kMonth}}};
}

}  // namespace connectors::kafka
