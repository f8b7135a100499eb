#pragma once

// Literals: what the text of a number, string or bytes token is worth. Called by the parser; text
// goes to the program's arena. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "operators/rules/cel/arena.h"
#include "operators/rules/cel/token.h"
#include "streams/slot.h"

namespace cel {

/// What is wrong with a literal, and how far into its token.
struct BadLiteral {
  std::size_t offset;
  std::string what;
};

/// `negative`: a minus stands right before the number and belongs to it, which is how the lowest
/// int can be written.
std::variant<streams::Slot, BadLiteral> literal(const Token& token, bool negative, Arena& arena);

/// A decimal double, as in literals and in `double('…')`; what is too small is zero, too large
/// none.
std::optional<double> decimal(std::string_view text);

}  // namespace cel
