#pragma once

// log_identity: what tells one log from another for ever, so that a cursor of one is not taken for
// a place in another. Read once, when a city's doors open.

#include <string>

#include "streams/result.h"

namespace app {

/// Of the embedded log in this data directory: DATA/log.id, made with a random number where there
/// is none yet.
streams::Result<std::string> log_identity(const std::string& data);

}  // namespace app
