#pragma once

// files: small text files and YAML of a city or a data directory, whole, with a sentence when they
// can't be read or written. Any thread.

#include <string>
#include <string_view>

#include "streams/result.h"

namespace app {

streams::Result<std::string> read_file(const std::string& path);
/// Written beside, synced, and renamed over, so that a kill or a power cut leaves the old or the
/// new file, whole. For its owner alone.
streams::Result<void> write_file(const std::string& path, std::string_view text);

/// Made where it is missing; in any case nobody but its owner may look in.
streams::Result<void> make_private_directory(const std::string& path);

}  // namespace app
