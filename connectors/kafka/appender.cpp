#include "connectors/kafka/appender.h"

#include <atomic>

#include "streams/hash.h"

namespace connectors::kafka {

using streams::Append;
using streams::Error;
using streams::Result;

namespace {

struct Group {  // what one append() waits for
  std::atomic<std::size_t> waiting{0};
  std::atomic<rd_kafka_resp_err_t> failure{RD_KAFKA_RESP_ERR_NO_ERROR};
};

}  // namespace

Result<std::unique_ptr<Appender>> Appender::open(const Connection& connection,
                                                 const AppenderOptions& options) {
  std::unique_ptr<Appender> appender{new Appender{connection, options}};
  Result<Conf> conf =
      configure(connection, {{"enable.idempotence", "true"},
                             {"linger.ms", "0"},
                             {"message.timeout.ms", std::to_string(options.timeout.count())},
                             {"queue.buffering.max.messages", "1000000"},
                             {"queue.buffering.max.kbytes", "65536"}});
  if (!conf) return conf.error();
  rd_kafka_conf_set_dr_msg_cb(conf->get(), delivered);
  char reason[512];
  appender->producer_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason, sizeof reason);
  if (appender->producer_ == nullptr)
    return Error{Error::Kind::usage, std::string{"the Kafka settings are refused: "} + reason};
  (void)conf->release();
  // A topic that the library hears of with its first record is ready up to a second later (before
  // librdkafka 2.10.1).
  for (const auto& [name, count] : options.partitions)
    if (Result<rd_kafka_topic_t*> known = appender->topic(name); !known) return known.error();
  return appender;
}

Appender::~Appender() {
  topics_.clear();
  if (producer_ != nullptr) rd_kafka_destroy(producer_);
}

void Appender::delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  auto* group = static_cast<Group*>(message->_private);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) group->failure = message->err;
  --group->waiting;
}

Result<rd_kafka_topic_t*> Appender::topic(const std::string& name) {
  Topic& topic = topics_[name];
  if (!topic) topic.reset(rd_kafka_topic_new(producer_, connection_.topic(name).c_str(), nullptr));
  if (!topic) return error_of(rd_kafka_last_error(), "write to " + name);
  return topic.get();
}

int Appender::partition_of(const Append& record) const {
  if (record.to.number != streams::kByKey) return record.to.number;
  const auto count = options_.partitions.find(record.to.topic);
  return count == options_.partitions.end() ? 0 : streams::partition_of(record.key, count->second);
}

Result<void> Appender::append(const std::vector<Append>& records) {
  const std::lock_guard lock{mutex_};
  Group group;
  for (const Append& record : records) {
    Result<rd_kafka_topic_t*> to = topic(record.to.topic);
    if (!to) return to.error();
    const int partition = partition_of(record);
    ++group.waiting;
    while (true) {
      const rd_kafka_resp_err_t code = rd_kafka_producev(
          producer_, RD_KAFKA_V_RKT(*to), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(0),
          RD_KAFKA_V_VALUE(const_cast<char*>(record.bytes.data()), record.bytes.size()),
          RD_KAFKA_V_KEY(record.key.empty() ? nullptr : record.key.data(), record.key.size()),
          RD_KAFKA_V_TIMESTAMP(record.recorded.time_since_epoch().count()),
          RD_KAFKA_V_OPAQUE(&group), RD_KAFKA_V_END);
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR) break;
      if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        rd_kafka_poll(producer_, 10);
        continue;
      }
      group.failure = code;
      --group.waiting;
      break;
    }
    if (group.failure != RD_KAFKA_RESP_ERR_NO_ERROR) break;
  }
  // Every record ends in a delivery report, at the latest when its time is over.
  while (group.waiting > 0) rd_kafka_poll(producer_, 100);
  if (group.failure == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return error_of(group.failure, "append to Kafka", Error::Kind::retry);
}

}  // namespace connectors::kafka
