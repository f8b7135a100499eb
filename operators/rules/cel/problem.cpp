#include "operators/rules/cel/problem.h"

#include <algorithm>
#include <utility>

#include "operators/rules/cel/utf8.h"

namespace cel {

Problem Problem::at(std::string_view source, std::size_t offset, std::string what) {
  const std::string_view before = source.substr(0, std::min(offset, source.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is the start
  return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(lines + 1),
          static_cast<std::uint32_t>(utf8::length(line) + 1), std::move(what)};
}

std::string Problem::sentence() const {
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + what;
}

}  // namespace cel
