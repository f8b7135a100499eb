#include "operators/rules/cel/arena.h"

#include <algorithm>
#include <cstring>

#include "streams/check.h"

namespace cel {

Arena::Arena(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {
  CHECK(limit_bytes <= kHighestLimitBytes);
}

std::string_view Arena::copy(std::string_view text) {
  char* chars = array<char>(text.size() + 1);
  if (chars == nullptr) return {};
  if (!text.empty()) std::memcpy(chars, text.data(), text.size());
  chars[text.size()] = '\0';
  return {chars, text.size()};
}

void Arena::reset() {
  block_ = 0;
  offset_ = 0;
  used_bytes_ = 0;
}

void* Arena::take(std::size_t bytes) {
  bytes = std::max((bytes + kAlign - 1) / kAlign * kAlign, kAlign);
  if (bytes > limit_bytes_ - used_bytes_) return nullptr;
  while (block_ < blocks_.size() && bytes > blocks_[block_].size - offset_) {
    ++block_;
    offset_ = 0;
  }
  if (block_ == blocks_.size()) {
    const std::size_t doubled = blocks_.empty() ? kFirstBlockBytes : 2 * blocks_.back().size;
    const std::size_t size = std::max(doubled, bytes);
    blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
  }
  std::byte* place = blocks_[block_].bytes.get() + offset_;
  offset_ += bytes;
  used_bytes_ += bytes;
  return place;
}

}  // namespace cel
