#include "state/rocks_store.h"

#include <rocksdb/write_batch.h>

#include <algorithm>

#include "state/fail_point.h"

namespace state {

using rocksdb::Status;
using streams::Result;

Result<std::optional<std::string>> RocksStore::get(std::string_view key) {
  std::string value;
  const Status status = database_.rocks().Get({}, database_.rows(), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return database_.error(status, "read a row");
  return std::optional{std::move(value)};
}

Result<void> RocksStore::scan(
    std::string_view prefix, const std::function<bool(std::string_view, std::string_view)>& visit) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // a scan is a restore: it would push out what is read every second
  options.readahead_size = 1 << 20;
  const std::unique_ptr<rocksdb::Iterator> at{
      database_.rocks().NewIterator(options, database_.rows())};
  for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next())
    if (!visit(at->key().ToStringView(), at->value().ToStringView())) break;
  if (!at->status().ok()) return database_.error(at->status(), "read the rows");
  return {};
}

Result<void> RocksStore::write(std::vector<streams::StoreWrite> batch) {
  // Of equal keys the last one counts.
  std::stable_sort(batch.begin(), batch.end(),
                   [](const auto& one, const auto& other) { return one.key < other.key; });
  rocksdb::WriteBatch writes;
  for (const streams::StoreWrite& write : batch) {
    const Status added = write.value ? writes.Put(database_.rows(), write.key, *write.value)
                                     : writes.Delete(database_.rows(), write.key);
    if (!added.ok()) return database_.error(added, "write rows");
  }
  fail_point("store.before_write");
  const Status written = database_.rocks().Write({}, &writes);
  fail_point("store.after_write");
  if (!written.ok()) return database_.error(written, "write rows");
  return {};
}

}  // namespace state
