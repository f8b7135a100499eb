#include "operators/yaml/text_check.h"

#include <algorithm>
#include <array>

#include "operators/rules/cel/utf8.h"

namespace yaml {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Length of the character that the text begins with; 0: it is no UTF-8.
std::size_t character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return length <= text.size() && cel::utf8::valid(text.substr(0, length)) ? length : 0;
}

/// Why a character is not read; empty: it is.
std::string_view fault_of(std::string_view one) {
  const auto first = static_cast<unsigned char>(one.front());
  if (first == 0) return "a NUL character; expected text";
  if ((first < 0x20 && first != '\n' && first != '\r' && first != '\t') || first == 0x7f)
    return "a control character; expected printable text";
  if (first < 0x80) return {};
  if (one == kByteOrderMark) return "a byte order mark; expected UTF-8 without one";
  if (one.size() == 2 && first == 0xc2 && static_cast<unsigned char>(one[1]) < 0xa0)
    return "a control character; expected printable text";
  constexpr std::array<std::string_view, 11> kInvisible = {"\u202a", "\u202b", "\u202c", "\u202d",
                                                           "\u202e", "\u2066", "\u2067", "\u2068",
                                                           "\u2069", "\u2028", "\u2029"};
  if (std::find(kInvisible.begin(), kInvisible.end(), one) != kInvisible.end())
    return "a character that can't be seen and changes how the line reads; expected plain text";
  return {};
}

/// One line without its end.
void check_line(std::string& line, int number, bool before_content, Problems& problems) {
  if (before_content && line.starts_with('%')) {
    problems.add({number, 1}, "directives (%…) are not read here; expected the content");
    line[0] = '#';
  }
  int column = 1;
  bool comment = false, tab_told = false;
  for (std::size_t i = 0; i < line.size(); ++column) {
    const std::string_view rest = std::string_view{line}.substr(i);
    const std::size_t length = character(rest);
    std::string_view fault =
        length == 0 ? "no UTF-8; expected the file in UTF-8" : fault_of(rest.substr(0, length));
    comment = comment || (line[i] == '#' && (i == 0 || line[i - 1] == ' '));
    if (line[i] == '\t' && !comment && !tab_told) {
      fault = "a tab; expected spaces (in a text: \"\\t\")";
      tab_told = true;
    }
    const std::size_t bytes = std::max<std::size_t>(length, 1);
    if (!fault.empty()) {
      problems.add({number, column}, std::string{fault});
      std::fill_n(line.begin() + static_cast<std::ptrdiff_t>(i), bytes,
                  line[i] == '\t' ? ' ' : '?');
    }
    i += bytes;
  }
}

}  // namespace

std::string check_text(std::string_view text, Problems& problems) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    problems.add({1, 1}, "the file is in UTF-16; expected UTF-8 without a byte order mark");
    return {};
  }
  if (text.starts_with(kByteOrderMark)) {
    problems.add({1, 1}, std::string{fault_of(kByteOrderMark)});
    text.remove_prefix(kByteOrderMark.size());
  }
  std::string checked;
  checked.reserve(text.size());
  bool before_content = true;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string line{text.substr(0, end)};
    check_line(line, number, before_content, problems);
    const std::size_t first = line.find_first_not_of(' ');
    before_content = before_content && (first == line.npos || line[first] == '#');
    checked += line;
    if (end == text.npos) break;
    checked += '\n';
    text.remove_prefix(end + 1);
  }
  return checked;
}

bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character(text.substr(i));
    if (length == 0) return true;
    if (!fault_of(text.substr(i, length)).empty()) return true;
    i += length;
  }
  return false;
}

}  // namespace yaml
