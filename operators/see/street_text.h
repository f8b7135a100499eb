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

/// A number and the words up to the next one: {"3", "号楼"}. `hash`: "#" stands before it.
struct Numbered {
  std::string number;
  std::u32string_view after;
  std::size_t at = 0;  // of the number, in the text
  bool hash = false;
};
/// In order. Chinese numerals count only before a word that numbers something, so that 五角场 is
/// none.
std::vector<Numbered> numbers(std::u32string_view text);

}  // namespace see
