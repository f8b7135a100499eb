#pragma once

// Pseudonym: the name under which the city knows a complainant: HMAC-SHA-256 under the city's key,
// `h:` and hex. Every door puts it in the place of whatever else stands in `complainant`, before
// the complaint is kept anywhere, so that the same person is known again and nobody by name. Doors
// of one city need the same key. Any thread.

#include <string>
#include <string_view>

#include "connectors/http/signer.h"

namespace connectors {

bool is_complaint(std::string_view type);
/// Leaves out of a complaint what only the city says of one (operators/city/complaint.h).
void leave_out_own(std::string& bytes);

class Pseudonym {
 public:
  explicit Pseudonym(Signer key) : key_(std::move(key)) {}

  /// `bytes`: a complaint, as a structured CloudEvent that can be read.
  void hide(std::string& bytes) const;
  std::string of(std::string_view name) const;

 private:
  Signer key_;
};

/// Whether it is one already: `h:` and at most 128 hex digits.
bool is_pseudonym(std::string_view text);

}  // namespace connectors
