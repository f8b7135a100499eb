#pragma once

// ChangeBlocks: what each commit changed, per task, until the store has taken it in. They have a
// column family of their own: they live for seconds, and RocksDB drops those that are forgotten in
// time before they ever reach a file. EmbeddedLog puts them into its commits. Any thread, but
// add() and forget() by one at a time.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "state/database.h"
#include "streams/log.h"

namespace rocksdb {
class WriteBatch;
}

namespace state {

class ChangeBlocks {
 public:
  explicit ChangeBlocks(Database& database) : database_(database) {}
  streams::Result<void> load();

  rocksdb::Status add(const streams::Commit& commit, rocksdb::WriteBatch& batch);
  streams::Result<void> after(int partition, streams::Mark mark,
                              const streams::Log::TakeChanges& take);
  streams::Result<void> forget(const std::vector<streams::TaskMark>& stored);

 private:
  Database& database_;
  std::map<int, std::uint64_t> kept_from_;  // by partition: the first sequence not forgotten
};

}  // namespace state
