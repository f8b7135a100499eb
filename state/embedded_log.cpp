#include "state/embedded_log.h"

#include <rocksdb/write_batch.h>

#include <algorithm>

#include "state/fail_point.h"
#include "state/log_position.h"

namespace state {

using rocksdb::Status;
using streams::Append;
using streams::Batch;
using streams::Commit;
using streams::Error;
using streams::Partition;
using streams::Result;
using streams::Time;

namespace {

const std::string kPositionKey = "position";

}  // namespace

EmbeddedLog::EmbeddedLog(Database& database, const EmbeddedLogOptions& options)
    : database_(database), options_(options), stored_(database), changes_(database) {}

EmbeddedLog::~EmbeddedLog() {
  // A failure has been told to a writer already, or only touches what was never called durable.
  (void)flush().ok();
}

Result<std::unique_ptr<EmbeddedLog>> EmbeddedLog::open(Database& database,
                                                       const EmbeddedLogOptions& options) {
  std::unique_ptr<EmbeddedLog> log{new EmbeddedLog(database, options)};
  if (Result<void> loaded = log->load(); !loaded) return loaded.error();
  return log;
}

Result<void> EmbeddedLog::load() {
  if (Result<void> loaded = names_.load(database_); !loaded) return loaded;
  std::map<std::uint32_t, std::string> by_id;
  for (const auto& [name, topic] : names_.all()) {
    if (topic.latest_only != options_.latest_only.contains(name) && !database_.read_only())
      return Error{Error::Kind::usage,
                   "topic " + name + " in " + database_.directory() + " was made to keep " +
                       (topic.latest_only ? "only the newest record per key" : "all records") +
                       " and can't change: configure it so, or start in an empty directory"};
    by_id[topic.id] = name;
  }
  Result<std::vector<LogPlace>> places = stored_.places();
  if (!places) return places.error();
  for (const LogPlace place : *places) {
    const Partition partition{by_id[place.topic_id], static_cast<int>(place.number)};
    const Result<StoredBlocks::Extent> extent = stored_.extent({place, partition});
    if (!extent) return extent.error();
    Blocks& blocks = blocks_.try_emplace(partition, place, options_.limits).first->second;
    blocks.tail.start(extent->end, extent->last_recorded, extent->bytes_end);
    blocks.first = extent->first;
    blocks.first_recorded = extent->first_recorded;
    blocks.bytes_before = extent->bytes_before;
  }
  places = LatestRecords::places(database_);
  if (!places) return places.error();
  for (const LogPlace place : *places) {
    const Partition partition{by_id[place.topic_id], static_cast<int>(place.number)};
    LatestRecords& latest = latest_.try_emplace(partition, place).first->second;
    if (Result<void> loaded = latest.load(database_); !loaded) return loaded;
  }
  std::string stored;
  const Status status = database_.rocks().Get({}, database_.meta(), kPositionKey, &stored);
  if (!status.ok() && !status.IsNotFound()) return database_.error(status, "read the last commit");
  if (status.ok()) {
    std::optional<Position> position = read_position(stored);
    if (!position)
      return Error{Error::Kind::fatal, "the last commit's position in " + database_.directory() +
                                           "/state is damaged; restore the directory from a copy"};
    position_ = std::move(*position);
  }
  return changes_.load();
}

bool EmbeddedLog::latest_only(const std::string& topic) const {
  return options_.latest_only.contains(topic);
}

EmbeddedLog::Blocks& EmbeddedLog::blocks_of(const Partition& partition) {
  const auto found = blocks_.find(partition);
  if (found != blocks_.end()) return found->second;
  const LogPlace place{names_.find_or_add(partition.topic, false).id,
                       static_cast<std::uint32_t>(partition.number)};
  return blocks_.try_emplace(partition, place, options_.limits).first->second;
}

LatestRecords& EmbeddedLog::latest_of(const Partition& partition) {
  const auto found = latest_.find(partition);
  if (found != latest_.end()) return found->second;
  const LogPlace place{names_.find_or_add(partition.topic, true).id,
                       static_cast<std::uint32_t>(partition.number)};
  return latest_.try_emplace(partition, place).first->second;
}

Result<Batch> EmbeddedLog::fetch(const Partition& partition, std::int64_t offset,
                                 std::size_t limit_bytes) {
  NamedPlace at{{}, partition};
  for (std::int64_t first = 0;;) {
    std::int64_t written_end = 0;
    {
      const std::lock_guard lock{mutex_};
      const auto found = blocks_.find(partition);
      if (found == blocks_.end()) {
        const auto latest = latest_.find(partition);
        if (latest == latest_.end() || offset >= latest->second.end()) return Batch{};
        at.place = latest->second.place();
        break;
      }
      const Blocks& blocks = found->second;
      first = blocks.first;
      offset = std::max(offset, first);
      written_end = blocks.tail.written_end();
      if (offset >= written_end) return blocks.tail.read(offset);
      at.place = blocks.place;
    }
    Result<Batch> batch = stored_.fetch(at, offset, written_end, limit_bytes);
    if (batch && batch->records.front().offset == offset) return batch;
    // Missing: a trim may have taken it meanwhile; then begin where the partition now begins.
    const std::lock_guard lock{mutex_};
    if (blocks_.at(partition).first != first) continue;
    if (!batch) return batch;
    return Error{Error::Kind::fatal,
                 "the log is damaged: topic " + partition.topic + " partition " +
                     std::to_string(partition.number) + " has no record at offset " +
                     std::to_string(offset) + " in " + database_.directory() +
                     "/state; check the disk and restore the directory from a copy"};
  }
  return newest_from(database_, at.place, offset);
}

Result<void> EmbeddedLog::check(const std::vector<Append>& records) const {
  if (database_.read_only())
    return Error{Error::Kind::usage, database_.directory() +
                                         " is open for reading only: send records to the watchfire "
                                         "process that runs on it"};
  for (const Append& record : records)
    if (record.key.empty() && latest_only(record.to.topic))
      return Error{Error::Kind::usage, "a record for topic " + record.to.topic +
                                           " has no key, but the topic keeps the newest record per "
                                           "key: give it one"};
  return {};
}

void EmbeddedLog::keep(const Append& record, bool of_commit) {
  if (latest_only(record.to.topic)) {
    LatestRecords& latest = latest_of(record.to);
    latest.add(record);
    unwritten_latest_.insert(&latest);
    return;
  }
  Blocks& blocks = blocks_of(record.to);
  blocks.tail.add(record.recorded, record.bytes, of_commit);
  if (!blocks.first_recorded) blocks.first_recorded = blocks.tail.last_recorded();
  unwritten_.insert(&blocks);
}

Result<void> EmbeddedLog::append(std::vector<Append> records, bool durable) {
  if (Result<void> checked = check(records); !checked) return checked;
  std::uint64_t ticket = 0;
  bool full = false;
  {
    const std::lock_guard lock{mutex_};
    if (failure_) return *failure_;
    for (const Append& record : records) keep(record, false);
    ticket = ++kept_;
    for (const Blocks* blocks : unwritten_) full = full || blocks->tail.has_full_block();
  }
  fail_point("log.append");
  if (!durable && !full) return {};
  return write(nullptr, ticket, durable);
}

Result<void> EmbeddedLog::flush() {
  std::uint64_t ticket = 0;
  {
    const std::lock_guard lock{mutex_};
    ticket = kept_;
  }
  return write(nullptr, ticket, false);
}

Result<std::vector<streams::TaskMark>> EmbeddedLog::commit(Commit commit) {
  if (Result<void> checked = check(commit.outputs); !checked) return checked.error();
  std::vector<streams::TaskMark> marks;
  for (const streams::TaskChanges& changes : commit.changes)
    marks.push_back({changes.partition, commit.sequence});
  if (Result<void> written = write(&commit, 0, false); !written) return written.error();
  return marks;
}

Result<void> EmbeddedLog::write(const Commit* commit, std::uint64_t ticket, bool sync) {
  const auto covered = [&] { return commit == nullptr && (sync ? synced_ : written_) >= ticket; };
  std::unique_lock lock{mutex_};
  turn_.wait(lock, [&] { return !writing_ || covered(); });
  if (covered()) return {};
  if (failure_) return *failure_;
  writing_ = true;
  Pending pending = take(commit);
  const auto now = std::chrono::steady_clock::now();
  rocksdb::WriteOptions options;
  options.sync = sync || now - last_sync_ >= options_.sync_interval;
  lock.unlock();

  rocksdb::WriteBatch batch;
  Status status = fill(batch, pending, commit);
  fail_point("log.before_write");
  if (status.ok()) status = database_.rocks().Write(options, &batch);
  fail_point("log.after_write");

  lock.lock();
  writing_ = false;
  turn_.notify_all();
  if (!status.ok()) {
    // What memory holds and what the disk holds have parted: only a restart may write again.
    failure_ = database_.error(status, commit != nullptr ? "write a commit" : "write to the log");
    return *failure_;
  }
  for (const auto& [blocks, block] : pending.blocks) blocks->tail.written(block.end);
  if (commit != nullptr) position_ = std::move(pending.position);
  written_ = pending.through;
  if (options.sync) {
    synced_ = pending.through;
    last_sync_ = now;
  }
  return {};
}

EmbeddedLog::Pending EmbeddedLog::take(const Commit* commit) {
  Pending pending;
  if (commit != nullptr) {
    CHECK(commit->sequence > position_.sequence);
    pending.position = moved(position_, *commit);
    for (const Append& output : commit->outputs) keep(output, true);
  }
  pending.through = kept_;
  pending.topics = names_.take_new();
  for (LatestRecords* latest : std::exchange(unwritten_latest_, {}))
    std::ranges::move(latest->take(), std::back_inserter(pending.latest));
  for (Blocks* blocks : std::exchange(unwritten_, {})) {
    blocks->tail.seal();
    for (Tail::Block& block : blocks->tail.take())
      pending.blocks.emplace_back(blocks, std::move(block));
  }
  return pending;
}

Status EmbeddedLog::fill(rocksdb::WriteBatch& batch, const Pending& pending, const Commit* commit) {
  Status status;
  for (const auto& [key, value] : pending.topics)
    if (status.ok()) status = batch.Put(database_.meta(), key, value);
  for (const auto& [key, value] : pending.latest)
    if (status.ok())
      status = value.empty() ? batch.Delete(database_.latest(), key)
                             : batch.Put(database_.latest(), key, value);
  for (const auto& [blocks, block] : pending.blocks)
    if (status.ok())
      status = batch.Put(database_.log(), block_key(blocks->place, block.base), *block.bytes);
  if (commit == nullptr) return status;
  if (status.ok()) status = changes_.add(*commit, batch);
  if (status.ok())
    status = batch.Put(database_.meta(), kPositionKey, position_bytes(pending.position));
  return status;
}

Result<streams::Log::Position> EmbeddedLog::position() {
  const std::lock_guard lock{mutex_};
  return position_;
}

Result<void> EmbeddedLog::changes_after(int partition, streams::Mark mark,
                                        const TakeChanges& take) {
  return changes_.after(partition, mark, take);
}

Result<void> EmbeddedLog::forget_changes(const std::vector<streams::TaskMark>& stored) {
  std::unique_lock lock{mutex_};
  turn_.wait(lock, [&] { return !writing_; });
  if (failure_) return *failure_;
  writing_ = true;
  lock.unlock();
  fail_point("log.before_forget");
  Result<void> forgotten = changes_.forget(stored);
  lock.lock();
  writing_ = false;
  turn_.notify_all();
  if (!forgotten) failure_ = forgotten.error();
  return forgotten;
}

Result<void> EmbeddedLog::latest(const std::string& topic, const VisitLatest& visit) {
  if (Result<void> flushed = flush(); !flushed) return flushed;
  std::vector<LogPlace> places;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [partition, latest] : latest_)
      if (partition.topic == topic) places.push_back(latest.place());
  }
  bool more = true;
  for (const LogPlace place : places) {
    const auto visit_more = [&](std::string_view key, const streams::LogRecord& record) {
      return more = visit(key, record);
    };
    if (Result<void> visited = visit_latest(database_, place, visit_more); !visited) return visited;
    if (!more) break;
  }
  return {};
}

std::vector<EmbeddedLog::TopicSummary> EmbeddedLog::topics() const {
  const std::lock_guard lock{mutex_};
  std::map<std::string, TopicSummary> topics;
  for (const auto& [partition, blocks] : blocks_) {
    const Tail& tail = blocks.tail;
    topics[partition.topic].partitions.push_back(
        {partition.number, blocks.first, tail.end(), blocks.first_recorded.value_or(Time{}),
         tail.last_recorded(), tail.bytes() - blocks.bytes_before});
  }
  for (const auto& [partition, latest] : latest_) {
    TopicSummary& topic = topics[partition.topic];
    topic.latest_only = true;
    topic.partitions.push_back(
        {partition.number, 0, latest.end(), Time{}, latest.last_recorded(), 0});
  }
  std::vector<TopicSummary> list;
  for (auto& [name, topic] : topics) {
    topic.name = name;
    list.push_back(std::move(topic));
  }
  return list;
}

Result<std::int64_t> EmbeddedLog::find_offset(const Partition& partition, Time time) {
  if (Result<void> flushed = flush(); !flushed) return flushed.error();
  NamedPlace at{{}, partition};
  std::int64_t first = 0;
  std::int64_t written_end = 0;
  {
    const std::lock_guard lock{mutex_};
    const auto found = blocks_.find(partition);
    if (found == blocks_.end()) return std::int64_t{0};
    at.place = found->second.place;
    first = found->second.first;
    written_end = found->second.tail.written_end();
  }
  return stored_.offset_at(at, first, written_end, time);
}

Result<void> EmbeddedLog::trim(const Partition& partition, Time time) {
  Result<std::int64_t> keep_from = find_offset(partition, time);
  if (!keep_from) return keep_from.error();
  NamedPlace at{{}, partition};
  {
    const std::lock_guard lock{mutex_};
    const auto found = blocks_.find(partition);
    if (found == blocks_.end()) return {};
    at.place = found->second.place;
    // The last block stays: it tells the next start where the partition ends.
    std::int64_t bound = found->second.tail.written_end() - 1;
    for (const streams::Offsets* read : {&position_.consumed, &position_.replay.from})
      for (const auto& [consumed, next] : *read)
        if (consumed == partition) bound = std::min(bound, next);
    *keep_from = std::min(*keep_from, bound);
    if (*keep_from <= found->second.first) return {};
  }
  const Result<StoredBlocks::Head> head = stored_.head_of(at, *keep_from);
  if (!head) return head.error();
  {
    const std::lock_guard lock{mutex_};
    Blocks& blocks = blocks_.at(partition);
    if (head->base <= blocks.first) return {};
    blocks.first = head->base;  // first, so that nobody reads what is about to go
    blocks.first_recorded = head->first_recorded;
    blocks.bytes_before = head->bytes_before;
  }
  return stored_.remove_before(at, head->base);
}

}  // namespace state
