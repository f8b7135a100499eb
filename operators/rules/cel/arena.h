#pragma once

// Arena: where an evaluation puts what does not fit in a slot: lists, maps, joined text. Memory is
// only handed out, never given back, until the caller resets the arena (for a task: before each
// event). A program keeps one of its own for its constants. What would exceed the limit is refused,
// and the evaluation becomes an error value. One thread at a time.

#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cel {

class Arena {
 public:
  static constexpr std::size_t kDefaultLimitBytes = 1 << 20;
  static constexpr std::size_t kHighestLimitBytes = 1 << 30;  // a slot counts in 32 bits

  explicit Arena(std::size_t limit_bytes = kDefaultLimitBytes);

  /// Room for `count` values, uninitialised; null when the limit is reached.
  template <class T>
  T* array(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kAlign);
    return count > limit_bytes_ / sizeof(T) ? nullptr : static_cast<T*>(take(count * sizeof(T)));
  }

  /// A copy that ends in a zero byte which its size does not count; null data at the limit.
  std::string_view copy(std::string_view text);

  /// Forgets all values; keeps the memory for the next ones.
  void reset();

  std::size_t used_bytes() const { return used_bytes_; }

 private:
  static constexpr std::size_t kAlign = 16;
  static constexpr std::size_t kFirstBlockBytes = 4096;
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };

  void* take(std::size_t bytes);

  std::vector<Block> blocks_;
  std::size_t block_ = 0;   // the block in use
  std::size_t offset_ = 0;  // its first free byte
  std::size_t used_bytes_ = 0;
  std::size_t limit_bytes_;
};

}  // namespace cel
