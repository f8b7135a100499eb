#include "streams/hash.h"

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace streams {
namespace {

std::uint32_t murmur2(std::string_view key) {
  constexpr std::uint32_t kMultiplier = 0x5bd1e995;
  constexpr int kShift = 24;
  std::uint32_t hash = 0x9747b28c ^ static_cast<std::uint32_t>(key.size());
  const char* at = key.data();
  std::size_t left = key.size();
  for (; left >= 4; at += 4, left -= 4) {
    std::uint32_t word;
    std::memcpy(&word, at, 4);
    word *= kMultiplier;
    word ^= word >> kShift;
    word *= kMultiplier;
    hash = (hash * kMultiplier) ^ word;
  }
  for (std::size_t i = left; i-- > 0;)
    hash ^= static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  if (left > 0) hash *= kMultiplier;
  hash ^= hash >> 13;
  hash *= kMultiplier;
  return hash ^ (hash >> 15);
}

}  // namespace

int partition_of(std::string_view key, int partitions) {
  return static_cast<int>((murmur2(key) & 0x7fffffff) % static_cast<std::uint32_t>(partitions));
}

std::string make_id(std::string_view prefix, std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (std::string_view part : parts) {
    const auto size = static_cast<std::uint32_t>(part.size());
    joined.append(reinterpret_cast<const char*>(&size), sizeof size);
    joined.append(part);
  }
  const XXH128_hash_t hash = XXH3_128bits(joined.data(), joined.size());
  std::string id{prefix};
  for (const std::uint64_t half : {hash.high64, hash.low64})
    for (int shift = 60; shift >= 0; shift -= 4) id += "0123456789abcdef"[(half >> shift) & 15];
  return id;
}

std::uint64_t hash64(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint64_t hash64(std::string_view first, std::string_view second) {
  return XXH3_64bits_withSeed(second.data(), second.size(), hash64(first));
}

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint32_t name_tag(std::string_view name) {
  return XXH32(name.data(), name.size(), 0);
}

}  // namespace streams
