#pragma once

// Where the last commit ended, as the one row that every commit writes. Topics stand in it by name,
// not id: a door that never had a record is consumed up to 0 too. EmbeddedLog calls it; pure.

#include <optional>
#include <string>
#include <string_view>

#include "streams/log.h"

namespace state {

std::string position_bytes(const streams::Log::Position& position);
/// Nothing: these bytes are damaged.
std::optional<streams::Log::Position> read_position(std::string_view bytes);
/// A commit may name only some partitions: the others stay where they were.
streams::Log::Position moved(const streams::Log::Position& from, const streams::Commit& commit);

}  // namespace state
