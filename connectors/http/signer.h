#pragma once

// Signer: signs text with HMAC-SHA256 under a secret, so that what was handed out can be known
// again when it comes back. The secret is read from a file, or made once there (mode 0600); it is
// never printed and never part of an error. Beside it, what such text is made of: base64url and
// SHA-256. OpenSSL's libcrypto is seen in signer.cpp alone. Any thread.

#include <optional>
#include <string>
#include <string_view>

#include "streams/result.h"

namespace connectors {

class Signer {
 public:
  /// The file's text without the white space around it: at least 32 characters.
  static streams::Result<Signer> read_file(const std::string& path);
  /// The same; where there is no file yet, one with a random secret is made first.
  static streams::Result<Signer> read_or_make(const std::string& path);

  /// Under a secret that ends with this process.
  static Signer random();

  std::string sign(std::string_view text) const;  // 32 bytes
  /// In a time that does not depend on where the signature differs.
  bool has_signed(std::string_view text, std::string_view signature) const;

 private:
  explicit Signer(std::string secret) : secret_(std::move(secret)) {}
  std::string secret_;
};

/// Without padding, as a part of a path.
std::string base64url(std::string_view bytes);
/// Nothing where the text is not what base64url() gives.
std::optional<std::string> from_base64url(std::string_view text);

std::string sha256_hex(std::string_view bytes);
std::string hex(std::string_view bytes);
/// A new secret: 32 bytes in hex; nothing where the system gives none.
std::optional<std::string> random_secret();

}  // namespace connectors
