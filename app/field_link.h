#pragma once

// FieldLink: what a link on a responder's phone lets its holder do: see one order and answer it as
// one unit, for a time. Whoever has the link is believed, so it carries a signature and an end. A
// token is `<what>.<signature>`, both base64url. Made and read by FieldApi; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "app/board.h"
#include "connectors/http/signer.h"
#include "operators/city/text.h"

namespace app {

struct FieldLink {
  std::string order, unit;
  Time expires{};  // whole seconds
  Time given{};
};

std::string token_of(const FieldLink& link, const connectors::Signer& signer);
/// Nothing: it was not made here. One that has expired is read like any other.
std::optional<FieldLink> read_token(std::string_view token, const connectors::Signer& signer);

/// How long an order that has ended can still be seen.
constexpr streams::Duration kSeenAfterEnd = std::chrono::hours{1};

/// Why the link no longer opens anything (expired, taken back, its order over for an hour, its unit
/// no longer called); nothing: it does, or its order is null: a board that has just begun may not
/// have read it yet.
std::optional<city::Reason> end_of(const FieldLink& link, const OrderView* order, Time now);

}  // namespace app
