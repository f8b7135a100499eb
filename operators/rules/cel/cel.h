#pragma once

// CEL, the Common Expression Language (github.com/google/cel-spec), for the predicates of rules:
// the public face. Rule packs are checked and compiled when they are loaded; `evaluate` runs for
// every event, on the task's thread, without look-ups by name and, as long as values are scalars,
// without allocation.
//
//   auto program = cel::compile("data.mode in ['normal', 'fault'] && data.occupied", environment);
//   Slot answer = cel::evaluate(*program, event.slots, arena);
//
// `compile` takes whatever parses: an unknown name is an error value when it is reached, as the
// specification wants (`x || true` is true). `check` is strict and is what rules must pass.
//
// What differs from the specification, on purpose:
// - No protobuf messages, enums, containers or extensions: rules read JSON.
// - Time zones by name are a compiled-in list, each since its present rule (zone.h).
// - Maps are sorted by key; macros over maps go in that order.
// - Of several errors in a chain of && or || the first in the text is the one told.
// - string(double) writes decimals out between 1e-6 and 1e21, as JSON does: "100000", not "1e+05".
// - has(x) is false where x is null, as where it is absent: registers write null for "not known".
// - Bounds: 64 KiB of text, 4096 nodes, nesting and chains of 200, 100 000 steps of work in one
//   evaluation (loops, walks through lists, maps, JSON and long texts, patterns that are no
//   literals), the arena's bytes, 1 MiB of a compiled pattern.
// What does not differ but surprises: JSON numbers are doubles. They compare with ints by value
// (data.floor == 12), but there is no double + int: write data.floor + 1.0. `check` says so.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "operators/rules/cel/arena.h"
#include "operators/rules/cel/environment.h"
#include "operators/rules/cel/problem.h"
#include "operators/rules/cel/program.h"
#include "operators/rules/cel/unknown.h"
#include "streams/result.h"

namespace cel {

/// The program of an expression that parses; else an error of kind usage: line, column, reason.
/// `unknown`: variables that may be unknown; where one is null, its term is no answer either.
streams::Result<Program> compile(std::string_view source, Environment& environment,
                                 std::span<const std::string> unknown = {});

/// The same, but where a variable of `unknown` can't be read its term does not keep the whole from
/// being true (unknown.h).
streams::Result<Program> compile_lenient(std::string_view source,
                                         std::span<const std::string> unknown,
                                         Environment& environment);

/// The variables that the expression reads; none where it does not parse.
std::vector<Need> needs(std::string_view source, Environment& environment);

/// All that is wrong with an expression, in the order of the text; at most one problem when it
/// doesn't parse. Beyond syntax: unknown variables (with the nearest known one), unknown functions,
/// wrong counts of arguments, types that can't fit, and what literals alone make an error: a
/// division by zero, a zone that does not exist, a bad duration or pattern. `wanted`: what the
/// whole has to be; absent: anything.
std::vector<Problem> check(std::string_view source, Environment& environment,
                           Kind wanted = Kind::absent);

/// What the value will be, as far as that is certain; nothing for what does not parse.
std::optional<Kind> type_of(std::string_view source, Environment& environment);

/// The value of the program, or an error slot (Program::explain). `variables` has a slot for every
/// index the program reads. Text, lists and maps of the answer live in the arena, the variables or
/// the program.
Slot evaluate(const Program& program, std::span<const Slot> variables, Arena& arena);

}  // namespace cel
