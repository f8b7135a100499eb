#include "streams/inbox.h"

#include "streams/graph.h"

namespace streams {
namespace {

constexpr std::size_t kFetchBytes = 256 << 10;

}  // namespace

Inbox::Inbox(Log& log, const std::vector<std::string>& doors, int partition)
    : log_(log), partition_(partition) {
  for (const std::string& door : doors) doors_.push_back({.partition = {door, partition}});
}

Result<void> Inbox::refill(Door& door) {
  Result<Batch> batch = log_.fetch(door.partition, door.next, kFetchBytes);
  if (!batch) return batch.error();
  door.batch = std::move(*batch);
  door.at = 0;
  return {};
}

Result<Inbox::Next> Inbox::peek() {
  Next next;
  first_ = nullptr;
  for (Door& door : doors_) {
    if (door.at == door.batch.records.size())
      if (Result<void> refilled = refill(door); !refilled) return refilled.error();
    if (door.at == door.batch.records.size()) continue;
    const LogRecord& head = door.batch.records[door.at];
    if (head.offset >= door.end) continue;
    if (next.record != nullptr && head.recorded >= next.record->recorded) continue;
    first_ = &door;
    next = {&door.partition.topic, &head};
  }
  return next;
}

void Inbox::take() {
  first_->next = first_->batch.records[first_->at].offset + 1;
  ++first_->at;
}

Result<void> Inbox::seek(const Offsets& consumed) {
  letters.clear();
  letters_next_ = 0;
  for (Door& door : doors_) door = {.partition = door.partition};
  for (const auto& [partition, next] : consumed) {
    if (partition.number != partition_) continue;
    if (partition.topic == kCityEvents) letters_next_ = next;
    for (Door& door : doors_)
      if (door.partition == partition) door.next = next;
  }
  for (std::int64_t next = letters_next_;;) {
    Result<Batch> batch = log_.fetch({kCityEvents, partition_}, next, kFetchBytes);
    if (!batch) return batch.error();
    if (batch->records.empty()) return {};
    for (const LogRecord& record : batch->records)
      letters.push_back({record.recorded, std::string{record.bytes}});
    next = batch->records.back().offset + 1;
  }
}

void Inbox::end_at(const Offsets& consumed) {
  for (Door& door : doors_) door.end = 0;
  for (const auto& [partition, next] : consumed)
    for (Door& door : doors_)
      if (door.partition == partition) door.end = next;
}

std::int64_t Inbox::taken() const {
  std::int64_t taken = 0;
  for (const Door& door : doors_) taken += door.next;
  return taken;
}

void Inbox::add_positions(Offsets& consumed) const {
  for (const Door& door : doors_) consumed.emplace_back(door.partition, door.next);
  consumed.emplace_back(Partition{kCityEvents, partition_}, letters_next_);
}

}  // namespace streams
