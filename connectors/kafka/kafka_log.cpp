#include "connectors/kafka/kafka_log.h"

#include <algorithm>

#include "connectors/kafka/city_identity.h"
#include "streams/graph.h"

namespace connectors::kafka {

using streams::Error;
using streams::Mark;
using streams::Partition;
using streams::Result;
using streams::TaskMark;

KafkaLog::KafkaLog(const Connection& connection, const KafkaLogOptions& options)
    : connection_(connection),
      options_(options),
      transactor_(connection, {.id = options.app, .group = options.app}),
      changelog_(connection) {}

Result<std::unique_ptr<KafkaLog>> KafkaLog::open(const Connection& connection,
                                                 const KafkaLogOptions& options) {
  if (Result<CityIdentity> owned = claim_city(connection, options.partitions, options.app, "");
      !owned)
    return owned.error();
  std::unique_ptr<KafkaLog> log{new KafkaLog{connection, options}};
  ConsumerOptions group;
  group.settings = {{"group.id", options.app}};
  Result<std::unique_ptr<Consumer>> consumer = Consumer::open(connection, group);
  if (!consumer) return consumer.error();
  log->group_ = std::move(*consumer);
  // First of all: it ends what an earlier holder of the id left open.
  if (Result<void> opened = log->transactor_.open(); !opened) return opened.error();
  Result<std::unique_ptr<KafkaReader>> reader =
      KafkaReader::open(connection, KafkaReader::End::asked);
  if (!reader) return reader.error();
  log->reader_ = std::move(*reader);
  Result<std::unique_ptr<Appender>> appender = Appender::open(connection, {});
  if (!appender) return appender.error();
  log->appender_ = std::move(*appender);
  return log;
}

Result<streams::Batch> KafkaLog::fetch(const Partition& partition, std::int64_t offset,
                                       std::size_t limit_bytes) {
  if (partition.topic == streams::kCityEvents)
    return fetch_letters(partition, static_cast<std::size_t>(offset), limit_bytes);
  return reader_->fetch(partition, offset, limit_bytes);
}

Result<streams::Batch> KafkaLog::fetch_letters(const Partition& partition, std::size_t first,
                                               std::size_t limit_bytes) {
  const std::lock_guard lock{mutex_};
  std::vector<std::int64_t>& places = letters_[partition.number];
  if (places.empty()) {
    const Result<Consumer::Extent> extent = reader_->extent(partition);
    if (!extent) return extent.error();
    if (extent->first > 0)
      return Error{Error::Kind::usage, "the beginning of " + connection_.topic(partition.topic) +
                                           " is deleted already: letters can't be counted; take "
                                           "another --prefix, or run the city in workers"};
  }
  while (true) {
    std::size_t number = std::min(first, places.size());
    const bool asked_for = number == first;
    const std::int64_t from = number < places.size() ? places[number]
                              : places.empty()       ? 0
                                                     : places.back() + 1;
    Result<streams::Batch> batch = reader_->fetch(partition, from, limit_bytes);
    if (!batch || batch->records.empty()) return batch;
    for (streams::LogRecord& record : batch->records) {
      if (number == places.size()) places.push_back(record.offset);
      record.offset = static_cast<std::int64_t>(number++);
    }
    if (asked_for) return batch;
  }
}

Result<void> KafkaLog::append(std::vector<streams::Append> records, bool) {
  return appender_->append(std::move(records));
}

Result<std::vector<TaskMark>> KafkaLog::commit(streams::Commit commit) {
  Result<Transactor::Ended> ended = transactor_.run(commit, GroupMetadata::alone(options_.app));
  if (!ended) return ended.error();
  if (ended->outcome == Transactor::Outcome::committed) return ended->marks;
  if (ended->outcome == Transactor::Outcome::unknown) {
    if (Result<void> opened = transactor_.open(); !opened) return opened.error();
    Result<Position> now = position();
    if (!now) return now.error();
    if (now->sequence >= commit.sequence) return ended->marks;
  }
  return Error{Error::Kind::abort_task, ended->why};
}

Result<CommittedOffsets> KafkaLog::read_committed_offsets() {
  std::vector<Partition> partitions;
  for (const std::string& topic : options_.inputs)
    for (int number = 0; number < options_.partitions; ++number)
      partitions.push_back({topic, number});
  return committed(group_->handle(), connection_, partitions);
}

Result<streams::Log::Position> KafkaLog::position() {
  Result<CommittedOffsets> all = read_committed_offsets();
  if (!all) return all.error();
  Position position;
  for (const auto& [partition, one] : *all) {
    position.consumed.emplace_back(partition, one.offset);
    if (const std::optional<OffsetNote> note = read_offset_note(one.note))
      position.sequence = std::max(position.sequence, note->sequence);
  }
  return position;
}

Result<void> KafkaLog::changes_after(int partition, Mark mark, const TakeChanges& take) {
  Result<CommittedOffsets> all = read_committed_offsets();
  if (!all) return all.error();
  OffsetNote newest;
  for (const auto& [place, one] : *all) {
    if (place.number != partition) continue;
    const std::optional<OffsetNote> note = read_offset_note(one.note);
    if (note && note->sequence >= newest.sequence) newest = *note;
  }
  if (newest.mark <= mark) return {};
  Result<Marker> marker = changelog_.read(partition, mark, newest.mark, take);
  if (!marker) return marker.error();
  for (const MarkerPosition& one : marker->consumed) {
    const auto place = all->find({one.topic, partition});
    if (place == all->end() || place->second.offset < one.next)
      return Error{Error::Kind::fatal, "the changelog of partition " + std::to_string(partition) +
                                           " is ahead of the group's offset of " + one.topic +
                                           ": offsets were reset; reset the changelog too, or "
                                           "take another --app name"};
  }
  return {};
}

}  // namespace connectors::kafka
