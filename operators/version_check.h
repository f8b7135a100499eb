#pragma once

// version_check: why a version record can't be read: a rule pack, a duty list, a calendar with a
// mistake in it. Asked by the engine before any operator hears of the version, so that a wrong one
// becomes a dead letter with its reason and what is in force stays in force. The commands that
// activate ask the same readers before; this is for whatever writes `city.events` itself. Any
// thread.

#include <optional>
#include <string>

#include "streams/version.h"

namespace operators {

/// All that is wrong with it, a line each; nothing: it can be read, or is none of the city's.
std::optional<std::string> unreadable(const streams::Version& version);

}  // namespace operators
