#include "operators/see/street_text.h"

#include <algorithm>
#include <cstdlib>
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
constexpr std::u32string_view kFormal = U"〇壹贰叁肆伍陆柒捌玖";  // as cheques and seals have them
constexpr std::u32string_view kStems = U"甲乙丙丁戊己";

/// The value of one numeral, also of 两; nothing for other characters.
std::optional<int> numeral(char32_t c) {
  if (c == U'两') return 2;
  for (const std::u32string_view all : {kNumerals, kFormal})
    if (const std::size_t at = all.find(c); at != all.npos) return static_cast<int>(at);
  return std::nullopt;
}
int unit(char32_t c) {
  return c == U'十' || c == U'拾'   ? 10
         : c == U'百' || c == U'佰' ? 100
         : c == U'千' || c == U'仟' ? 1000
                                    : 0;
}
/// 廿, 卅, 卌: tens in one character.
int tens(char32_t c) {
  return c == U'廿' ? 20 : c == U'卅' ? 30 : c == U'卌' ? 40 : 0;
}
bool is_numeral(char32_t c) {
  return numeral(c) || unit(c) != 0 || tens(c) != 0;
}
bool is_stem(char32_t c) {
  return kStems.find(c) != kStems.npos;
}

/// What an address numbers.
bool is_numbered(char32_t c) {
  constexpr std::u32string_view kNumbered = U"弄支号幢栋座楼层室梯区单期";
  return kNumbered.find(c) != kNumbered.npos;
}

/// One number of a chain.
struct Read {
  std::string number;  // empty: there is none
  bool spelled = false;  // in numerals, or of letters alone: a word must say what it counts
  std::string or_else{};  // 一百二 is 102 or 120
};

/// 八十八, 一百二十, 一二三四, 廿八; its end is moved behind it.
Read read_numerals(std::u32string_view text, std::size_t& at) {
  int total = 0, digit = -1, last = 0;
  bool counted = false;
  std::string digits;
  for (; at < text.size(); ++at) {
    if (const auto value = numeral(text[at])) {
      digit = *value;
      digits += static_cast<char>('0' + *value);
    } else if (const int size = unit(text[at]); size != 0) {
      total += (digit <= 0 ? 1 : digit) * size;
      counted = true;
      last = size;
      digit = -1;
    } else if (const int several = tens(text[at]); several != 0) {
      total += several;
      counted = true;
      last = 10;
      digit = -1;
    } else {
      break;
    }
  }
  if (!counted) return {digits, true};
  Read read{std::to_string(total + std::max(digit, 0)), true};
  if (last > 10 && digit > 0 && digits.find('0') == digits.npos)
    read.or_else = std::to_string(total + digit * last / 10);
  return read;
}

/// 88, 88A, B1, 88甲, 甲88, 八十八, A; `at` is moved behind it.
Read read_one(std::u32string_view text, std::size_t& at) {
  Read read;
  std::size_t end = at;
  const auto here = [&](std::size_t i) { return i < text.size() ? text[i] : U'\0'; };
  const std::string stem = is_stem(here(end)) ? utf8(text.substr(end, 1)) : "";
  if (!stem.empty()) ++end;
  if (is_digit(here(end)) || is_letter(here(end))) {
    bool digit = false;
    for (; is_digit(here(end)) || is_letter(here(end)); ++end) {
      digit = digit || is_digit(here(end));
      const char c = static_cast<char>(here(end));
      read.number += is_letter(here(end)) ? static_cast<char>(c & ~0x20) : c;
    }
    if (!digit && read.number.size() > 1) return {};  // a word of Latin letters
    read.spelled = !digit;
    read.number.erase(0, std::min(read.number.find_first_not_of('0'), read.number.size() - 1));
  } else if (is_numeral(here(end))) {
    read = read_numerals(text, end);
  } else if (!stem.empty()) {
    at = end;
    return {stem, true};
  }
  if (read.number.empty()) return {};
  if (stem.empty() && is_stem(here(end)))
    read.number += utf8(text.substr(end++, 1));
  else
    read.number = stem + read.number;
  at = end;
  return read;
}

/// What joins numbers that one word counts: 86-88号, 88之1号, 3、4号楼.
enum class Joint { none, part, range, several };
Joint joint_at(std::u32string_view text, std::size_t at) {
  if (at >= text.size()) return Joint::none;
  constexpr std::u32string_view kPart = U"-—–−‐之", kRange = U"至到~〜", kSeveral = U"、/和与及或跟";
  const char32_t c = text[at];
  if (kPart.find(c) != kPart.npos) return Joint::part;
  if (kRange.find(c) != kRange.npos) return Joint::range;
  return kSeveral.find(c) != kSeveral.npos ? Joint::several : Joint::none;
}

int value_of(const std::string& number) {
  const bool plain = !number.empty() && number.size() < 9 &&
                     number.find_first_not_of("0123456789") == number.npos;
  return plain ? std::atoi(number.c_str()) : -1;
}

/// A chain of numbers at `at`, and `at` behind it; without a number: there is none.
Numbered read_chain(std::u32string_view text, std::size_t& at) {
  Numbered found;
  std::size_t end = at;
  Read read = read_one(text, end);
  if (read.number.empty()) return found;
  std::vector<std::string> all{read.number};
  bool spelled = read.spelled, apart = false;
  found.number = read.number;
  found.vague = !read.or_else.empty();
  if (found.vague) found.each = {read.number, read.or_else};
  for (Joint joint = joint_at(text, end); joint != Joint::none; joint = joint_at(text, end)) {
    std::size_t next = end + 1;
    const Read more = next < text.size() ? read_one(text, next) : Read{};
    if (more.number.empty()) break;
    const bool rises = value_of(more.number) > value_of(all.back()) && value_of(all.back()) > 0;
    apart = apart || joint != Joint::part || rises;
    found.number += joint == Joint::part ? "-" : joint == Joint::range ? "至" : "、";
    found.number += more.number;
    found.vague = found.vague || !more.or_else.empty();
    spelled = spelled && more.spelled;
    all.push_back(more.number);
    end = next;
  }
  if (spelled && (end == text.size() || !is_numbered(text[end]))) return {};
  found.vague = found.vague || apart;
  if (all.size() > 1) {
    found.each = apart ? all : std::vector{all.front()};
    found.compound = !apart;
  }
  at = end;
  return found;
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
    Numbered one = read_chain(text, i);
    if (one.number.empty()) {
      // Past a whole word of letters, so that its end is no number.
      do ++i;
      while (i < text.size() && is_letter(text[begin]) && is_letter(text[i]));
      continue;
    }
    one.before = text.substr(words, begin - words);
    if (!found.empty()) found.back().after = one.before;
    one.at = begin;
    one.hash = begin > 0 && text[begin - 1] == U'#';
    found.push_back(std::move(one));
    words = i;
  }
  if (!found.empty()) found.back().after = text.substr(words);
  return found;
}

}  // namespace see
