#pragma once

// Random: the simulator's dice, SplitMix64 in 64 bits of state. Whole numbers only, because the
// standard library's distributions and the logarithm differ between machines: the same seed gives
// the same bytes anywhere. A part of the city has dice of its own (`stream`), so that more of one
// thing does not change another. One thread.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

#include "streams/time.h"

namespace simulate {

class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
      : state_(mix(seed + 0x9e3779b97f4a7c15) ^ mix(stream * 0xd1342543de82ef95 + 1)) {}

  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15); }

  /// 0 … bound - 1, for bounds below 2^32.
  std::uint64_t below(std::uint64_t bound) { return (next() >> 32) * bound >> 32; }
  /// low … high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  streams::Duration between(streams::Duration low, streams::Duration high) {
    return streams::Duration{between(low.count(), high.count())};
  }
  bool one_in(std::uint64_t count) { return below(count) == 0; }
  bool percent(int share) { return below(100) < static_cast<std::uint64_t>(share); }
  template <class List>
  const auto& pick(const List& list) {
    return list[below(std::size(list))];
  }
  /// The index of one of these shares.
  template <class Shares>
  std::size_t weighted(const Shares& shares) {
    std::uint64_t total = 0;
    for (const auto share : shares) total += static_cast<std::uint64_t>(share);
    std::uint64_t at = below(total);
    std::size_t i = 0;
    while (at >= static_cast<std::uint64_t>(shares[i]))
      at -= static_cast<std::uint64_t>(shares[i++]);
    return i;
  }
  template <class List>
  void shuffle(List& list) {
    for (std::size_t i = std::size(list); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

  /// A number from text, for dice that belong to a name (FNV-1a).
  static std::uint64_t of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace simulate
