#include "operators/rules/cel/literal.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "operators/rules/cel/utf8.h"

namespace cel {
namespace {

using streams::Slot;

template <class T>
std::optional<T> parse(std::string_view text, int base) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The power of ten of the first digit that is not zero: tells too small from too large.
long magnitude(std::string_view text) {
  const std::size_t mantissa_end = std::min(text.find_first_of("eE"), text.size());
  std::string_view written = text.substr(std::min(mantissa_end + 1, text.size()));
  if (written.starts_with('+')) written.remove_prefix(1);
  constexpr long kFar = 1'000'000;  // an exponent that doesn't fit a long is farther still
  const long assumed = written.starts_with('-') ? -kFar : written.empty() ? 0 : kFar;
  const long exponent = parse<long>(written, 10).value_or(assumed);
  const std::string_view mantissa = text.substr(0, mantissa_end);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_of("123456789");
  const long place =
      first < point ? static_cast<long>(point - first) - 1 : -static_cast<long>(first - point);
  return std::clamp(exponent, -kFar, kFar) + place;
}

std::variant<Slot, BadLiteral> integer(std::string_view text, bool negative, bool natural) {
  if (natural) text.remove_suffix(1);
  const bool hex = text.size() > 2 && (text[1] == 'x' || text[1] == 'X');
  const auto value = parse<std::uint64_t>(hex ? text.substr(2) : text, hex ? 16 : 10);
  constexpr auto kHighest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (natural) {
    if (value) return Slot::natural(*value);
    return BadLiteral{0, "the uint is too large; the largest is 18446744073709551615u"};
  }
  if (!value || *value > kHighest + (negative ? 1 : 0)) {
    return BadLiteral{0, "the int is out of range; ints have 64 bits"};
  }
  return Slot::integer(static_cast<std::int64_t>(negative ? 0 - *value : *value));
}

std::variant<Slot, BadLiteral> number(std::string_view text, bool negative) {
  const auto value = decimal(text);
  if (!value) return BadLiteral{0, "the double is too large"};
  return Slot::number(negative ? -*value : *value);
}

/// Reads the body of a string or bytes literal, escapes and all.
class Body {
 public:
  Body(std::string_view body, bool raw, bool bytes) : body_(body), raw_(raw), bytes_(bytes) {}

  std::optional<BadLiteral> decode() {
    while (at_ < body_.size()) {
      if (!raw_ && body_[at_] == '\\') {
        if (auto bad = escape()) return bad;
      } else {
        text_.push_back(body_[at_++]);
      }
    }
    if (!bytes_ && !utf8::valid(text_)) return BadLiteral{0, "the string is not UTF-8"};
    return std::nullopt;
  }

  const std::string& text() const { return text_; }

 private:
  std::optional<BadLiteral> escape() {
    const char letter = at_ + 1 < body_.size() ? body_[at_ + 1] : '\0';
    constexpr std::string_view kLetters = "abfnrtv\\?\"'`";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\?\"'`";
    if (const std::size_t i = kLetters.find(letter); i != std::string_view::npos) {
      text_.push_back(kMeanings[i]);
      at_ += 2;
      return std::nullopt;
    }
    if (letter >= '0' && letter <= '3') return code(1, 3, 8);
    if (letter == 'x' || letter == 'X') return code(2, 2, 16);
    if (letter == 'u' && !bytes_) return code(2, 4, 16);
    if (letter == 'U' && !bytes_) return code(2, 8, 16);
    return BadLiteral{at_, "no such escape; a backslash itself is '\\\\'"};
  }

  /// A character given by `digits` digits, `lead` characters after the backslash.
  std::optional<BadLiteral> code(std::size_t lead, std::size_t digits, int base) {
    const std::string_view written = body_.substr(std::min(at_ + lead, body_.size()), digits);
    const auto value = parse<std::uint32_t>(written, base);
    if (!value || written.size() < digits) {
      return BadLiteral{at_, "the escape is too short; expected " + std::to_string(digits) +
                                 (base == 8 ? " octal digits" : " hexadecimal digits")};
    }
    if (bytes_) {
      text_.push_back(static_cast<char>(*value));
    } else if (utf8::scalar(*value)) {
      utf8::append(text_, *value);
    } else {
      return BadLiteral{at_, "no Unicode character has this number"};
    }
    at_ += lead + digits;
    return std::nullopt;
  }

  std::string_view body_;
  bool raw_;
  bool bytes_;
  std::size_t at_ = 0;
  std::string text_;
};

std::variant<Slot, BadLiteral> string(const Token& token, Arena& arena) {
  const std::size_t prefix = token.text.find_first_of("'\"");
  const bool raw = token.text.substr(0, prefix).find_first_of("rR") != std::string_view::npos;
  const bool bytes = token.kind == Token::Kind::bytes;
  const std::string_view marks = token.text.substr(prefix);
  // A closed one-quoted literal that opens with three equal quotes has more than its empty self.
  const bool triple = marks.size() >= 6 && marks[0] == marks[1] && marks[1] == marks[2];
  const std::size_t quote = triple ? 3 : 1;
  Body body(marks.substr(quote, marks.size() - 2 * quote), raw, bytes);
  if (auto bad = body.decode()) return BadLiteral{prefix + quote + bad->offset, bad->what};
  const std::string_view kept = arena.copy(body.text());
  if (kept.data() == nullptr) return BadLiteral{0, "the expression's literals are too large"};
  return Slot::view(bytes ? Slot::Kind::bytes : Slot::Kind::text, kept);
}

}  // namespace

std::optional<double> decimal(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc()) return value;
  if (error != std::errc::result_out_of_range) return std::nullopt;
  const bool negative = text.starts_with('-');
  if (magnitude(text.substr(negative ? 1 : 0)) > 0) return std::nullopt;
  return negative ? -0.0 : 0.0;
}

std::variant<Slot, BadLiteral> literal(const Token& token, bool negative, Arena& arena) {
  switch (token.kind) {
    case Token::Kind::integer:
      return integer(token.text, negative, false);
    case Token::Kind::natural:
      return integer(token.text, false, true);
    case Token::Kind::number:
      return number(token.text, negative);
    default:
      return string(token, arena);
  }
}

}  // namespace cel
