#include "operators/rules/cel/program.h"

#include "operators/rules/cel/problem.h"

namespace cel {

std::string Program::explain(const Slot& error) const {
  return Problem::at(source_, error.size, error.chars).sentence();
}

}  // namespace cel
