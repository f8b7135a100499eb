#pragma once

// Ast: an expression as a tree, between parser and compiler (or checker). Macros are already
// unfolded into `has` and `loop`; names are not yet resolved. Lives only while a rule is compiled.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "operators/rules/cel/macro.h"
#include "streams/slot.h"

namespace cel {

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  enum class Kind : std::uint8_t {
    literal,      // `value`
    name,         // `name`
    select,       // parts[0] . name
    has,          // has(parts[0]), a select
    call,         // name(parts…), the receiver first; operators are calls too
    list,         // parts
    map,          // parts: key, value, key, value…
    conditional,  // parts[0] ? parts[1] : parts[2]
    all_of,       // parts joined by &&
    any_of,       // parts joined by ||
    loop,         // `macro` over parts[0], element `name`: predicate or transform, or both
    assumed,      // parts[0], or the bool `value` where that is an error or no bool
  };

  Kind kind;
  std::uint32_t offset = 0;  // of the token that says what it is: an operator, a name
  std::string_view name;     // a view into the source, or static
  streams::Slot value = {};
  std::vector<NodePtr> parts = {};
  Macro macro = Macro::all;
  bool receiver = false;  // the call was written a.f(b)
  bool absolute = false;  // the name was written .a: no loop's element
  bool constant = false;  // no name in it: it has one value for ever
  std::uint32_t height = 1;

  bool is(Kind other) const { return kind == other; }
};

}  // namespace cel
