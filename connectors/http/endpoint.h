#pragma once

// Endpoint: HOST:PORT as people write it on a command line. Any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "streams/result.h"

namespace connectors {

struct Endpoint {
  std::string host = "127.0.0.1";  // a literal address, without brackets
  std::uint16_t port = 8080;       // 0: any free one
  bool loopback = true;            // reached from this machine alone
};

/// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" (this machine only), "0.0.0.0:8080".
streams::Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace connectors
