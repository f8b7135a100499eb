#pragma once

// A log block: consecutive records of one partition as one value of the database. Tail builds them
// (append, commit), StoredBlocks reads them (fetch). A block is
//   checksum (xxHash of all that follows, seeded with the base offset) · count ·
//   first recorded time · bytes of the partition before it ·
//   per record: varint(ms since its predecessor) varint(size) bytes · kPadding zeros
// so that a record's bytes can be read, padding included, where they lie. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "streams/log.h"

namespace state {

struct BlockHeader {
  std::int64_t count = 0;
  streams::Time first_recorded{};
  std::uint64_t bytes_before = 0;  // of the partition's earlier blocks, trimmed ones too
};

/// Header alone, unchecked against the checksum; nothing: too short to be a block.
std::optional<BlockHeader> read_block_header(std::string_view block);

/// Adds the block's records from offset `from` on; nothing added and false: the block is damaged.
bool read_block(std::string_view block, std::int64_t base, std::int64_t from,
                std::vector<streams::LogRecord>& records);

class BlockWriter {
 public:
  BlockWriter() { start(); }

  /// `recorded` is not earlier than the predecessor's.
  void add(streams::Time recorded, std::string_view bytes);
  std::int64_t count() const { return static_cast<std::int64_t>(places_.size()); }
  std::size_t size() const { return bytes_.size(); }

  /// The block; the writer starts a new one.
  std::string finish(std::int64_t base, std::uint64_t bytes_before);
  /// A copy of the unfinished block's records from `from` on.
  streams::Batch copy(std::int64_t base, std::int64_t from) const;

 private:
  struct Place {
    std::size_t at;
    streams::Time recorded;
  };
  void start();

  std::string bytes_;  // with room for the header
  std::vector<Place> places_;
};

}  // namespace state
