#include "connectors/kafka/member.h"

#include <algorithm>

namespace connectors::kafka {

using streams::Error;
using streams::Result;

namespace {

constexpr int kSleepsWhenFull = 0x02020000;  // librdkafka before this
constexpr std::chrono::milliseconds kWakeInterval{5};

}  // namespace

Result<std::unique_ptr<Member>> Member::open(const Connection& connection,
                                             const MemberOptions& options) {
  std::unique_ptr<Member> member{new Member{connection}};
  ConsumerOptions consumer;
  consumer.queue_kib = options.queue_kib;
  consumer.settings = {{"group.id", options.group},
                       {"group.instance.id", options.instance},
                       {"partition.assignment.strategy", "range"},
                       {"session.timeout.ms", std::to_string(options.session.count())},
                       {"heartbeat.interval.ms", std::to_string(options.session.count() / 5)},
                       {"max.poll.interval.ms", "300000"}};
  if (Result<void> started = member->start(consumer); !started) return started.error();
  const PartitionList topics{rd_kafka_topic_partition_list_new(1)};
  for (const std::string& topic : options.topics)
    rd_kafka_topic_partition_list_add(topics.get(), connection.topic(topic).c_str(),
                                      RD_KAFKA_PARTITION_UA);
  const rd_kafka_resp_err_t code = rd_kafka_subscribe(member->client_, topics.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(code, "join the group " + options.group);
  if (rd_kafka_version() < kSleepsWhenFull)
    member->waker_ = std::thread{[raw = member.get()] { raw->keep_awake(); }};
  return member;
}

Member::~Member() {
  stop_ = true;
  if (waker_.joinable()) waker_.join();
  closing_ = true;
  close();
}

void Member::prepare(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
  rd_kafka_conf_set_opaque(conf, this);
}

void Member::rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t code,
                        rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  auto* self = static_cast<Member*>(opaque);
  if (self->closing_) {  // nobody answers any more what is assigned: asking would wait for good
    rd_kafka_assign(client, nullptr);
    return;
  }
  if (code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS &&
      code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    assign_now(client, nullptr);
    return;
  }
  // The metadata is taken in every change, together with what is owned: at a revocation too, for
  // its generation may already be another than at the assignment.
  Change change{Change::Kind::assigned, {}, GroupMetadata::of(client)};
  if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
    change.kind = rd_kafka_assignment_lost(client) || !change.group.member()
                      ? Change::Kind::lost
                      : Change::Kind::revoked;
  for (int i = 0; i < partitions->cnt; ++i)
    change.partitions.push_back({std::string{self->connection_.ours(partitions->elems[i].topic)},
                                 partitions->elems[i].partition});
  self->change_ = std::move(change);
}

void Member::release() {
  assign_now(client_, nullptr);
}

Result<void> Member::commit(const CommittedOffsets& offsets) {
  if (offsets.empty()) return {};
  const PartitionList list = list_of(connection_, offsets);
  const rd_kafka_resp_err_t code = rd_kafka_commit(client_, list.get(), 0);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "commit offsets", Error::Kind::retry);
  return {};
}

Result<void> Member::assign(const Positions& positions) {
  readings_.clear();
  last_ = 0;
  for (const auto& [partition, next] : positions) readings_.push_back({partition, std::nullopt});
  tell_waker();
  return Consumer::assign(positions);
}

Member::Reading* Member::reading(const Polled& record) {
  const auto is_it = [&](const Reading& one) {
    return one.partition.number == record.partition && one.partition.topic == record.topic;
  };
  if (last_ < readings_.size() && is_it(readings_[last_])) return &readings_[last_];
  const auto it = std::find_if(readings_.begin(), readings_.end(), is_it);
  if (it == readings_.end()) return nullptr;
  last_ = static_cast<std::size_t>(it - readings_.begin());
  return &*it;
}

Result<std::optional<Polled>> Member::poll(std::chrono::milliseconds wait) {
  Result<std::optional<Polled>> polled = Consumer::poll(wait);
  if (!polled || !*polled) {
    tell_waker();
    return polled;
  }
  if (Reading* of = reading(**polled); of != nullptr) {
    if ((*polled)->end)
      of->unended_since.reset();
    else if (!of->unended_since)
      of->unended_since = Clock::now();
  }
  return polled;
}

std::chrono::milliseconds Member::unended_for() const {
  const auto now = Clock::now();
  auto since = now;
  for (const Reading& one : readings_)
    if (one.unended_since) since = std::min(since, *one.unended_since);
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - since);
}

// ---- librdkafka before 2.2 ----------------------------------------------------------------------

/// Called when nothing comes: where an end is still to be reached, the fetcher may be asleep.
void Member::tell_waker() {
  const std::lock_guard lock{mutex_};
  awake_.clear();
  for (const Reading& one : readings_)
    if (one.unended_since) awake_.push_back(one.partition);
}

/// Each broker has a fetcher of its own: partitions take turns.
void Member::keep_awake() {
  std::size_t turn = 0;
  while (!stop_) {
    std::this_thread::sleep_for(kWakeInterval);
    std::optional<streams::Partition> next;
    {
      const std::lock_guard lock{mutex_};
      if (!awake_.empty()) next = awake_[turn++ % awake_.size()];
    }
    if (next) wake(*next);
  }
}

}  // namespace connectors::kafka
