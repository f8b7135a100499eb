#include "operators/rules/cel/lexer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace cel {
namespace {

// Not <cctype>: that asks the locale.
constexpr bool digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool hex_digit(char c) {
  return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// Longer ones first: the first that fits is taken.
constexpr std::array<std::string_view, 24> kSymbols = {
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/",
    "%",  "!",  "?",  ":",  ".",  ",",  "(", ")", "[", "]", "{", "}"};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  std::variant<std::vector<Token>, Problem> run() {
    for (skip_blanks(); at_ < source_.size(); skip_blanks()) {
      if (auto problem = next()) return *std::move(problem);
    }
    add(Token::Kind::end, at_);
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  bool starts(std::string_view text) const { return source_.substr(at_).starts_with(text); }
  void add(Token::Kind kind, std::size_t start) {
    tokens_.push_back(
        {kind, static_cast<std::uint32_t>(start), source_.substr(start, at_ - start)});
  }

  void skip_blanks() {
    while (at_ < source_.size()) {
      if (starts("//")) {
        at_ = std::min(source_.find('\n', at_), source_.size());
      } else if (blank(peek())) {
        ++at_;
      } else {
        return;
      }
    }
  }

  std::optional<Problem> next() {
    if (const std::size_t prefix = string_prefix(); peek(prefix) == '"' || peek(prefix) == '\'') {
      return string(prefix);
    }
    if (letter(peek())) return identifier();
    if (digit(peek()) || (peek() == '.' && digit(peek(1)))) return number();
    if (peek() == '`') return quoted();
    for (const std::string_view symbol : kSymbols) {
      if (!starts(symbol)) continue;
      const std::size_t start = at_;
      at_ += symbol.size();
      add(Token::Kind::symbol, start);
      return std::nullopt;
    }
    return Problem::at(source_, at_, unexpected());
  }

  std::string unexpected() const {
    if (peek() == '=') return "'=' is not an operator; equality is '=='";
    if (peek() == '&' || peek() == '|') {
      return std::string("'") + peek() + "' is not an operator; expected '" + peek() + peek() + "'";
    }
    if (peek() < ' ' || peek() > '~') return "a character that may only stand in a string";
    return std::string("unexpected character '") + peek() + "'";
  }

  std::optional<Problem> identifier() {
    const std::size_t start = at_;
    while (letter(peek()) || digit(peek())) ++at_;
    add(Token::Kind::identifier, start);
    return std::nullopt;
  }

  std::optional<Problem> quoted() {
    const std::size_t start = at_ + 1;
    const std::size_t close = source_.find('`', start);
    if (close == std::string_view::npos) {
      return Problem::at(source_, at_, "the quoted field name does not end; expected '`'");
    }
    at_ = close;
    add(Token::Kind::quoted, start);
    ++at_;
    return std::nullopt;
  }

  void digits() {
    while (digit(peek())) ++at_;
  }

  std::optional<Problem> number() {
    const std::size_t start = at_;
    Token::Kind kind = Token::Kind::integer;
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && hex_digit(peek(2))) {
      at_ += 2;
      while (hex_digit(peek())) ++at_;
    } else {
      kind = decimal();
    }
    if (kind == Token::Kind::integer && (peek() == 'u' || peek() == 'U')) {
      kind = Token::Kind::natural;
      ++at_;
    }
    if (letter(peek()) || digit(peek())) {
      return Problem::at(source_, at_, std::string("unexpected '") + peek() + "' after a number");
    }
    add(kind, start);
    return std::nullopt;
  }

  Token::Kind decimal() {
    Token::Kind kind = Token::Kind::integer;
    digits();
    if (peek() == '.' && digit(peek(1))) {
      kind = Token::Kind::number;
      ++at_;
      digits();
    }
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && digit(peek(1 + sign))) {
      kind = Token::Kind::number;
      at_ += 1 + sign;
      digits();
    }
    return kind;
  }

  /// How many of the characters here are r or b, in either order and case, before a quote.
  std::size_t string_prefix() const {
    const auto is = [&](std::size_t ahead, char lower) {
      return peek(ahead) == lower || peek(ahead) == lower - 'a' + 'A';
    };
    if ((is(0, 'r') && is(1, 'b')) || (is(0, 'b') && is(1, 'r'))) return 2;
    return is(0, 'r') || is(0, 'b') ? 1 : 0;
  }

  std::optional<Problem> string(std::size_t prefix) {
    const std::size_t start = at_;
    const std::string_view marks = source_.substr(start, prefix);
    const bool raw = marks.find_first_of("rR") != std::string_view::npos;
    const bool bytes = marks.find_first_of("bB") != std::string_view::npos;
    at_ += prefix;
    const bool triple = peek(1) == peek() && peek(2) == peek();
    const std::string close(triple ? 3 : 1, peek());
    at_ += close.size();
    while (!starts(close)) {
      if (at_ >= source_.size() || (!triple && (peek() == '\n' || peek() == '\r'))) {
        return Problem::at(source_, start, "the string does not end; expected " + close);
      }
      at_ = std::min(at_ + (!raw && peek() == '\\' ? 2 : 1), source_.size());
    }
    at_ += close.size();
    add(bytes ? Token::Kind::bytes : Token::Kind::string, start);
    return std::nullopt;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::variant<std::vector<Token>, Problem> tokens(std::string_view source) {
  return Lexer(source).run();
}

}  // namespace cel
