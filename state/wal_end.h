#pragma once

// WalEnd: whether RocksDB's write-ahead log ends as a power cut may leave it, or is damaged where
// something lies behind. RocksDB itself can't tell the two apart: it would take a flipped bit for
// the end of the log and lose in silence what was accepted after it. Database looks before it
// opens; the format is that of RocksDB's and LevelDB's logs (blocks of 32 KiB; a record is CRC-32C,
// length, kind, payload). Any thread.

#include <cstdint>
#include <string>

namespace state {

struct WalEnd {
  std::string file;      // that is not whole; empty: all are
  std::uint64_t at = 0;  // how far it is
  bool torn = false;     // it is the newest, and nothing lies behind
};

/// Of the database in this directory, which nobody may have open for writing.
WalEnd look_at_wal(const std::string& directory);

}  // namespace state
