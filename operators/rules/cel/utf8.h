#pragma once

// UTF-8: what CEL asks of it (its strings are sequences of code points, `size` counts them).
// Called by the lexer for literals and by functions on strings. Any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cel::utf8 {

/// A Unicode scalar value: in range and not a surrogate.
bool scalar(std::uint32_t code_point);

/// Appends the one to four bytes of a scalar value.
void append(std::string& text, std::uint32_t code_point);

/// No bad, overlong or cut-off sequence, no surrogate.
bool valid(std::string_view text);

/// Code points of valid text.
std::size_t length(std::string_view text);

}  // namespace cel::utf8
