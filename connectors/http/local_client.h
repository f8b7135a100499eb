#pragma once

// LocalClient: asks the process that has a data directory open, through DIRECTORY/socket, one
// request after another on one connection. Used by the subcommands; blocks.

#include <memory>
#include <optional>
#include <string>

#include "connectors/http/message.h"
#include "streams/result.h"

namespace connectors {

class LocalClient {
 public:
  /// Nothing where nobody listens there.
  static std::optional<LocalClient> connect(const std::string& directory);
  LocalClient(LocalClient&&) noexcept;
  ~LocalClient();

  /// An error where the other side has gone before it answered.
  streams::Result<Response> ask(const Request& request);

 private:
  struct Connection;
  explicit LocalClient(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace connectors
