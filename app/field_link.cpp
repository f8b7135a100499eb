#include "app/field_link.h"

#include <algorithm>
#include <charconv>

#include "operators/city/words.h"

namespace app {

using city::because;

namespace {

/// In front of what is signed, so that no other text under the same secret is a link.
constexpr std::string_view kPurpose = "watchfire field link 2\n";

bool is_called(const OrderView& order, const std::string& unit) {
  return std::any_of(order.responders.begin(), order.responders.end(),
                     [&](const ResponderView& responder) { return responder.unit == unit; });
}

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_revoked(const OrderView& order, const FieldLink& link) {
  return std::any_of(order.revoked_links.begin(), order.revoked_links.end(),
                     [&](const RevokedView& revoked) {
                       return revoked.unit == link.unit && revoked.until &&
                               *revoked.until >= link.given;
                     });
}

}  // namespace

std::string token_of(const FieldLink& link, const connectors::Signer& signer) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(link.expires);
  const std::string what = link.order + "\n" + link.unit + "\n" +
                           std::to_string(seconds.time_since_epoch().count()) + "\n" +
                           std::to_string(link.given.time_since_epoch().count());
  return connectors::base64url(what) + "." +
         connectors::base64url(signer.sign(std::string{kPurpose} + what));
}

std::optional<FieldLink> read_token(std::string_view token, const connectors::Signer& signer) {
  const std::size_t dot = token.find('.');
  if (dot == token.npos) return std::nullopt;
  const auto what = connectors::from_base64url(token.substr(0, dot));
  const auto signature = connectors::from_base64url(token.substr(dot + 1));
  if (!what || !signature || !signer.has_signed(std::string{kPurpose} + *what, *signature))
    return std::nullopt;
  std::vector<std::string> parts{""};
  for (const char c : *what) c == '\n' ? void(parts.emplace_back()) : parts.back().push_back(c);
  if (parts.size() != 4) return std::nullopt;
  const std::optional<std::int64_t> expires = number_of(parts[2]), given = number_of(parts[3]);
  if (!expires || !given) return std::nullopt;
  return FieldLink{parts[0], parts[1], Time{std::chrono::seconds{*expires}},
                   Time{streams::Duration{*given}}};
}

std::optional<city::Reason> end_of(const FieldLink& link, const OrderView* order, Time now) {
  if (now >= link.expires)
    return because("link.expired",
                   {"此链接已过期，请向派单席位索取新链接。",
                    "This link has expired: ask the dispatching seat for another."});
  if (order == nullptr) return std::nullopt;
  if (is_revoked(*order, link))
    return because("link.revoked", {"此链接已被派单席位收回。",
                                    "The dispatching seat has taken this link back."});
  if (!order->open() && !order->history.empty() && order->history.back().at &&
      now >= *order->history.back().at + kSeenAfterEnd)
    return because("link.ended", {"此工单已了结超过一小时，链接已失效。",
                                  "This order ended more than an hour ago, and the link with it."});
  if (!is_called(*order, link.unit))
    return because("link.not_called", {"贵单位已不是此工单的响应单位，链接已失效。",
                                       "Your unit is no longer called to this order: the link has "
                                       "ended."});
  return std::nullopt;
}

}  // namespace app
