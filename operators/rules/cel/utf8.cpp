#include "operators/rules/cel/utf8.h"

#include <algorithm>

namespace cel::utf8 {
namespace {

constexpr bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Bytes of the sequence that a first byte opens; 0: it can't open one.
constexpr std::size_t width(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

}  // namespace

bool scalar(std::uint32_t code_point) {
  return code_point < 0xD800 || (code_point > 0xDFFF && code_point <= 0x10FFFF);
}

void append(std::string& text, std::uint32_t code_point) {
  const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  const auto tail = [&](int shift) { put(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    return tail(0);
  }
  if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    tail(6);
    return tail(0);
  }
  put(0xF0 | (code_point >> 18));
  tail(12);
  tail(6);
  tail(0);
}

bool valid(std::string_view text) {
  constexpr std::uint32_t kLowest[] = {0, 0, 0x80, 0x800, 0x10000};  // below: overlong
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t bytes = width(first);
    if (bytes == 0 || bytes > text.size()) return false;
    std::uint32_t code_point = bytes == 1 ? first : first & (0x7FU >> bytes);
    for (const char byte : text.substr(1, bytes - 1)) {
      if (!continues(byte)) return false;
      code_point = (code_point << 6) | (static_cast<unsigned char>(byte) & 0x3F);
    }
    if (!scalar(code_point) || code_point < kLowest[bytes]) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::size_t length(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

}  // namespace cel::utf8
