#pragma once

// Cell: how one declared member of an operator (state.h) is made, stored and read back. The cells
// and timers of a topology, in order, are its StateLayout; an entity's row is read and written by
// it.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "streams/bytes.h"

namespace streams {

/// Receives one changed map entry: key bytes, and value bytes or nothing (erased).
using EntryVisitor = std::function<void(std::string, std::optional<std::string>)>;

struct Cell {
  std::string name;       // "<operator>.<member>": stable, rows carry its tag
  std::uint32_t tag = 0;  // name_tag(name)
  void* (*create)() = nullptr;
  void (*destroy)(void*) = nullptr;
  void (*encode)(const void*, ByteWriter&) = nullptr;
  bool (*decode)(void*, ByteReader&) = nullptr;  // false: these bytes are not of this type
  // A map's entries are rows of their own; its cell in the entity's row is their count.
  bool is_map = false;
  void (*drain)(void*, const EntryVisitor&) = nullptr;  // entries changed since the last drain
  bool (*load)(void*, std::string_view key, std::string_view value) = nullptr;
  // Entries loaded, and how many the entity's row says there are.
  std::pair<std::size_t, std::size_t> (*counts)(const void*) = nullptr;
};

struct TimerName {
  std::string name;  // "<operator>.<timer>"
  std::uint32_t tag = 0;
};

struct StateLayout {
  std::vector<Cell> cells;
  std::vector<TimerName> timers;
};

}  // namespace streams
