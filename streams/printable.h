#pragma once

// Printable text: what came from outside, for a line of a log or a terminal: one line, no control
// sequences, valid UTF-8. Any thread.

#include <string>
#include <string_view>

#include "streams/json.h"

namespace streams {

/// Control characters become \xNN, what is no UTF-8 becomes U+FFFD, what is long is cut.
inline std::string printable(std::string_view text) {
  constexpr std::size_t kShown = 200;
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::string readable = readable_text(text.substr(0, kShown));
  std::string out;
  for (std::size_t i = 0; i < readable.size(); ++i) {
    const auto byte = static_cast<unsigned char>(readable[i]);
    const auto next = static_cast<unsigned char>(i + 1 < readable.size() ? readable[i + 1] : 0);
    const bool c1 = byte == 0xC2 && next < 0xA0;  // U+0080 … U+009F
    if (!c1 && byte >= 0x20 && byte != 0x7F) {
      out += readable[i];
      continue;
    }
    const unsigned char shown = c1 ? next : byte;
    if (c1) ++i;
    out.append("\\x").append(1, kDigits[shown >> 4]).append(1, kDigits[shown & 15]);
  }
  return text.size() > kShown ? out + "…" : out;
}

}  // namespace streams
