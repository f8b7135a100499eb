#include "operators/see/street_text.h"

#include <array>
#include <optional>

namespace see {
namespace {

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
bool is_letter(char32_t c) {
  return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
}

constexpr std::u32string_view kNumerals = U"零一二三四五六七八九";

/// The value of one numeral, also of 〇 and 两; nothing for other characters.
std::optional<int> numeral(char32_t c) {
  if (c == U'〇') return 0;
  if (c == U'两') return 2;
  const std::size_t at = kNumerals.find(c);
  return at == kNumerals.npos ? std::nullopt : std::optional{static_cast<int>(at)};
}
int unit(char32_t c) {
  return c == U'十' ? 10 : c == U'百' ? 100 : c == U'千' ? 1000 : 0;
}

/// What an address numbers.
bool is_numbered(char32_t c) {
  constexpr std::u32string_view kNumbered = U"弄号幢栋座楼层室梯区单";
  return kNumbered.find(c) != kNumbered.npos;
}

/// 八十八, 一百二十, 一二三四; its end is moved behind it.
std::string read_numerals(std::u32string_view text, std::size_t& at) {
  int total = 0, digit = 0;
  bool units = false;
  std::string digits;
  for (; at < text.size(); ++at) {
    if (const auto value = numeral(text[at])) {
      digit = *value;
      digits += static_cast<char>('0' + *value);
    } else if (const int size = unit(text[at]); size != 0) {
      units = true;
      total += (digit == 0 ? 1 : digit) * size;
      digit = 0;
    } else {
      break;
    }
  }
  return units ? std::to_string(total + digit) : digits;
}

/// A number at `at`, and `at` behind it; empty: there is none.
std::string read_number(std::u32string_view text, std::size_t& at) {
  std::string number;
  std::size_t end = at;
  if (is_digit(text[at])) {
    while (end < text.size() && is_digit(text[end])) number += static_cast<char>(text[end++]);
    number.erase(0, std::min(number.find_first_not_of('0'), number.size() - 1));
  } else if (is_letter(text[at])) {
    number = static_cast<char>(text[at] & ~0x20u);
    ++end;
    if (end == text.size() || !is_numbered(text[end])) return {};
  } else if (numeral(text[at]) || unit(text[at]) != 0) {
    number = read_numerals(text, end);
    if (end == text.size() || !is_numbered(text[end])) return {};
  }
  if (!number.empty()) at = end;
  return number;
}

}  // namespace

std::u32string characters(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    bool whole = lead < 0x80 || (lead >= 0xC2 && lead <= 0xF4 && i + size <= text.size());
    for (std::size_t k = 1; whole && k < size; ++k)
      whole = (static_cast<unsigned char>(text[i + k]) & 0xC0u) == 0x80u;
    if (!whole) {
      ++i;
      continue;
    }
    char32_t c = size == 1 ? lead : lead & (0xFFu >> (size + 1));
    for (std::size_t k = 1; k < size; ++k)
      c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    i += size;
    if (c == U' ' || c == U'\t' || c == U'\u3000') continue;
    out += c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;  // full-width forms
  }
  return out;
}

std::string utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      if (c < 0x10000) {
        out += static_cast<char>(0xE0 | c >> 12);
      } else {
        out += static_cast<char>(0xF0 | c >> 18);
        out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
      }
      out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

std::vector<Numbered> numbers(std::u32string_view text) {
  std::vector<Numbered> found;
  std::size_t words = 0;  // where those of the last number begin
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    std::string number = read_number(text, i);
    if (number.empty()) {
      ++i;
      continue;
    }
    if (!found.empty()) found.back().after = text.substr(words, begin - words);
    found.push_back({std::move(number), {}, begin, begin > 0 && text[begin - 1] == U'#'});
    words = i;
  }
  if (!found.empty()) found.back().after = text.substr(words);
  return found;
}

}  // namespace see
