#pragma once

// ChangeBlock: the rows that one cut of a task changed, in order, as one value: what a commit
// carries, what a changelog keeps and what a restore takes in. A row is a key (its first byte says
// what it is, the partition is not in it) and the new value, or nothing: gone. Written by the Task
// and its EntityTable; a Log may cut a block into rows and make another of them. Any thread.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "streams/bytes.h"

namespace streams {

using ChangeBlock = std::shared_ptr<const std::string>;

/// What the first byte of a row's key says.
namespace row_space {
inline constexpr char kHead = 'h';      // the task's clock
inline constexpr char kVersions = 'v';  // the active versions
inline constexpr char kAside = 'a';     // the entities that are set aside
inline constexpr char kEntity = 'r';    // r<entity>: values and timers
inline constexpr char kEntry = 'm';     // m<entity's length><entity><tag><entry key>: one entry of
                                        // a map; counted, so that no name can be read as another
}  // namespace row_space

inline constexpr std::uint32_t kRowGone = std::numeric_limits<std::uint32_t>::max();

/// Writes one row after the other. The value may be written in place: begin(), append to the
/// block, end().
class RowWriter {
 public:
  explicit RowWriter(std::string& block) : block_(block) {}

  void begin(char space, std::string_view key) {
    ByteWriter writer{block_};
    writer.varint(key.size() + 1);
    block_.push_back(space);
    block_.append(key);
    writer.fixed(std::uint32_t{0});
    value_at_ = block_.size();
  }
  /// Where the value lies in the block, which may still move.
  std::size_t value_at() const { return value_at_; }
  std::uint32_t end() {
    const auto size = static_cast<std::uint32_t>(block_.size() - value_at_);
    set_size(size);
    return size;
  }
  void gone() { set_size(kRowGone); }

  void add(std::string_view whole_key, std::optional<std::string_view> value) {
    begin(whole_key.front(), whole_key.substr(1));
    if (!value) return gone();
    block_.append(*value);
    end();
  }

 private:
  void set_size(std::uint32_t size) {
    std::memcpy(block_.data() + value_at_ - sizeof size, &size, sizeof size);
  }

  std::string& block_;
  std::size_t value_at_ = 0;
};

struct ChangedRow {
  char space = 0;
  std::string_view key;    // behind the space's byte
  std::string_view value;  // empty, but not null, where gone
  bool gone = false;
  std::string_view whole_key() const { return {key.data() - 1, key.size() + 1}; }
};

class RowReader {
 public:
  explicit RowReader(std::string_view block) : reader_(block) {}

  /// False: the end, or damaged().
  bool next(ChangedRow& row) {
    if (reader_.empty()) return false;
    const std::string_view key = reader_.text();
    const auto size = reader_.fixed<std::uint32_t>();
    row.gone = size == kRowGone;
    row.value = row.gone ? reader_.rest().substr(0, 0) : reader_.take(size);
    if (!reader_.good() || key.empty()) return fail();
    row.space = key.front();
    row.key = key.substr(1);
    return true;
  }
  bool damaged() const { return damaged_; }

 private:
  bool fail() {
    damaged_ = true;
    return false;
  }

  ByteReader reader_;
  bool damaged_ = false;
};

}  // namespace streams
