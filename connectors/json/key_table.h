#pragma once

// KeyTable: a few member names, each to its number: the look-up of every name in every event. The
// members of a source come in the same order every time, so the table remembers which name stood at
// which place of the object last time: a right guess costs two compares of eight bytes, and only a
// wrong one a hashed look-up. Built when fields are set; of one decoder, on its thread.

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace connectors {

class KeyTable {
 public:
  /// Numbers are places in `names`; of equal names the first one's.
  explicit KeyTable(const std::vector<std::string>& names = {});

  static constexpr std::uint32_t kNone = ~0u;
  /// `name` is followed by 16 readable bytes.
  std::uint32_t find(std::string_view name) const;

  /// Whether the name last seen at `place`, and its closing quote, are at `chars` (16 readable
  /// bytes); then `number` is that name's. Names are compared as written: an escape never fits.
  bool guess(std::size_t place, const char* chars, std::uint32_t& number) const;
  /// What to guess at `place` from now on: a name written without escapes, its quote behind it.
  void remember(std::size_t place, std::string_view name, std::uint32_t number);

 private:
  static_assert(std::endian::native == std::endian::little, "the masks below cut from the end");
  struct Words {
    std::uint64_t head = 0, tail = 0;
    bool operator==(const Words&) const = default;
  };
  struct Guess {
    Words words{~0ull, ~0ull};  // with no mask: never fits
    Words masks{};
    std::uint32_t number = kNone;
  };
  static constexpr std::size_t kGuesses = 32;
  struct Entry {
    Words words{};
    std::uint32_t size = 0;
    std::uint32_t number = kNone;
  };
  static Words masks_of(std::size_t size);
  static Words words_at(const char* chars, const Words& masks);
  std::size_t place_of(const Words& words, std::size_t size) const {
    const std::uint64_t mixed = (words.head ^ (words.tail << 7) ^ size) * 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(mixed >> shift_);
  }

  std::vector<Entry> entries_;  // a power of two, at most half full
  unsigned shift_ = 63;
  std::vector<std::string> names_;
  std::array<Guess, kGuesses> guesses_{};
};

inline KeyTable::Words KeyTable::masks_of(std::size_t size) {
  const auto mask = [](std::size_t bytes) { return bytes >= 8 ? ~0ull : (1ull << bytes * 8) - 1; };
  return {mask(size), size > 8 ? mask(size - 8) : 0};
}

inline KeyTable::Words KeyTable::words_at(const char* chars, const Words& masks) {
  Words words;
  std::memcpy(&words.head, chars, 8);
  std::memcpy(&words.tail, chars + 8, 8);
  words.head &= masks.head;
  words.tail &= masks.tail;
  return words;
}

[[gnu::always_inline]] inline bool KeyTable::guess(std::size_t place, const char* chars,
                                                   std::uint32_t& number) const {
  if (place >= kGuesses) return false;
  const Guess& guess = guesses_[place];
  number = guess.number;
  return words_at(chars, guess.masks) == guess.words;
}

}  // namespace connectors
