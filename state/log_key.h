#pragma once

// Keys of the log's families. All numbers big-endian, so that RocksDB's order is ours:
//   log      topic id ‖ partition ‖ base offset   ->  block
//   latest   topic id ‖ partition ‖ record key    ->  newest record
//   latest   topic id ‖ partition                 ->  next offset and last recorded time
//   changes  partition ‖ sequence                 ->  change block

#include <cstdint>
#include <string>
#include <string_view>

#include "streams/bytes.h"

namespace state {

/// One partition of one topic, as keys name it.
struct LogPlace {
  std::uint32_t topic_id = 0;
  std::uint32_t number = 0;
  auto operator<=>(const LogPlace&) const = default;
};

inline void append_sortable32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

inline std::string place_key(LogPlace place) {
  std::string key;
  append_sortable32(key, place.topic_id);
  append_sortable32(key, place.number);
  return key;
}
inline LogPlace place_of(std::string_view key) {
  const std::uint64_t both = streams::read_sortable(key);
  return {static_cast<std::uint32_t>(both >> 32), static_cast<std::uint32_t>(both)};
}

inline std::string block_key(LogPlace place, std::int64_t offset) {
  std::string key = place_key(place);
  streams::append_sortable(key, static_cast<std::uint64_t>(offset));
  return key;
}
inline std::int64_t offset_of(std::string_view block_key) {
  return static_cast<std::int64_t>(streams::read_sortable(block_key.substr(8)));
}

inline std::string change_key(int partition, std::uint64_t sequence) {
  std::string key;
  append_sortable32(key, static_cast<std::uint32_t>(partition));
  streams::append_sortable(key, sequence);
  return key;
}

}  // namespace state
