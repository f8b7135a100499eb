#pragma once

// Target: what a request asks for (RFC 9112, 3.2), from its request line: a path with a query, the
// same behind an absolute URI, or `*`; and the name of a host. Any thread.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectors {

struct Target {
  std::string path;  // percent-decoded; "*" for the server itself
  std::vector<std::pair<std::string, std::string>> parameters;  // of the query, decoded
  std::string authority;  // of an absolute URI: it counts, not the header `Host`
};

/// Nothing: `problem` says why it can't be read.
std::optional<Target> parse_target(std::string_view text, std::string& problem);

/// "localhost" of "LocalHost:8080", "[::1]" of "[::1]:8080": in lower case, without the port;
/// nothing for what is no host and port.
std::optional<std::string> host_name(std::string_view authority);

/// "a%20b" as "a b"; nothing where an escape is broken.
std::optional<std::string> percent_decoded(std::string_view text);

std::string lower_case(std::string_view text);

}  // namespace connectors
