#pragma once

// RequestHead: what stands before a request's body, as Session reads it: the request that a handler
// will see, for which host, and who answers it: a route or a file. Or the answer that the head
// alone deserves (RFC 9110, 9112). The server's thread.

#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>

#include "connectors/http/server_state.h"

namespace connectors {

struct RequestHead {
  using Message = boost::beast::http::request_header<>;

  Request request;
  std::string host;  // with its port, in lower case
  const Route* route = nullptr;
  const StaticFiles::File* file = nullptr;
  bool without_body = false;  // the answer: HEAD

  /// Nothing, or the answer: no host, no such path, not that method.
  std::optional<Response> take(const Message& message, const ServerState& state);
  /// Who may not: a caller without the token; and a foreign page in a browser on this machine,
  /// which can send requests here but not choose their Host and Origin.
  std::optional<Response> forbidden(ServerState& state);
  /// By the word of a proxy.
  std::string forwarded_for() const;

 private:
  void take_headers(const Message& message);
  static std::optional<Response> repeated(const Message& message);
  std::optional<Response> take_host(const Message& message);
  std::optional<Response> take_route(const ServerState& state);
};

}  // namespace connectors
