#include "operators/rules/cel/functions.h"

#include <algorithm>
#include <vector>

namespace cel {

std::span<const Function> functions() {
  static const std::vector<Function> all = [] {
    std::vector<Function> rows;
    for (const auto part :
         {operator_functions(), conversion_functions(), text_functions(), time_functions()}) {
      rows.insert(rows.end(), part.begin(), part.end());
    }
    return rows;
  }();
  return all;
}

const Function* function_named(std::string_view name) {
  const auto all = functions();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Function& row) { return row.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Slot text_in_arena(std::string_view text, Kind kind, Context& context) {
  const std::string_view kept = context.arena.copy(text);
  return kept.data() == nullptr ? fault(kOutOfMemory) : Slot::view(kind, kept);
}

}  // namespace cel
