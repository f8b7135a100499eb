#include "streams/memory.h"

#include <algorithm>

#include "streams/decoder.h"

namespace streams {

Result<std::optional<std::string>> MemoryStore::get(std::string_view key) {
  const std::lock_guard lock{mutex_};
  const auto it = rows_.find(key);
  return it == rows_.end() ? std::optional<std::string>{} : std::optional{it->second};
}

Result<void> MemoryStore::scan(
    std::string_view prefix, const std::function<bool(std::string_view, std::string_view)>& visit) {
  const std::lock_guard lock{mutex_};
  for (auto it = rows_.lower_bound(prefix); it != rows_.end() && it->first.starts_with(prefix);
       ++it)
    if (!visit(it->first, it->second)) break;
  return {};
}

Result<void> MemoryStore::write(std::vector<StoreWrite> batch) {
  const std::lock_guard lock{mutex_};
  for (StoreWrite& write : batch) {
    if (write.value)
      rows_[std::move(write.key)] = std::move(*write.value);
    else
      rows_.erase(write.key);
  }
  return {};
}

Result<Batch> MemoryLog::fetch(const Partition& partition, std::int64_t offset,
                               std::size_t limit_bytes) {
  const std::lock_guard lock{mutex_};
  const auto it = partitions_.find(partition);
  if (it == partitions_.end()) return Batch{};
  auto owner = std::make_shared<std::vector<std::shared_ptr<const std::string>>>();
  Batch batch;
  std::size_t bytes = 0;
  for (auto at = static_cast<std::size_t>(offset);
       at < it->second.size() && (bytes == 0 || bytes < limit_bytes); ++at) {
    const Kept& kept = it->second[at];
    batch.records.push_back({static_cast<std::int64_t>(at), kept.recorded,
                             std::string_view{*kept.bytes}.substr(0, kept.size)});
    owner->push_back(kept.bytes);
    bytes += kept.size;
  }
  batch.owner = std::move(owner);
  return batch;
}

void MemoryLog::keep(Append record) {
  std::vector<Kept>& records = partitions_[record.to];
  const Time recorded =
      records.empty() ? record.recorded : std::max(record.recorded, records.back().recorded);
  const std::size_t size = record.bytes.size();
  record.bytes.append(Decoder::kPadding, ' ');
  records.push_back({recorded, std::make_shared<const std::string>(std::move(record.bytes)), size});
}

Result<void> MemoryLog::append(std::vector<Append> records, bool) {
  const std::lock_guard lock{mutex_};
  for (Append& record : records) keep(std::move(record));
  return {};
}

Result<std::vector<TaskMark>> MemoryLog::commit(Commit commit) {
  const std::lock_guard lock{mutex_};
  for (const auto& [partition, next] : commit.consumed) consumed_[partition] = next;
  for (Append& output : commit.outputs) keep(std::move(output));
  std::vector<TaskMark> marks;
  for (TaskChanges& changes : commit.changes) {
    changes_[{changes.partition, commit.sequence}] = std::move(changes.block);
    marks.push_back({changes.partition, commit.sequence});
  }
  sequence_ = commit.sequence;
  replay_ = std::move(commit.replay);
  return marks;
}

Result<Log::Position> MemoryLog::position() {
  const std::lock_guard lock{mutex_};
  return Position{sequence_, {consumed_.begin(), consumed_.end()}, replay_};
}

Result<void> MemoryLog::changes_after(int partition, Mark mark, const TakeChanges& take) {
  std::vector<ChangeBlock> blocks;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [key, block] : changes_)
      if (key.first == partition && key.second > mark) blocks.push_back(block);
  }
  for (const ChangeBlock& block : blocks)
    if (Result<void> taken = take(block); !taken) return taken;
  return {};
}

Result<void> MemoryLog::forget_changes(const std::vector<TaskMark>& stored) {
  const std::lock_guard lock{mutex_};
  for (const TaskMark& mark : stored)
    std::erase_if(changes_, [&mark](const auto& change) {
      return change.first.first == mark.partition && change.first.second <= mark.mark;
    });
  return {};
}

}  // namespace streams
