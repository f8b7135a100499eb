#pragma once

// Parser: text to tree, by recursive descent with binding powers for the binary operators. Called
// when a rule is compiled or checked. Depth and length are bounded, so that no text can exhaust
// the stack. Any thread.

#include <variant>

#include "operators/rules/cel/arena.h"
#include "operators/rules/cel/ast.h"
#include "operators/rules/cel/problem.h"

namespace cel {

constexpr std::uint32_t kMaxDepth = 200;  // of nesting and of chains such as a + b + c…
constexpr std::size_t kMaxSourceBytes = 64 << 10;
constexpr std::size_t kMaxNodes = 4096;

/// The tree views `source` for names and `arena` for literals.
std::variant<NodePtr, Problem> parse(std::string_view source, Arena& arena);

}  // namespace cel
