#include "connectors/kafka/consumer.h"

#include <algorithm>
#include <thread>

#include "connectors/kafka/cloud_event.h"

namespace connectors::kafka {

using streams::Error;
using streams::Partition;
using streams::Result;
using streams::Time;

namespace {

constexpr int kAnswerMs = 30'000;

}  // namespace

Result<std::unique_ptr<Consumer>> Consumer::open(const Connection& connection,
                                                 const ConsumerOptions& options) {
  std::unique_ptr<Consumer> consumer{new Consumer{connection}};
  ConsumerOptions all = options;
  // No group is joined, but the library wants a name for one.
  all.settings.emplace(all.settings.begin(), "group.id", connection.topic("reader"));
  if (Result<void> started = consumer->start(all); !started) return started.error();
  return consumer;
}

Result<void> Consumer::start(const ConsumerOptions& options) {
  Settings settings{
      {"isolation.level", options.committed_only ? "read_committed" : "read_uncommitted"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"enable.partition.eof", "true"},
      {"auto.offset.reset", options.from_beginning ? "earliest" : "error"},
      {"allow.auto.create.topics", "false"},
      {"fetch.wait.max.ms", "100"},
      {"fetch.message.max.bytes", "1048576"},
      {"queued.min.messages", "1000000"},
      {"queued.max.messages.kbytes", std::to_string(options.queue_kib)}};
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  Result<Conf> conf = configure(connection_, settings);
  if (!conf) return conf.error();
  prepare(conf->get());
  char reason[512];
  client_ = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason, sizeof reason);
  if (client_ == nullptr)
    return Error{Error::Kind::usage, std::string{"the Kafka settings are refused: "} + reason};
  (void)conf->release();
  rd_kafka_poll_set_consumer(client_);
  return {};
}

Consumer::~Consumer() {
  close();
  if (client_ != nullptr) rd_kafka_destroy(client_);
}

void Consumer::close() {
  message_.reset();
  if (client_ != nullptr && !std::exchange(closed_, true)) rd_kafka_consumer_close(client_);
}

Result<void> Consumer::assign(const Positions& positions) {
  const PartitionList list{rd_kafka_topic_partition_list_new(static_cast<int>(positions.size()))};
  for (const auto& [partition, offset] : positions)
    rd_kafka_topic_partition_list_add(list.get(), connection_.topic(partition.topic).c_str(),
                                      partition.number)
        ->offset = offset;
  if (const auto code = assign_now(client_, list.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "assign partitions", Error::Kind::retry);
  return {};
}

rd_kafka_resp_err_t assign_now(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* list) {
  const rd_kafka_resp_err_t code = rd_kafka_assign(client, list);
  for (int i = 0; i < 2; ++i) {
    rd_kafka_topic_partition_list_t* assigned = nullptr;
    rd_kafka_assignment(client, &assigned);
    if (assigned != nullptr) rd_kafka_topic_partition_list_destroy(assigned);
  }
  return code;
}

Result<std::optional<Polled>> Consumer::poll(std::chrono::milliseconds wait) {
  message_.reset(rd_kafka_consumer_poll(client_, static_cast<int>(wait.count())));
  if (!message_) return std::optional<Polled>{};
  switch (message_->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return std::optional{record_of(*message_)};
    case RD_KAFKA_RESP_ERR__PARTITION_EOF: {
      Polled end;
      end.topic = connection_.ours(rd_kafka_topic_name(message_->rkt));
      end.partition = message_->partition;
      end.offset = message_->offset;
      end.end = true;
      return std::optional{end};
    }
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
      return std::optional<Polled>{};  // the library tries again by itself
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: {
      // While a broker starts it may not know its own topics yet: callers decide how often is too
      // often.
      return Error{Error::Kind::retry,
                   std::string{"can't read "} +
                       (message_->rkt ? rd_kafka_topic_name(message_->rkt) : "a topic") +
                       ": the broker does not have it; make it with `watchfire topics create`"};
    }
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID: {
      char reason[512];
      const rd_kafka_resp_err_t cause = rd_kafka_fatal_error(client_, reason, sizeof reason);
      return Error{Error::Kind::fatal, std::string{"the Kafka consumer ended: "} + reason + " (" +
                                           rd_kafka_err2name(cause) + ")"};
    }
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return Error{Error::Kind::fatal,
                   std::string{"records of "} + rd_kafka_topic_name(message_->rkt) + " partition " +
                       std::to_string(message_->partition) +
                       " that have not been read are gone from the broker: its retention is "
                       "shorter than this process was away"};
    default:
      return error_of(message_->err, "read from Kafka", Error::Kind::retry);
  }
}

Polled Consumer::record_of(const rd_kafka_message_t& message) {
  Polled record;
  record.topic = connection_.ours(rd_kafka_topic_name(message.rkt));
  record.partition = message.partition;
  record.offset = message.offset;
  rd_kafka_timestamp_type_t type;
  record.recorded = Time{streams::Duration{rd_kafka_message_timestamp(&message, &type)}};
  record.key = {static_cast<const char*>(message.key), message.key_len};
  record.null_value = message.payload == nullptr;
  record.value = {static_cast<const char*>(message.payload), message.len};
  if (structured_of(message, structured_)) record.value = structured_;
  return record;
}

Result<Consumer::Extent> Consumer::extent(const Partition& partition) {
  Extent extent;
  const auto ask = [&] {
    return rd_kafka_query_watermark_offsets(client_, connection_.topic(partition.topic).c_str(),
                                            partition.number, &extent.first, &extent.end,
                                            kAnswerMs);
  };
  // The library passes on what soon is over: a topic just made, a leader that moves. A broker that
  // has just become the leader does not know the topic for a moment, though everybody else does.
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{kAnswerMs};
  const auto passes = [&](rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
           code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART &&
            partition_count(partition.topic).ok());
  };
  rd_kafka_resp_err_t code = ask();
  while (passes(code) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    code = ask();
  }
  if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
      code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION || code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
    return Extent{};
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "ask for the ends of " + partition.topic, Error::Kind::retry);
  return extent;
}

Result<Positions> Consumer::ends(const std::vector<Partition>& partitions) {
  // As a time this is the protocol's word for the end.
  const PartitionList list = list_of(connection_, partitions, RD_KAFKA_OFFSET_END);
  const rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(client_, list.get(), kAnswerMs);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "ask for the ends of partitions", Error::Kind::retry);
  Positions ends;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = list->elems[i];
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return error_of(one.err, std::string{"ask for the end of "} + one.topic, Error::Kind::retry);
    ends[partitions[static_cast<std::size_t>(i)]] = one.offset;
  }
  return ends;
}

Result<int> Consumer::partition_count(std::string_view name) {
  const std::string full = connection_.topic(name);
  const Topic topic{rd_kafka_topic_new(client_, full.c_str(), nullptr)};
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t code = rd_kafka_metadata(client_, 0, topic.get(), &metadata, kAnswerMs);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "ask for the topic " + full, Error::Kind::retry);
  const int count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
  rd_kafka_metadata_destroy(metadata);
  if (count > 0) return count;
  return Error{Error::Kind::usage, "the broker at " + connection_.brokers + " has no topic " +
                                       full + ": make it, or name another"};
}

void Consumer::wake(const Partition& partition) {
  std::int64_t first, end;
  (void)rd_kafka_query_watermark_offsets(client_, connection_.topic(partition.topic).c_str(),
                                         partition.number, &first, &end, 100);
}

PartitionList list_of(const Connection& connection, const CommittedOffsets& offsets) {
  PartitionList list{rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size()))};
  for (const auto& [partition, next] : offsets) {
    rd_kafka_topic_partition_t* one = rd_kafka_topic_partition_list_add(
        list.get(), connection.topic(partition.topic).c_str(), partition.number);
    one->offset = next.offset;
    if (next.note.empty()) continue;
    one->metadata = rd_kafka_mem_malloc(nullptr, next.note.size());
    std::copy(next.note.begin(), next.note.end(), static_cast<char*>(one->metadata));
    one->metadata_size = next.note.size();
  }
  return list;
}

PartitionList list_of(const Connection& connection, const std::vector<Partition>& partitions,
                      std::int64_t offset) {
  PartitionList list{rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()))};
  for (const Partition& partition : partitions)
    rd_kafka_topic_partition_list_add(list.get(), connection.topic(partition.topic).c_str(),
                                      partition.number)
        ->offset = offset;
  return list;
}

Result<CommittedOffsets> committed(rd_kafka_t* client, const Connection& connection,
                                   const std::vector<Partition>& partitions) {
  const PartitionList list = list_of(connection, partitions);
  const rd_kafka_resp_err_t code = rd_kafka_committed(client, list.get(), kAnswerMs);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "read the group's committed offsets", Error::Kind::retry);
  CommittedOffsets all;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = list->elems[i];
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return error_of(one.err, std::string{"read the committed offset of "} + one.topic,
                      Error::Kind::retry);
    if (one.offset < 0) continue;
    all[partitions[static_cast<std::size_t>(i)]] = {
        one.offset, {static_cast<const char*>(one.metadata), one.metadata_size}};
  }
  return all;
}

}  // namespace connectors::kafka
