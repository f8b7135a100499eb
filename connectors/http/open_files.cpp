#include "connectors/http/open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace connectors {

streams::Result<std::size_t> connections_within(OpenFiles& limit, std::size_t wanted) {
  const std::size_t needed = wanted + kOtherFiles;
  limit.soft = std::max(limit.soft, std::min(needed, limit.hard));
  if (limit.soft >= needed) return wanted;
  if (limit.soft < kOtherFiles + kFewestConnections)
    return streams::Error{
        streams::Error::Kind::usage,
        "this process may open " + std::to_string(limit.soft) + " files and needs " +
            std::to_string(needed) +
            ": raise the limit (ulimit -n, or LimitNOFILE of the service)"};
  return limit.soft - kOtherFiles;
}

streams::Result<std::size_t> allow_connections(std::size_t wanted, std::string& note) {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return wanted;
  OpenFiles limit{static_cast<std::size_t>(now.rlim_cur), static_cast<std::size_t>(now.rlim_max)};
  streams::Result<std::size_t> allowed = connections_within(limit, wanted);
  if (limit.soft != now.rlim_cur) {
    now.rlim_cur = limit.soft;
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  if (allowed && *allowed < wanted)
    note = "this process may open " + std::to_string(limit.soft) + " files, so " +
           std::to_string(*allowed) + " connections instead of " + std::to_string(wanted) +
           ": raise the limit (ulimit -n, or LimitNOFILE of the service) for more";
  return allowed;
}

}  // namespace connectors
