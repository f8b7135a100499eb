#include "state/tail.h"

#include <algorithm>

namespace state {

using streams::Batch;
using streams::Time;

void Tail::start(std::int64_t end, Time last_recorded, std::uint64_t bytes) {
  open_base_ = end;
  last_recorded_ = last_recorded;
  bytes_ = bytes;
}

void Tail::add(Time recorded, std::string_view bytes, bool hidden) {
  if (hidden != open_hidden_) seal();
  open_hidden_ = hidden;
  // Before the first record there is none to be raised to: times before 1970 are times too.
  last_recorded_ = end() == 0 ? recorded : std::max(recorded, last_recorded_);
  open_.add(last_recorded_, bytes);
  if (open_.size() >= limits_.block_bytes || open_.count() >= limits_.block_records) seal();
}

void Tail::seal() {
  if (open_.count() == 0) return;
  const std::int64_t end = this->end();
  auto block = std::make_shared<const std::string>(open_.finish(open_base_, bytes_));
  bytes_ += block->size();
  blocks_.push_back({open_base_, end, std::move(block), open_hidden_});
  open_base_ = end;
}

std::vector<Tail::Block> Tail::take() {
  std::vector<Block> taken{blocks_.begin() + static_cast<std::ptrdiff_t>(taken_), blocks_.end()};
  taken_ = blocks_.size();
  return taken;
}

void Tail::written(std::int64_t end) {
  for (; !blocks_.empty() && blocks_.front().end <= end; --taken_) blocks_.pop_front();
}

Batch Tail::read(std::int64_t offset) const {
  for (const Block& block : blocks_) {
    if (block.hidden) return {};
    if (offset >= block.end) continue;
    Batch batch;
    CHECK(read_block(*block.bytes, block.base, offset, batch.records));
    batch.owner = block.bytes;
    return batch;
  }
  if (open_hidden_ || offset >= end()) return {};
  return open_.copy(open_base_, offset);
}

}  // namespace state
