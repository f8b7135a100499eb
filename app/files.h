#pragma once

// files: small text files and YAML of a city or a data directory, whole, with a sentence when they
// can't be read or written. Any thread.

#include <string>
#include <string_view>

#include "streams/result.h"

namespace app {

streams::Result<std::string> read_file(const std::string& path);
/// Written beside and renamed over, so that a kill leaves the old or the new file.
streams::Result<void> write_file(const std::string& path, std::string_view text);

}  // namespace app
