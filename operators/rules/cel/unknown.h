#pragma once

// unknown: what a predicate says where it can't read what it asks for. CEL's answer is an error,
// neither true nor false; a rule that guards life may say of which variables that must not keep it
// from firing. Called when a rule pack is loaded.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/rules/cel/ast.h"
#include "operators/rules/cel/environment.h"

namespace cel {

/// A variable that a predicate reads: without it there may be no answer.
struct Need {
  std::string path;
  std::uint32_t offset = 0;  // in the text, of its first use
  bool asked = false;        // `has()` asks for it somewhere: its absence was thought of
};

/// In the order of the text, each once.
std::vector<Need> needs_of(const Node& root, Environment& environment);

/// Makes every term that reads of `data` nothing but `unknown` variables, and can't be evaluated,
/// what it must be for the whole to be true.
void allow_unknown(NodePtr& root, std::span<const std::string> unknown, Environment& environment);

}  // namespace cel
