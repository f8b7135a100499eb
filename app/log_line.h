#pragma once

// log_line: what a caller named, as it may stand in a log: one line, whatever is in it. Any thread.

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace app {

inline std::string log_line(std::string_view text) {
  constexpr unsigned char kFirstShown = 0x20, kDelete = 0x7f;
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < kFirstShown || byte == kDelete)
      line += fmt::format("\\x{:02x}", byte);
    else
      line += c;
  }
  return line;
}

}  // namespace app
