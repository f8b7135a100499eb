#include "connectors/kafka/transactor.h"

#include <charconv>

#include "connectors/kafka/changelog.h"
#include "streams/graph.h"
#include "streams/hash.h"

namespace connectors::kafka {

using streams::Append;
using streams::Commit;
using streams::Error;
using streams::Result;

namespace {

constexpr int kRequestMs = 10'000;  // begin, offsets, abort: then the producer is rebuilt
constexpr int kAttempts = 20;
constexpr std::string_view kContentType = "application/cloudevents+json; charset=UTF-8";

}  // namespace

std::string offset_note(const OffsetNote& note) {
  return std::to_string(note.sequence) + " " + std::to_string(note.mark) + " " +
         std::to_string(note.clock.time_since_epoch().count());
}

std::optional<OffsetNote> read_offset_note(std::string_view note) {
  OffsetNote read;
  const char* end = note.data() + note.size();
  const auto first = std::from_chars(note.data(), end, read.sequence);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ' ') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, read.mark);
  if (second.ec != std::errc{}) return std::nullopt;
  if (second.ptr == end) return read;
  streams::Duration::rep clock = 0;
  if (*second.ptr != ' ' || std::from_chars(second.ptr + 1, end, clock).ptr != end)
    return std::nullopt;
  read.clock = streams::Time{streams::Duration{clock}};
  return read;
}

Transactor::Transactor(const Connection& connection, TransactorOptions options)
    : connection_(connection), options_(std::move(options)) {}

Transactor::~Transactor() {
  close();
}

void Transactor::close() {
  state_ = State::closed;
  topics_.clear();
  if (producer_ == nullptr) return;
  // What is still queued belongs to a transaction that ends with this producer.
  rd_kafka_purge(producer_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(producer_, 100);
  rd_kafka_destroy(std::exchange(producer_, nullptr));
}

Result<void> Transactor::open() {
  if (state_ != State::closed) return {};
  Result<Conf> conf =
      configure(connection_, {{"transactional.id", options_.id},
                              {"transaction.timeout.ms", std::to_string(options_.timeout.count())},
                              {"message.timeout.ms", std::to_string(options_.timeout.count())},
                              {"linger.ms", "5"},
                              {"batch.size", "1048576"},
                              {"queue.buffering.max.messages", "1000000"},
                              {"queue.buffering.max.kbytes", "131072"}});
  if (!conf) return conf.error();
  rd_kafka_conf_set_dr_msg_cb(conf->get(), delivered);
  rd_kafka_conf_set_opaque(conf->get(), this);
  char reason[512];
  producer_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason, sizeof reason);
  if (producer_ == nullptr)
    return Error{Error::Kind::usage, std::string{"the Kafka settings are refused: "} + reason};
  (void)conf->release();
  // A topic that the library hears of with its first record is ready up to a second later (before
  // librdkafka 2.10.1).
  (void)topic(streams::kCityEvents);
  for (const auto& [name, count] : options_.partitions) (void)topic(name);
  for (int attempt = 0;; ++attempt) {
    const KafkaError error{rd_kafka_init_transactions(producer_, kRequestMs)};
    if (!error) break;
    if (rd_kafka_error_is_retriable(error.get()) && attempt < kAttempts) continue;
    if (rd_kafka_error_code(error.get()) == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE) {
      const std::string said = rd_kafka_error_string(error.get());
      close();
      return Error{Error::Kind::usage,
                   "the broker at " + connection_.brokers +
                       " is too old: exactly once needs Apache Kafka 2.5 or newer (" + said + ")"};
    }
    Error failed = error_of(error, "begin transactions as " + options_.id, Error::Kind::retry);
    close();
    return failed;
  }
  state_ = State::ready;
  return {};
}

rd_kafka_topic_t* Transactor::topic(const std::string& name) {
  Topic& topic = topics_[name];
  if (!topic) topic.reset(rd_kafka_topic_new(producer_, connection_.topic(name).c_str(), nullptr));
  return topic.get();
}

void Transactor::delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* self = static_cast<Transactor*>(opaque);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (self->delivery_failure_.empty())
      self->delivery_failure_ = std::string{"a record for "} + rd_kafka_topic_name(message->rkt) +
                                " was not taken: " + rd_kafka_err2str(message->err);
  } else if (message->_private != nullptr) {
    static_cast<Delivery*>(message->_private)->offset = message->offset;
  }
}

/// Enqueues one record, waiting while the queue is full; a sentence where it can't be.
template <class Produce>
std::string Transactor::enqueue(const Produce& produce) {
  while (true) {
    const rd_kafka_resp_err_t code = produce();
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      return std::string{"a record can't be sent: "} + rd_kafka_err2str(code);
    rd_kafka_poll(producer_, 10);
  }
}

std::string Transactor::produce_output(const Append& output) {
  int partition = output.to.number;
  if (partition == streams::kByKey) {
    const auto count = options_.partitions.find(output.to.topic);
    partition =
        count == options_.partitions.end() ? 0 : streams::partition_of(output.key, count->second);
  }
  std::vector<rd_kafka_vu_t> fields;
  const auto add = [&fields](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
    rd_kafka_vu_t& field = fields.emplace_back();
    field.vtype = type;
    return field;
  };
  fields.reserve(7);
  add(RD_KAFKA_VTYPE_RKT).u.rkt = topic(output.to.topic);
  add(RD_KAFKA_VTYPE_PARTITION).u.i32 = partition;
  // The commit outlives the transaction: nothing is copied but the key.
  add(RD_KAFKA_VTYPE_MSGFLAGS).u.i = 0;
  rd_kafka_vu_t& value = add(RD_KAFKA_VTYPE_VALUE);
  value.u.mem.ptr = const_cast<char*>(output.bytes.data());
  value.u.mem.size = output.bytes.size();
  add(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = output.recorded.time_since_epoch().count();
  if (!output.key.empty()) {
    rd_kafka_vu_t& key = add(RD_KAFKA_VTYPE_KEY);
    key.u.mem.ptr = const_cast<char*>(output.key.data());
    key.u.mem.size = output.key.size();
  }
  if (options_.cloud_events) {
    rd_kafka_vu_t& header = add(RD_KAFKA_VTYPE_HEADER);
    header.u.header.name = "content-type";
    header.u.header.val = kContentType.data();
    header.u.header.size = static_cast<ssize_t>(kContentType.size());
  }
  return enqueue([&] {
    const KafkaError error{rd_kafka_produceva(producer_, fields.data(), fields.size())};
    return error ? rd_kafka_error_code(error.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
  });
}

std::string Transactor::produce_changes(const Commit& commit, const streams::TaskChanges& changes,
                                        Delivery& marker) {
  rd_kafka_topic_t* const log = topic(std::string{kChangelog});
  const auto send = [&](std::string_view key, const char* value, std::size_t size, int flags,
                        void* opaque) {
    return enqueue([&] {
      return rd_kafka_produce(log, changes.partition, flags, const_cast<char*>(value), size,
                              key.data(), key.size(), opaque) == 0
                 ? RD_KAFKA_RESP_ERR_NO_ERROR
                 : rd_kafka_last_error();
    });
  };
  streams::RowReader rows{*changes.block};
  for (streams::ChangedRow row; rows.next(row);) {
    std::string failed = send(row.whole_key(), row.gone ? nullptr : row.value.data(),
                              row.gone ? 0 : row.value.size(), 0, nullptr);
    if (!failed.empty()) return failed;
  }
  const std::string text = marker_of(commit, changes.partition);
  return send(kMarkerKey, text.data(), text.size(), RD_KAFKA_MSG_F_COPY, &marker);
}

std::string Transactor::produce(const Commit& commit) {
  delivery_failure_.clear();
  markers_.assign(commit.changes.size(), {});
  for (const Append& output : commit.outputs)
    if (std::string failed = produce_output(output); !failed.empty()) return failed;
  for (std::size_t i = 0; i < commit.changes.size(); ++i)
    if (std::string failed = produce_changes(commit, commit.changes[i], markers_[i]);
        !failed.empty())
      return failed;
  return flush();
}

std::string Transactor::flush() {
  const auto until = std::chrono::steady_clock::now() + options_.timeout;
  while (rd_kafka_flush(producer_, 1000) != RD_KAFKA_RESP_ERR_NO_ERROR)
    if (std::chrono::steady_clock::now() > until || !delivery_failure_.empty()) break;
  if (!delivery_failure_.empty()) return delivery_failure_;
  if (rd_kafka_outq_len(producer_) > 0) return "the broker did not take all records in time";
  return {};
}

/// What an error of the transaction protocol asks for (rdkafka.h, "Transactional producer API").
Transactor::Next Transactor::next_of(const KafkaError& error, std::string_view doing,
                                     std::string& why) {
  why = error_of(error, doing).what;
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
  if (rd_kafka_error_is_fatal(error.get()) || code == RD_KAFKA_RESP_ERR__FATAL)
    return Next::rebuild;
  if (rd_kafka_error_txn_requires_abort(error.get())) return Next::abort;
  if (code == RD_KAFKA_RESP_ERR__TIMED_OUT) return Next::rebuild;
  if (rd_kafka_error_is_retriable(error.get())) return Next::again;
  return Next::rebuild;
}

Transactor::Next Transactor::send_offsets(const Commit& commit, const GroupMetadata& group,
                                          const Clocks& clocks, std::string& why) {
  if (commit.consumed.empty()) return Next::go_on;
  CommittedOffsets offsets;
  for (const auto& [partition, next] : commit.consumed) {
    OffsetNote note{commit.sequence};
    for (std::size_t i = 0; i < commit.changes.size(); ++i)
      if (commit.changes[i].partition == partition.number)
        note.mark = static_cast<streams::Mark>(markers_[i].offset + 1);
    if (const auto clock = clocks.find(partition.number); clock != clocks.end())
      note.clock = clock->second;
    offsets[partition] = {next, offset_note(note)};
  }
  const PartitionList list = list_of(connection_, offsets);
  for (int attempt = 0;; ++attempt) {
    const KafkaError error{
        rd_kafka_send_offsets_to_transaction(producer_, list.get(), group.get(), kRequestMs)};
    if (!error) return Next::go_on;
    const Next next = next_of(error, "add offsets to a transaction", why);
    if (next != Next::again) return next;
    if (attempt == kAttempts) return Next::rebuild;
  }
}

Result<Transactor::Ended> Transactor::run(const Commit& commit, const GroupMetadata& group,
                                          const Clocks& clocks) {
  if (Result<void> opened = open(); !opened) return opened.error();
  std::string why;
  const KafkaError begun{rd_kafka_begin_transaction(producer_)};
  if (begun) {
    (void)next_of(begun, "begin a transaction", why);
    return end(Next::rebuild, std::move(why));
  }
  state_ = State::producing;
  if (why = produce(commit); !why.empty()) return end(Next::abort, std::move(why));
  if (const Next next = send_offsets(commit, group, clocks, why); next != Next::go_on)
    return end(next, std::move(why));

  state_ = State::committing;
  Ended ended;
  for (std::size_t i = 0; i < commit.changes.size(); ++i)
    ended.marks.push_back(
        {commit.changes[i].partition, static_cast<streams::Mark>(markers_[i].offset + 1)});
  for (int attempt = 0;; ++attempt) {
    const KafkaError error{rd_kafka_commit_transaction(producer_, -1)};
    if (!error) break;
    const Next next = next_of(error, "commit a transaction", ended.why);
    if (next == Next::again && attempt < kAttempts) continue;
    if (next == Next::abort) return end(next, std::move(ended.why));
    // It may have been committed all the same.
    close();
    ++counts_.rebuilt;
    ended.outcome = Outcome::unknown;
    return ended;
  }
  state_ = State::ready;
  ++counts_.committed;
  ended.outcome = Outcome::committed;
  return ended;
}

Transactor::Ended Transactor::end(Next next, std::string why) {
  Ended ended{Outcome::aborted, {}, std::move(why)};
  ++counts_.aborted;
  if (next == Next::abort) {
    rd_kafka_purge(producer_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(producer_, 0);
    const KafkaError error{rd_kafka_abort_transaction(producer_, -1)};
    if (!error) {
      state_ = State::ready;
      return ended;
    }
  }
  close();  // the next open() fences it, and the broker aborts
  ++counts_.rebuilt;
  return ended;
}

}  // namespace connectors::kafka
