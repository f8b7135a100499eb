#include "connectors/kafka/reader.h"

#include <algorithm>

#include "streams/graph.h"
#include "streams/version.h"

namespace connectors::kafka {

using streams::Batch;
using streams::Error;
using streams::Partition;
using streams::Result;

namespace {

constexpr std::size_t kBatchBytes = 256 << 10;
constexpr std::chrono::seconds kPatience{30};

}  // namespace

Result<std::unique_ptr<KafkaReader>> KafkaReader::open(const Connection& connection, End end) {
  ConsumerOptions options;
  options.settings = {{"fetch.wait.max.ms", "20"}};
  Result<std::unique_ptr<Consumer>> consumer = Consumer::open(connection, options);
  if (!consumer) return consumer.error();
  std::unique_ptr<Consumer> ends;
  if (end == End::asked) {
    ConsumerOptions all;
    all.committed_only = false;
    Result<std::unique_ptr<Consumer>> asker = Consumer::open(connection, all);
    if (!asker) return asker.error();
    ends = std::move(*asker);
  }
  return std::unique_ptr<KafkaReader>{new KafkaReader{std::move(*consumer), std::move(ends)}};
}

Result<Consumer::Extent> KafkaReader::extent(const Partition& partition) {
  const std::lock_guard lock{mutex_};
  return consumer_->extent(partition);
}

std::int64_t KafkaReader::received(const Partition& partition) {
  const std::lock_guard lock{mutex_};
  const auto lane = lanes_.find(partition);
  return lane == lanes_.end() ? 0 : lane->second.next;
}

Result<void> KafkaReader::start(const Partition& partition, std::int64_t offset) {
  lanes_[partition] = {offset, offset, {}, {}};
  Positions positions;
  for (const auto& [place, lane] : lanes_) positions[place] = lane.next;
  return consumer_->assign(positions);
}

Result<bool> KafkaReader::receive(std::chrono::milliseconds wait) {
  bool any = false;
  while (true) {
    Result<std::optional<Polled>> polled =
        consumer_->poll(any ? std::chrono::milliseconds{0} : wait);
    if (!polled) return polled.error();
    if (!*polled) return any;
    any = true;
    const Polled& record = **polled;
    const auto lane = lanes_.find({std::string{record.topic}, record.partition});
    if (lane == lanes_.end()) continue;
    if (record.end) {
      lane->second.next = std::max(lane->second.next, record.offset);
      continue;
    }
    if (record.offset < lane->second.next) continue;
    lane->second.next = record.offset + 1;
    BatchBuilder& building = lane->second.building;
    building.add(record.offset, record.recorded, record.value);
    if (building.size_bytes() >= kBatchBytes) lane->second.ready.push_back(building.take());
  }
}

Batch KafkaReader::take(Lane& lane, std::size_t limit_bytes) {
  if (!lane.building.empty()) lane.ready.push_back(lane.building.take());
  if (lane.ready.empty()) return {};
  Batch batch = std::move(lane.ready.front());
  lane.ready.pop_front();
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < batch.records.size() && (count == 0 || bytes < limit_bytes);
       ++count)
    bytes += batch.records[count].bytes.size();
  if (count < batch.records.size()) {
    Batch rest{batch.owner,
               {batch.records.begin() + static_cast<std::ptrdiff_t>(count), batch.records.end()}};
    lane.ready.push_front(std::move(rest));
    batch.records.resize(count);
  }
  lane.asked = batch.records.back().offset + 1;
  return batch;
}

Result<Batch> KafkaReader::fetch(const Partition& partition, std::int64_t offset,
                                 std::size_t limit_bytes) {
  const std::lock_guard lock{mutex_};
  const auto found = lanes_.find(partition);
  if (found == lanes_.end() || found->second.asked != offset) {
    Result<Consumer::Extent> extent = (ends_ ? ends_ : consumer_)->extent(partition);
    if (!extent) return extent.error();
    if (offset >= extent->end) return Batch{};  // also where the topic is not there yet
    if (Result<void> started = start(partition, std::max(offset, extent->first)); !started)
      return started.error();
    lanes_[partition].asked = offset;
  }
  Lane& lane = lanes_[partition];
  if (Result<bool> received = receive(std::chrono::milliseconds{0}); !received)
    return received.error();
  Batch batch = take(lane, limit_bytes);
  if (!batch.records.empty() || !ends_) return batch;

  Result<Consumer::Extent> extent = ends_->extent(partition);
  if (!extent) return extent.error();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (lane.next < extent->end) {
    if (Result<bool> received = receive(std::chrono::milliseconds{100}); !received)
      return received.error();
    if (std::chrono::steady_clock::now() > until)
      return Error{Error::Kind::retry, "the broker did not send the records of " + partition.topic +
                                           " that it says it has"};
  }
  return take(lane, limit_bytes);
}

/// Ticks come four times a second: between two of them lies what a partition takes meanwhile.
Result<streams::Time> newest_tick(KafkaReader& reader, const streams::Partition& partition) {
  constexpr std::int64_t kLookedThrough = 10'000;
  const auto extent = reader.extent(partition);
  if (!extent) return extent.error();
  streams::Time newest{};
  for (std::int64_t at = std::max(extent->first, extent->end - kLookedThrough); at < extent->end;) {
    const Result<streams::Batch> batch = reader.fetch(partition, at, 1 << 20);
    if (!batch) return batch.error();
    if (batch->records.empty()) break;
    for (const streams::LogRecord& record : batch->records)
      if (record.bytes.find(streams::kTickType) != std::string_view::npos)
        newest = std::max(newest, record.recorded);
    at = batch->records.back().offset + 1;
  }
  return newest;
}

}  // namespace connectors::kafka
