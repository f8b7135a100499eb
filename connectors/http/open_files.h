#pragma once

// OpenFiles: whether the process may open as many files as the server's connections and the rest of
// the program need (RLIMIT_NOFILE). Asked once, when the server starts.

#include <cstddef>
#include <string>

#include "streams/result.h"

namespace connectors {

/// Besides connections: RocksDB's files (512), its log and ours, a broker's connections.
inline constexpr std::size_t kOtherFiles = 768;
inline constexpr std::size_t kFewestConnections = 32;

struct OpenFiles {
  std::size_t soft = 0, hard = 0;  // what the process may, and may raise that to
};

/// How many connections there may be, `wanted` at most. `limit.soft` becomes what is needed, as far
/// as `limit.hard` allows. An error: it is too few for a server.
streams::Result<std::size_t> connections_within(OpenFiles& limit, std::size_t wanted);

/// The same for this process, whose limit is raised; `note` says so where there are fewer.
streams::Result<std::size_t> allow_connections(std::size_t wanted, std::string& note);

}  // namespace connectors
