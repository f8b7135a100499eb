#include "connectors/http/local_endpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace connectors {

streams::Result<LocalEndpoint> LocalEndpoint::in(const std::string& directory) {
  const int opened = ::open(directory.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC);
  if (opened < 0)
    return streams::Error{streams::Error::Kind::usage,
                          "can't open the directory " + directory + ": " + std::strerror(errno)};
  return LocalEndpoint{opened};
}

LocalEndpoint::~LocalEndpoint() {
  if (directory_ >= 0) ::close(directory_);
}

boost::asio::local::stream_protocol::endpoint LocalEndpoint::address() const {
  return {"/proc/self/fd/" + std::to_string(directory_) + "/socket"};
}

}  // namespace connectors
