#include "operators/see/likeness.h"

#include <array>
#include <cstdint>
#include <limits>
#include <set>

#include "operators/see/street_text.h"
#include "streams/hash.h"

namespace see {
namespace {

constexpr std::size_t kLongest = 2000;  // characters of a text that count

bool is_punctuation(char32_t c) {
  constexpr std::u32string_view kMarks = U"，。；：！？、,.;:!?\"'()[]《》“”‘’（）…-";
  return kMarks.find(c) != kMarks.npos;
}

/// Every shuffle is another mixing of the same hash (splitmix64).
std::uint64_t mixed(std::uint64_t hash, int shuffle) {
  std::uint64_t x = hash + 0x9e3779b97f4a7c15u * static_cast<std::uint64_t>(shuffle + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

std::string sketch_of(std::string_view text) {
  std::u32string kept;
  for (const char32_t c : characters(text))
    if (!is_punctuation(c) && kept.size() < kLongest) kept += c;
  std::set<std::uint64_t> pairs;
  for (std::size_t i = 0; i + 1 < kept.size(); ++i)
    pairs.insert(streams::hash64(utf8(std::u32string_view{kept}.substr(i, 2))));
  if (pairs.size() < static_cast<std::size_t>(kFewest)) return {};
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string sketch;
  for (int shuffle = 0; shuffle < kSketch; ++shuffle) {
    std::uint64_t first = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t pair : pairs) first = std::min(first, mixed(pair, shuffle));
    sketch += kDigits[first >> 4 & 15];
    sketch += kDigits[first & 15];
  }
  return sketch;
}

int percent_alike(std::string_view sketch, std::string_view other) {
  if (sketch.size() != 2 * kSketch || other.size() != 2 * kSketch) return 0;
  int same = 0;
  for (std::size_t i = 0; i < sketch.size(); i += 2)
    same += sketch.substr(i, 2) == other.substr(i, 2);
  return (same * 100 + kSketch / 2) / kSketch;
}

}  // namespace see
