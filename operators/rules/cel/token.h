#pragma once

// Token: the smallest piece of an expression's text, as the lexer finds it and the parser reads it.
// Any thread.

#include <cstdint>
#include <string_view>

namespace cel {

struct Token {
  enum class Kind : std::uint8_t {
    end,
    identifier,  // also the words that are reserved: the parser knows where they may stand
    quoted,      // `a-b`, after a dot; `text` without the quotes
    integer,
    natural,
    number,
    string,  // with prefix and quotes, not yet decoded
    bytes,
    symbol,  // an operator or a bracket
  };

  Kind kind = Kind::end;
  std::uint32_t offset = 0;
  std::string_view text;

  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
  bool word(std::string_view name) const { return kind == Kind::identifier && text == name; }
};

}  // namespace cel
