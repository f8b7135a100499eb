#pragma once

// LocalEndpoint: the socket in a directory, DIRECTORY/socket, as Asio's address. A socket's name
// may have 107 bytes only and a directory's may be longer, so it is reached through the open
// directory; keep this until bind or connect has returned. Included by server.cpp and
// local_client.cpp.

#include <boost/asio/local/stream_protocol.hpp>
#include <string>
#include <utility>

#include "streams/result.h"

namespace connectors {

class LocalEndpoint {
 public:
  static streams::Result<LocalEndpoint> in(const std::string& directory);
  LocalEndpoint(LocalEndpoint&& other) noexcept : directory_(std::exchange(other.directory_, -1)) {}
  LocalEndpoint& operator=(LocalEndpoint&&) = delete;
  ~LocalEndpoint();

  boost::asio::local::stream_protocol::endpoint address() const;

 private:
  explicit LocalEndpoint(int directory) : directory_(directory) {}
  int directory_;  // file descriptor
};

}  // namespace connectors
