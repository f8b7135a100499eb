#include "state/change_blocks.h"

#include <rocksdb/write_batch.h>

#include "state/log_key.h"

namespace state {

using rocksdb::Status;
using streams::Result;

Result<void> ChangeBlocks::load() {
  const std::unique_ptr<rocksdb::Iterator> it{
      database_.rocks().NewIterator({}, database_.changes())};
  for (it->SeekToFirst(); it->Valid();) {
    const auto partition = static_cast<int>(place_of(it->key().ToStringView()).topic_id);
    kept_from_[partition] = streams::read_sortable(it->key().ToStringView().substr(4));
    it->Seek(change_key(partition, ~std::uint64_t{0}));
  }
  if (!it->status().ok()) return database_.error(it->status(), "read the change blocks");
  return {};
}

Status ChangeBlocks::add(const streams::Commit& commit, rocksdb::WriteBatch& batch) {
  for (const streams::TaskChanges& changes : commit.changes) {
    kept_from_.try_emplace(changes.partition, commit.sequence);
    const Status added = batch.Put(database_.changes(),
                                   change_key(changes.partition, commit.sequence), *changes.block);
    if (!added.ok()) return added;
  }
  return Status::OK();
}

Result<void> ChangeBlocks::after(int partition, streams::Mark mark,
                                 const streams::Log::TakeChanges& take) {
  const std::unique_ptr<rocksdb::Iterator> it{
      database_.rocks().NewIterator({}, database_.changes())};
  const std::string prefix = change_key(partition, 0).substr(0, 4);
  for (it->Seek(change_key(partition, mark + 1)); it->Valid() && it->key().starts_with(prefix);
       it->Next()) {
    auto block = std::make_shared<const std::string>(it->value().ToStringView());
    if (Result<void> taken = take(std::move(block)); !taken) return taken;
  }
  if (!it->status().ok())
    return database_.error(it->status(),
                           "read the change blocks of partition " + std::to_string(partition));
  return {};
}

Result<void> ChangeBlocks::forget(const std::vector<streams::TaskMark>& stored) {
  rocksdb::WriteBatch batch;
  for (const auto& [partition, mark] : stored) {
    const auto at = kept_from_.find(partition);
    if (at == kept_from_.end() || at->second > mark) continue;
    const Status added = batch.DeleteRange(database_.changes(), change_key(partition, at->second),
                                           change_key(partition, mark + 1));
    if (!added.ok()) return database_.error(added, "forget change blocks");
    at->second = mark + 1;
  }
  if (batch.Count() == 0) return {};
  const Status written = database_.rocks().Write({}, &batch);
  if (!written.ok()) return database_.error(written, "forget change blocks");
  return {};
}

}  // namespace state
