#pragma once

// json: a YAML value as JSON, for the data of events that a pack's tests or an adapter write down.
// Any thread.

#include <string>

#include "operators/yaml/node.h"

namespace yaml {

/// Plain words become null, booleans and numbers, as in JSON; what is quoted is text. A plain word
/// that some YAML takes for a boolean or number and JSON does not (yes, True, 0x1F, 007) is a
/// problem: nobody could say which was meant.
std::string to_json(const Node& node, Problems& problems);

}  // namespace yaml
