#include "operators/rules/cel/cel.h"

#include <utility>

#include "operators/rules/cel/checker.h"
#include "operators/rules/cel/compiler.h"
#include "operators/rules/cel/machine.h"
#include "operators/rules/cel/parser.h"

namespace cel {
namespace {

constexpr std::size_t kProgramBytes = 8 << 20;  // literals, folded lists, messages of one program

}  // namespace

streams::Result<Program> compile(std::string_view source, Environment& environment,
                                 std::span<const std::string> unknown) {
  Arena arena(kProgramBytes);
  auto parsed = parse(source, arena);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    return streams::Error{streams::Error::Kind::usage, problem->sentence()};
  }
  return Compiler::compile(source, *std::get<NodePtr>(parsed), std::move(arena), environment,
                           unknown);
}

streams::Result<Program> compile_lenient(std::string_view source,
                                         std::span<const std::string> unknown,
                                         Environment& environment) {
  Arena arena(kProgramBytes);
  auto parsed = parse(source, arena);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    return streams::Error{streams::Error::Kind::usage, problem->sentence()};
  }
  NodePtr& root = std::get<NodePtr>(parsed);
  allow_unknown(root, unknown, environment);
  return Compiler::compile(source, *root, std::move(arena), environment, unknown);
}

std::vector<Need> needs(std::string_view source, Environment& environment) {
  Arena arena(kProgramBytes);
  const auto parsed = parse(source, arena);
  if (!std::holds_alternative<NodePtr>(parsed)) return {};
  return needs_of(*std::get<NodePtr>(parsed), environment);
}

std::vector<Problem> check(std::string_view source, Environment& environment, Kind wanted) {
  Arena arena(kProgramBytes);
  const auto parsed = parse(source, arena);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return {*problem};
  return Checker(source, arena, environment).run(*std::get<NodePtr>(parsed), wanted);
}

std::optional<Kind> type_of(std::string_view source, Environment& environment) {
  Arena arena(kProgramBytes);
  const auto parsed = parse(source, arena);
  if (std::holds_alternative<Problem>(parsed)) return std::nullopt;
  return Checker(source, arena, environment).type(*std::get<NodePtr>(parsed));
}

Slot evaluate(const Program& program, std::span<const Slot> variables, Arena& arena) {
  return Machine(program, variables, arena).run();
}

}  // namespace cel
