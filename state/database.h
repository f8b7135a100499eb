#pragma once

// Database: the one RocksDB of a process, in DIR/state. RocksStore keeps its rows in it and
// EmbeddedLog its blocks; one database means one write-ahead log, so that after a kill or a power
// cut both stand at the same point. app/ opens it before anything else. Any thread.

#include <rocksdb/db.h>

#include <cstdint>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state/directory_lock.h"
#include "streams/result.h"

namespace state {

struct DatabaseOptions {
  std::size_t memory_bytes = 64 << 20;  // read cache and write buffers together
  bool compress_log = false;            // lz4 over log blocks: less disk, more CPU
  /// A damaged write-ahead log is given up from the damage on (`watchfire repair`); else refused.
  bool give_up_damage = false;
};

class Database {
 public:
  /// For the one process that writes. Makes DIR where it is missing.
  static streams::Result<std::unique_ptr<Database>> open(const std::string& directory,
                                                         const DatabaseOptions& options = {});
  /// A view of this moment, beside a running process or without one; writes no file. README,
  /// "Reading beside a running process".
  static streams::Result<std::unique_ptr<Database>> open_read_only(
      const std::string& directory, const DatabaseOptions& options = {});
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& rocks() { return *rocks_; }
  rocksdb::ColumnFamilyHandle* meta() { return families_[0]; }
  rocksdb::ColumnFamilyHandle* rows() { return families_[1]; }
  rocksdb::ColumnFamilyHandle* log() { return families_[2]; }
  rocksdb::ColumnFamilyHandle* changes() { return families_[3]; }
  rocksdb::ColumnFamilyHandle* latest() { return families_[4]; }

  /// How many tasks share its state; nothing before a city has run in it.
  streams::Result<std::optional<int>> partitions();
  streams::Result<void> set_partitions(int partitions);

  bool read_only() const { return lock_ == nullptr; }
  const std::string& directory() const { return directory_; }
  /// What write buffers hold now; above memory_bytes the caller should slow down.
  std::size_t write_buffer_bytes() const;

  /// The sentence for a failed call. `doing`: "write a commit", "read topic city.events".
  streams::Error error(const rocksdb::Status& status, std::string_view doing) const;

  static constexpr std::uint64_t kFormat = 3;  // of everything below DIR/state

 private:
  Database(std::string directory, const DatabaseOptions& options);
  streams::Result<void> open_families(const DatabaseOptions& options);
  streams::Result<void> check_format();
  streams::Result<std::optional<std::uint64_t>> number(const std::string& key);
  streams::Result<void> set_number(const std::string& key, std::uint64_t value);
  std::string path() const { return directory_ + "/state"; }

  const std::string directory_;
  std::unique_ptr<DirectoryLock> lock_;  // none: read only
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers_;
  std::unique_ptr<rocksdb::DB> rocks_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // in the order of the accessors above
  mutable std::atomic<bool> write_failed_ = false;      // or a read: error() was asked for
};

/// The sentence for a failed RocksDB call on `directory`; Database::error where one is open.
streams::Error storage_error(const rocksdb::Status& status, std::string_view doing,
                             const std::string& directory);

}  // namespace state
