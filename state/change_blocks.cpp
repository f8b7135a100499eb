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

Result<std::vector<std::shared_ptr<const std::string>>> ChangeBlocks::after(
    int partition, std::uint64_t sequence) {
  std::vector<std::shared_ptr<const std::string>> blocks;
  const std::unique_ptr<rocksdb::Iterator> it{
      database_.rocks().NewIterator({}, database_.changes())};
  const std::string prefix = change_key(partition, 0).substr(0, 4);
  for (it->Seek(change_key(partition, sequence + 1)); it->Valid() && it->key().starts_with(prefix);
       it->Next())
    blocks.push_back(std::make_shared<const std::string>(it->value().ToStringView()));
  if (!it->status().ok())
    return database_.error(it->status(),
                           "read the change blocks of partition " + std::to_string(partition));
  return blocks;
}

Result<void> ChangeBlocks::forget(std::uint64_t sequence) {
  rocksdb::WriteBatch batch;
  for (auto& [partition, from] : kept_from_) {
    if (from > sequence) continue;
    const Status added = batch.DeleteRange(database_.changes(), change_key(partition, from),
                                           change_key(partition, sequence + 1));
    if (!added.ok()) return database_.error(added, "forget change blocks");
    from = sequence + 1;
  }
  if (batch.Count() == 0) return {};
  const Status written = database_.rocks().Write({}, &batch);
  if (!written.ok()) return database_.error(written, "forget change blocks");
  return {};
}

}  // namespace state
