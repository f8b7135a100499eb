#pragma once

// Lexer: cuts the text of an expression into tokens; the first step of compiling a rule. It looks
// at nothing but characters: what a literal is worth is decided in literal.h. Any thread.

#include <variant>
#include <vector>

#include "operators/rules/cel/problem.h"
#include "operators/rules/cel/token.h"

namespace cel {

/// All tokens, the last of kind `end`, as views into the source; or the first problem.
std::variant<std::vector<Token>, Problem> tokens(std::string_view source);

}  // namespace cel
