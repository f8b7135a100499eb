#pragma once

// Token: the secret that callers from other machines show as `Authorization: Bearer …`. Read once
// from a file; never printed, never part of an error. Any thread.

#include <string>
#include <string_view>

#include "streams/result.h"

namespace connectors {

class Token {
 public:
  /// The file's text without the white space around it: at least 16 visible ASCII characters.
  static streams::Result<Token> read_file(const std::string& path);

  /// Whether an Authorization header carries it, in a time that does not depend on where it
  /// differs.
  bool allows(std::string_view authorization) const;

 private:
  explicit Token(std::string secret) : secret_(std::move(secret)) {}
  std::string secret_;
};

}  // namespace connectors
