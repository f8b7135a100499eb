#pragma once

// Harness: an environment like a rule's, and short ways to evaluate a text in it. Used by the
// tests of CEL.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operators/rules/cel/cel.h"

namespace cel_test {

using cel::Kind;
using cel::Slot;

/// Reads only {"a":1} and says so when it gets something else.
inline Slot read_raw(std::string_view json, cel::Arena& arena) {
  if (json != R"({"a":1})") return cel::fault("not the JSON that this reader knows");
  auto* entries = arena.array<cel::Entry>(1);
  entries[0] = {Slot::text("a"), Slot::number(1)};
  return cel::map_of({entries, 1});
}

class Harness : public testing::Test {
 protected:
  Harness() : environment(&read_raw), variables(10) {
    environment.declare("data.speed", 0, Kind::number)
        .declare("data.doorZone", 1, Kind::boolean)
        .declare("data.occupied", 2, Kind::boolean)
        .declare("data.mode", 3, Kind::text)
        .declare("data.door", 4, Kind::text)
        .declare("event.time", 5, Kind::timestamp)
        .declare("data.payload", 6)
        .declare("x", 7)
        .declare("x.y", 8)
        .declare("data.floor", 9, Kind::number);
  }

  void set(std::string_view path, Slot value) { variables[environment.find(path)->index] = value; }

  Slot eval(std::string_view source) {
    auto compiled = cel::compile(source, environment);
    if (!compiled.ok()) {
      told = compiled.error().what;
      return cel::fault("did not compile");
    }
    program = std::move(*compiled);
    const Slot result = cel::evaluate(*program, variables, arena);
    told = result.is(Kind::error) ? program->explain(result) : "";
    return result;
  }

  /// "true", "false", or the error with its place.
  std::string says(std::string_view source) {
    const Slot result = eval(source);
    if (result.is(Kind::boolean)) return result.b ? "true" : "false";
    return result.is(Kind::error) ? told : "no bool: " + std::string(cel::type_name(result.kind));
  }

  std::vector<std::string> problems(std::string_view source) {
    std::vector<std::string> all;
    for (const cel::Problem& problem : cel::check(source, environment)) {
      all.push_back(problem.sentence());
    }
    return all;
  }

  cel::Declarations environment;
  std::vector<Slot> variables;
  cel::Arena arena;
  std::optional<cel::Program> program;
  std::string told;
};

}  // namespace cel_test
