#include "connectors/kafka/appender.h"

#include <utility>

#include "streams/hash.h"

namespace connectors::kafka {

using streams::Append;
using streams::Error;
using streams::Result;

namespace {

constexpr std::chrono::milliseconds kWait{100};

/// What the library says of records that a fatal error has left behind.
bool follows_fatal(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
         code == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
}

}  // namespace

Result<std::unique_ptr<Appender>> Appender::open(const Connection& connection,
                                                 const AppenderOptions& options) {
  std::unique_ptr<Appender> appender{new Appender{connection, options}};
  if (Result<void> started = appender->start(); !started) return started.error();
  return appender;
}

Appender::~Appender() {
  stop(RD_KAFKA_RESP_ERR__DESTROY);
}

Result<void> Appender::start() {
  Result<Conf> conf =
      configure(connection_, {{"enable.idempotence", "true"},
                              {"linger.ms", "0"},
                              {"message.timeout.ms", std::to_string(options_.timeout.count())},
                              {"queue.buffering.max.messages", "1000000"},
                              {"queue.buffering.max.kbytes", "65536"}});
  if (!conf) return conf.error();
  rd_kafka_conf_set_dr_msg_cb(conf->get(), delivered);
  char reason[512];
  producer_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason, sizeof reason);
  if (producer_ == nullptr)
    return Error{Error::Kind::usage, std::string{"the Kafka settings are refused: "} + reason};
  (void)conf->release();
  // A topic that the library hears of with its first record is ready up to a second later (before
  // librdkafka 2.10.1).
  for (const auto& [name, count] : options_.partitions)
    if (Result<rd_kafka_topic_t*> known = topic(name); !known) return known.error();
  return {};
}

/// Whatever is under way has failed, for all that is known here.
void Appender::stop(rd_kafka_resp_err_t why) {
  topics_.clear();
  if (producer_ != nullptr) rd_kafka_destroy(std::exchange(producer_, nullptr));
  for (const std::shared_ptr<Sent>& sent : under_way_) {
    if (!sent->over() || follows_fatal(sent->failure_)) sent->failure_ = why;
    sent->waiting_ = 0;
  }
  under_way_.clear();
}

rd_kafka_resp_err_t Appender::fatal_error() const {
  char reason[512];
  return rd_kafka_fatal_error(producer_, reason, sizeof reason);
}

void Appender::delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  auto* sent = static_cast<Sent*>(message->_private);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) sent->failure_ = message->err;
  --sent->waiting_;
}

Result<void> Appender::Sent::result() const {
  if (failure_ == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return error_of(failure_, "append to Kafka", Error::Kind::retry);
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

rd_kafka_resp_err_t Appender::produce(const Append& record, Sent& sent) {
  Result<rd_kafka_topic_t*> to = topic(record.to.topic);
  if (!to) return rd_kafka_last_error();
  const int partition = partition_of(record);
  while (true) {
    const rd_kafka_resp_err_t code = rd_kafka_producev(
        producer_, RD_KAFKA_V_RKT(*to), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(0),
        RD_KAFKA_V_VALUE(const_cast<char*>(record.bytes.data()), record.bytes.size()),
        RD_KAFKA_V_KEY(record.key.empty() ? nullptr : record.key.data(), record.key.size()),
        RD_KAFKA_V_TIMESTAMP(record.recorded.time_since_epoch().count()), RD_KAFKA_V_OPAQUE(&sent),
        RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) return code;
    rd_kafka_poll(producer_, 10);
  }
}

std::shared_ptr<const Appender::Sent> Appender::send(std::vector<Append> records) {
  const auto sent = std::make_shared<Sent>();
  sent->records_ = std::move(records);
  const std::lock_guard lock{mutex_};
  if (producer_ != nullptr)
    if (const rd_kafka_resp_err_t why = fatal_error(); why != RD_KAFKA_RESP_ERR_NO_ERROR) stop(why);
  if (producer_ == nullptr && !start()) {
    stop(RD_KAFKA_RESP_ERR__FATAL);
    sent->failure_ = RD_KAFKA_RESP_ERR__FATAL;
    return sent;
  }
  under_way_.push_back(sent);
  sent->waiting_ = sent->records_.size();
  for (std::size_t i = 0; i < sent->records_.size(); ++i) {
    const rd_kafka_resp_err_t code = produce(sent->records_[i], *sent);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    sent->failure_ = code;
    sent->waiting_ -= sent->records_.size() - i;
    break;
  }
  return sent;
}

void Appender::poll(std::chrono::milliseconds wait) {
  const std::lock_guard lock{mutex_};
  if (producer_ == nullptr) return;
  rd_kafka_poll(producer_, static_cast<int>(wait.count()));
  if (const rd_kafka_resp_err_t why = fatal_error(); why != RD_KAFKA_RESP_ERR_NO_ERROR) stop(why);
  while (!under_way_.empty() && under_way_.front()->over()) under_way_.pop_front();
}

Result<void> Appender::append(std::vector<Append> records) {
  const std::shared_ptr<const Sent> sent = send(std::move(records));
  // Every record ends in a delivery report, at the latest when its time is over.
  while (!sent->over()) poll(kWait);
  return sent->result();
}

}  // namespace connectors::kafka
