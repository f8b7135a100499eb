#pragma once

// StoredBlocks: the log blocks in the database's `log` family, read back. EmbeddedLog calls it,
// without its lock, for what is written; a block's bytes are handed on where they lie. Any thread.

#include <cstdint>
#include <optional>
#include <vector>

#include "state/database.h"
#include "state/log_key.h"
#include "streams/log.h"

namespace state {

/// A partition as the keys and as people name it.
struct NamedPlace {
  LogPlace place;
  streams::Partition partition;
};

class StoredBlocks {
 public:
  explicit StoredBlocks(Database& database) : database_(database) {}

  /// Every partition with blocks.
  streams::Result<std::vector<LogPlace>> places();

  struct Extent {
    std::int64_t first = 0, end = 0;  // offsets
    streams::Time first_recorded{}, last_recorded{};
    std::uint64_t bytes_before = 0, bytes_end = 0;  // of the partition, at these offsets
  };
  streams::Result<Extent> extent(const NamedPlace& at);

  /// Whole blocks, the first one from `offset` on, until they have limit_bytes; `offset` is before
  /// `end`, the first that is not stored.
  streams::Result<streams::Batch> fetch(const NamedPlace& at, std::int64_t offset, std::int64_t end,
                                        std::size_t limit_bytes);

  /// The first offset in [first, end) recorded at `time` or later; `end`: none is.
  streams::Result<std::int64_t> offset_at(const NamedPlace& at, std::int64_t first,
                                          std::int64_t end, streams::Time time);

  /// The block with `offset` in it.
  struct Head {
    std::int64_t base = 0, end = 0;
    streams::Time first_recorded{};
    std::uint64_t bytes_before = 0;
  };
  streams::Result<Head> head_of(const NamedPlace& at, std::int64_t offset);

  /// Drops the blocks before the one that begins at `base`, and the files that held only them.
  streams::Result<void> remove_before(const NamedPlace& at, std::int64_t base);

 private:
  streams::Error damaged(const NamedPlace& at, std::int64_t offset) const;
  streams::Error failed(const rocksdb::Status& status, const NamedPlace& at,
                        std::int64_t offset) const;
  rocksdb::Status collect_garbage();

  Database& database_;
};

}  // namespace state
