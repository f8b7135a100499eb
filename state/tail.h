#pragma once

// Tail: the end of one partition that is not in the database yet: finished blocks that wait for a
// write, and the block being filled. Records can be read here as soon as they are added, except a
// commit's outputs: those only once they are written. EmbeddedLog owns one per partition and calls
// it under its lock.

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "state/log_block.h"
#include "streams/log.h"

namespace state {

struct TailLimits {
  std::size_t block_bytes = 256 << 10;
  std::int64_t block_records = 1000;
};

class Tail {
 public:
  struct Block {
    std::int64_t base = 0;
    std::int64_t end = 0;
    std::shared_ptr<const std::string> bytes;
    bool hidden = false;  // a commit's, not yet written
  };

  explicit Tail(const TailLimits& limits) : limits_(limits) {}
  /// Continue behind what the database holds.
  void start(std::int64_t end, streams::Time last_recorded, std::uint64_t bytes);

  /// A `recorded` earlier than the last one's is raised to it.
  void add(streams::Time recorded, std::string_view bytes, bool hidden);
  /// Finishes the block being filled.
  void seal();
  bool has_full_block() const { return blocks_.size() > taken_; }
  /// The finished blocks that were not taken before. They stay readable until written().
  std::vector<Block> take();
  /// The database holds everything before `end`.
  void written(std::int64_t end);

  /// Records from `offset` on, which is at or behind written_end(): at most one block of them.
  streams::Batch read(std::int64_t offset) const;

  std::int64_t written_end() const { return blocks_.empty() ? open_base_ : blocks_.front().base; }
  std::int64_t end() const { return open_base_ + open_.count(); }
  streams::Time last_recorded() const { return last_recorded_; }
  std::uint64_t bytes() const { return bytes_ + (open_.count() == 0 ? 0 : open_.size()); }

 private:
  const TailLimits limits_;
  std::deque<Block> blocks_;
  std::size_t taken_ = 0;  // of blocks_
  BlockWriter open_;
  bool open_hidden_ = false;
  std::int64_t open_base_ = 0;
  std::uint64_t bytes_ = 0;  // of all finished blocks of the partition ever
  streams::Time last_recorded_{};
};

}  // namespace state
