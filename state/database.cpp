#include "state/database.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "state/info_log.h"
#include "state/wal_end.h"
#include "streams/bytes.h"

namespace state {

using rocksdb::Status;
using streams::Error;
using streams::Result;

namespace {

const std::vector<std::string> kFamilies = {"default", "rows", "log", "changes", "latest"};
const std::string kFormatKey = "format";
const std::string kPartitionsKey = "partitions";

// Of the memory that write buffers may take; the rest reads. Buffers may reach 1.5 times what their
// manager is told, hence the two formulas (Flink's RocksDBMemoryControllerUtils).
constexpr double kWriteRatio = 0.5;
std::size_t write_buffers_of(std::size_t memory) {
  return static_cast<std::size_t>(2.0 / 3 * kWriteRatio * static_cast<double>(memory));
}
std::size_t cache_of(std::size_t memory) {
  return static_cast<std::size_t>((3 - kWriteRatio) / 3 * static_cast<double>(memory));
}

constexpr std::uint64_t kWalBytes = 128 << 20;  // read again at a start: less than a second
constexpr int kOpenFiles = 512;
// Few: a shard must hold the largest block and its share of the write buffers. With RocksDB's own
// choice (64 for 50 MiB) a filter of a million rows was larger than its shard, and every look-up
// read it from the file again.
constexpr int kCacheShardBits = 2;
constexpr int kOpenAttempts = 10;

/// A reader keeps no log: it must not touch the running process's.
class NoInfoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::DBOptions database_options(
    bool read_only, const std::string& directory,
    const std::shared_ptr<rocksdb::WriteBufferManager>& write_buffers) {
  rocksdb::DBOptions options;
  options.create_if_missing = !read_only;
  options.create_missing_column_families = !read_only;
  options.write_buffer_manager = write_buffers;
  options.max_total_wal_size = kWalBytes;
  options.max_open_files = kOpenFiles;
  options.max_background_jobs = 2;
  options.bytes_per_sync = 1 << 20;
  options.avoid_unnecessary_blocking_io = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  // A torn end is looked at first (open_families): here everything must be whole.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  if (read_only)
    options.info_log = std::make_shared<NoInfoLog>();
  else
    options.info_log = std::make_shared<InfoLog>(directory + "/rocksdb.log");
  return options;
}

rocksdb::ColumnFamilyOptions family_options(const std::string& name,
                                            const std::shared_ptr<rocksdb::Cache>& cache,
                                            const DatabaseOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  // In parts of a block's size, so that a look-up needs one of each and not the whole file's.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.metadata_cache_options.top_level_index_pinning = rocksdb::PinningTier::kAll;
  rocksdb::ColumnFamilyOptions family;
  if (name == "rows" || name == "latest") {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    // Batches come sorted: a row is looked for right behind the one before it.
    family.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(1));
  }
  family.write_buffer_size = 64 << 20;  // the manager, which counts all of them, flushes earlier
  family.arena_block_size = 256 << 10;  // five families' first blocks must not fill the manager
  family.max_write_buffer_number = 6;
  // Writers must not stall while files of level 0 wait; they are few and small here.
  family.level0_slowdown_writes_trigger = 64;
  family.level0_stop_writes_trigger = 128;
  family.compression = rocksdb::kLZ4Compression;
  if (name == "log") {
    family.enable_blob_files = true;
    // Blocks of quiet topics stay in the table files: they are kept longest, and would hold a whole
    // blob file of a busy one.
    family.min_blob_size = 16 << 10;
    family.blob_compression_type =
        options.compress_log ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
    // Blob collection stays off: it would rewrite the oldest part of a log with every compaction,
    // live or not. StoredBlocks::remove_before asks for it where it pays.
  }
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

std::string free_bytes(const std::string& directory) {
  std::error_code failed;
  const std::filesystem::space_info space = std::filesystem::space(directory, failed);
  return failed ? "unknown" : std::to_string(space.available);
}

/// Changes whenever RocksDB adds or drops a file: its list of files is only ever appended to.
std::string file_list_state(const std::string& path) {
  std::string list;
  std::getline(std::ifstream{path + "/CURRENT"}, list);
  std::error_code failed;
  return list + " " + std::to_string(std::filesystem::file_size(path + "/" + list, failed));
}

}  // namespace

Error storage_error(const Status& status, std::string_view doing, const std::string& directory) {
  const std::string said = status.ToString();
  const std::string what = "can't " + std::string{doing} + ": ";
  if (status.IsNoSpace() || said.find("No space left") != std::string::npos)
    return {Error::Kind::fatal, what + "the disk of " + directory + " is full (" +
                                    free_bytes(directory) +
                                    " bytes free); free some space and start watchfire again, "
                                    "nothing that was committed is lost"};
  if (status.IsCorruption())
    return {Error::Kind::fatal, what + "a file in " + directory + "/state is damaged (" + said +
                                    "); check the disk and restore the directory from a copy"};
  return {Error::Kind::fatal, what + said + " (in " + directory +
                                  "/state); check the disk and the directory's permissions, then "
                                  "start watchfire again"};
}

Database::Database(std::string directory, const DatabaseOptions& options)
    : directory_(std::move(directory)),
      cache_(rocksdb::NewLRUCache(cache_of(options.memory_bytes), kCacheShardBits, false, 0.5)),
      // Never stalls: a stalled manager can block every writer for good (rocksdb#11780).
      write_buffers_(std::make_shared<rocksdb::WriteBufferManager>(
          write_buffers_of(options.memory_bytes), cache_, false)) {}

Database::~Database() {
  // The end of a process is no power cut, but one may come soon after it.
  // (The library aborts on a log that it could not write to before.)
  if (rocks_ != nullptr && !read_only() && !write_failed_) (void)rocks_->FlushWAL(true);
  for (rocksdb::ColumnFamilyHandle* family : families_)
    if (rocks_ != nullptr) (void)rocks_->DestroyColumnFamilyHandle(family);
  // What is not in table files lies in the write-ahead log, which the next opening reads.
  if (rocks_ != nullptr) (void)rocks_->Close();
}

Result<std::unique_ptr<Database>> Database::open(const std::string& directory,
                                                 const DatabaseOptions& options) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed)
    return Error{Error::Kind::usage, "can't make the directory " + directory + ": " +
                                         failed.message() + "; give another --data directory"};
  Result<std::unique_ptr<DirectoryLock>> lock = DirectoryLock::take(directory);
  if (!lock) return lock.error();
  std::unique_ptr<Database> database{new Database(directory, options)};
  database->lock_ = std::move(*lock);
  if (Result<void> opened = database->open_families(options); !opened) return opened.error();
  if (Result<void> checked = database->check_format(); !checked) return checked.error();
  return database;
}

Result<std::unique_ptr<Database>> Database::open_read_only(const std::string& directory,
                                                           const DatabaseOptions& options) {
  if (!std::filesystem::exists(directory + "/state/CURRENT"))
    return Error{Error::Kind::usage, directory +
                                         " holds no watchfire data; give the --data "
                                         "directory of a watchfire that has run"};
  Result<void> opened;
  for (int attempt = 0; attempt < kOpenAttempts; ++attempt) {
    const std::string before = file_list_state(directory + "/state");
    std::unique_ptr<Database> database{new Database(directory, options)};
    opened = database->open_families(options);
    // The running process changed its files meanwhile: one may be gone that we have read the name
    // of, or a write-ahead log that we had not read yet, and with it a piece of the view.
    if (!opened || file_list_state(directory + "/state") != before) continue;
    if (Result<void> checked = database->check_format(); !checked) return checked.error();
    return database;
  }
  if (!opened) return opened.error();
  return Error{Error::Kind::retry, "the watchfire process that runs on " + directory +
                                       " changes its files faster than they can be read: try "
                                       "again"};
}

Result<void> Database::open_families(const DatabaseOptions& options) {
  rocksdb::DBOptions all = database_options(read_only(), directory_, write_buffers_);
  const WalEnd end = look_at_wal(path());
  const Error damage{Error::Kind::fatal,
                     "the write-ahead log " + end.file + " is damaged at byte " +
                         std::to_string(end.at) +
                         ", and what lies behind may have been accepted: restore the directory "
                         "from a copy, or run `watchfire repair --data " + directory_ +
                         "`, which keeps what lies before the damage and says what is lost"};
  if (options.give_up_damage)
    all.wal_recovery_mode = read_only() ? rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords
                                        : rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  else if (end.torn)  // as a power cut leaves it
    all.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  else if (!end.file.empty())
    return damage;
  std::vector<std::string> names = kFamilies;
  std::vector<std::string> present;
  // A newer program's directory may hold more: all must be opened before its format can be read.
  if (rocksdb::DB::ListColumnFamilies(all, path(), &present).ok())
    for (const std::string& name : present)
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names)
    families.emplace_back(name, family_options(name, cache_, options));
  rocksdb::DB* opened = nullptr;
  const Status status =
      read_only() ? rocksdb::DB::OpenForReadOnly(all, path(), families, &families_, &opened)
                  : rocksdb::DB::Open(all, path(), families, &families_, &opened);
  if (status.IsCorruption() && end.torn && !options.give_up_damage) return damage;
  if (!status.ok()) return error(status, "open " + path());
  rocks_.reset(opened);
  return {};
}

Result<void> Database::check_format() {
  const Result<std::optional<std::uint64_t>> format = number(kFormatKey);
  if (!format) return format.error();
  if (!*format) return read_only() ? Result<void>{} : set_number(kFormatKey, kFormat);
  if (**format == kFormat) return {};
  const std::string written = std::to_string(**format);
  if (**format < kFormat)
    return Error{Error::Kind::usage,
                 directory_ + " was written by an older watchfire (format " + written +
                     ", this program reads " + std::to_string(kFormat) +
                     "): go on with that version, or replay its records into another directory"};
  return Error{Error::Kind::usage,
               directory_ + " was written by a newer watchfire (format " + written +
                   ", this program reads up to " + std::to_string(kFormat) +
                   "): start that version, or restore a copy made before the upgrade"};
}

Result<std::optional<std::uint64_t>> Database::number(const std::string& key) {
  std::string stored;
  const Status status = rocks_->Get({}, meta(), key, &stored);
  if (status.IsNotFound()) return std::optional<std::uint64_t>{};
  if (!status.ok()) return error(status, "read " + path());
  return std::optional{streams::read_sortable(stored)};
}

Result<void> Database::set_number(const std::string& key, std::uint64_t value) {
  std::string stored;
  streams::append_sortable(stored, value);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const Status put = rocks_->Put(synced, meta(), key, stored);
  return put.ok() ? Result<void>{} : error(put, "write to " + path());
}

Result<std::optional<int>> Database::partitions() {
  const Result<std::optional<std::uint64_t>> stored = number(kPartitionsKey);
  if (!stored) return stored.error();
  return *stored ? std::optional{static_cast<int>(**stored)} : std::optional<int>{};
}

Result<void> Database::set_partitions(int partitions) {
  return set_number(kPartitionsKey, static_cast<std::uint64_t>(partitions));
}

std::size_t Database::write_buffer_bytes() const {
  return write_buffers_->memory_usage();
}

Error Database::error(const Status& status, std::string_view doing) const {
  write_failed_ = true;
  return storage_error(status, doing, directory_);
}

}  // namespace state
