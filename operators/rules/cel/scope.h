#pragma once

// Scope: what a name means at one place of an expression: a loop's element, a type, or a variable
// of the environment (longest declared path first). Compiler and checker walk the tree with one
// each, so that they can't disagree. Compile time only.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operators/rules/cel/ast.h"
#include "operators/rules/cel/environment.h"

namespace cel {

class Scope {
 public:
  struct Found {
    enum class Kind { local, type, variable, nothing };
    Kind kind = Kind::nothing;
    std::uint32_t local = 0;  // what the loop's element was entered with
    Slot type = {};
    Variable variable = {};
    std::uint32_t offset = 0;   // where the path starts
    std::string path;           // as written, as far as it is resolved
    std::size_t left_over = 0;  // selects that remain to be done on the value
  };

  explicit Scope(Environment& environment) : environment_(environment) {}

  void enter(std::string_view element, std::uint32_t place) { locals_.push_back({element, place}); }
  void leave() { locals_.pop_back(); }

  /// For a name or a select that starts at a name; nullopt when it starts at something else.
  std::optional<Found> find(const Node& node);

 private:
  struct Local {
    std::string_view name;
    std::uint32_t place;
  };

  Environment& environment_;
  std::vector<Local> locals_;
};

}  // namespace cel
