#pragma once

// pack_reader: the text of a rule pack becomes a Pack, or Problems that name file, line, column and
// what was expected. Keys and their meaning: operators/rules/README.md. Any thread.

#include <string>
#include <string_view>
#include <vector>

#include "operators/rules/pack.h"

namespace rules {

/// Syntax, keys, durations and topics are checked here; expressions by rulebook.
Pack read_pack(std::string_view text, const std::string& file, std::vector<Problem>& problems);

}  // namespace rules
