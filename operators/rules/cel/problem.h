#pragma once

// Problem: why the text of an expression was refused and where: the value that lexer, parser and
// checker return to whoever compiles rules. Any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace cel {

struct Problem {
  std::uint32_t offset = 0;  // bytes from the start of the expression
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, in characters
  std::string what;          // one sentence: what is wrong, what was expected

  static Problem at(std::string_view source, std::size_t offset, std::string what);

  /// "line 1, column 7: …"
  std::string sentence() const;
};

}  // namespace cel
