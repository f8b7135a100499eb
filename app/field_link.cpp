#include "app/field_link.h"

#include <algorithm>
#include <charconv>

#include "operators/city/words.h"

namespace app {

using city::because;

namespace {

/// In front of what is signed, so that no other text under the same secret is a link.
constexpr std::string_view kPurpose = "watchfire field link 1\n";

bool is_called(const OrderView& order, const std::string& unit) {
  return std::any_of(order.responders.begin(), order.responders.end(),
                     [&](const ResponderView& responder) { return responder.unit == unit; });
}

}  // namespace

std::string token_of(const FieldLink& link, const connectors::Signer& signer) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(link.expires);
  const std::string what =
      link.order + "\n" + link.unit + "\n" + std::to_string(seconds.time_since_epoch().count());
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
  const std::size_t first = what->find('\n'), last = what->rfind('\n');
  std::int64_t seconds = 0;
  const auto [end, bad] =
      std::from_chars(what->data() + last + 1, what->data() + what->size(), seconds);
  if (first == last || bad != std::errc{} || end != what->data() + what->size())
    return std::nullopt;
  return FieldLink{what->substr(0, first), what->substr(first + 1, last - first - 1),
                   Time{std::chrono::seconds{seconds}}};
}

std::optional<city::Reason> end_of(const FieldLink& link, const OrderView* order, Time now) {
  if (now >= link.expires)
    return because("link.expired",
                   {"此链接已过期，请向派单席位索取新链接。",
                    "This link has expired: ask the dispatching seat for another."});
  if (order == nullptr) return std::nullopt;
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
