#pragma once

// street_text: Chinese free text as characters, and the numbers in it: full-width digits, Chinese
// numerals, letters of buildings. Used by Gazetteer. Any thread.

#include <string>
#include <string_view>
#include <vector>

namespace see {

/// UTF-8 as characters, full-width forms as ASCII, without spaces; broken bytes are left out.
std::u32string characters(std::string_view text);
std::string utf8(std::u32string_view text);

/// A number, as it is told apart from others, and the words around it: {"3", "", "号楼"}. What one
/// word counts is one number: 88-1号 and 88之1号 are "88-1", 3、4号楼 is "3、4".
struct Numbered {
  std::string number;
  std::u32string_view before, after;  // since the last number, up to the next one
  std::size_t at = 0;                 // of the number, in the text
  bool hash = false;                  // "#" stands before it
  bool compound = false;              // 88-1: of it `each` has the first part
  bool vague = false;                 // several, a range, or a numeral with two readings
  std::vector<std::string> each{};    // of several: each
};
/// In order. Chinese numerals count only before a word that numbers something, so that 五角场 is
/// none.
std::vector<Numbered> numbers(std::u32string_view text);

}  // namespace see
