// Who may say something about an order, beyond what kind of sender the table in city/steps.h asks
// for: a unit that was called; an officer for whom a door vouches that he answers for such a unit,
// or whom the duty list itself has called; the party whose place it is; a checker who does not
// check himself. Seats, checkers and leaders are believed by name here: which of them a caller is,
// its token says at the door.

#include <algorithm>

#include "operators/respond/dispatch.h"

namespace city {
namespace {

std::string_view id_of(std::string_view name) {
  return name.substr(std::min(name.find('/') + 1, name.size()));
}

bool was_called(const Responder& responder) {
  return responder.why != "joined";
}

/// Some unit that was called is among those for which the door vouches; or, once the officer has
/// joined, the officer himself is (his own link).
bool answers_for_a_unit(const Order& order, std::string_view officer, std::string_view vouched) {
  return std::any_of(
      order.responders.begin(), order.responders.end(), [&](const Responder& responder) {
        return (was_called(responder) || responder.unit == officer) &&
               vouches_for(vouched, responder.unit);
      });
}

}  // namespace

std::optional<Reason> Dispatch::refuse_stranger(const OpenOrder& open, const Feedback& said) const {
  const Order& order = open.order;
  const std::string_view kind = kind_of(said.by);
  const Responder* own = responder_of(order, said.by);
  const bool called = own != nullptr && was_called(*own);
  const bool supervised = order.supervision && order.supervision->to == said.by;
  if (kind == "unit" && !called && !(said.step == "supervise_reply" && supervised))
    return because("by.not_called",
                   words("“{}”不是本单的响应单位", "'{}' was not called to this order", {said.by}));
  if (kind == "officer" && !called && !answers_for_a_unit(order, said.by, context().vouched))
    return because("by.unvouched",
                   words("“{}”未被派往本单，也没有令牌或手机链接证明其代表本单的响应单位",
                         "'{}' was not called to this order, and no token or phone's link says "
                         "that this is an officer of a unit that was",
                         {said.by}));
  if (kind == "party") {
    const std::string_view party = id_of(said.by);
    const bool responds =
        std::any_of(order.responders.begin(), order.responders.end(),
                    [&](const Responder& one) {
                       return was_called(one) && id_of(one.unit) == party;
                     });
    if (!responds && party != id_of(party_of(registration.get(), key())))
      return because("by.not_party", words("“{}”不是本单的当事人",
                                           "'{}' is not the party of this order", {said.by}));
  }
  if (kind == "checker" && order.verdict && id_of(order.verdict->by) == id_of(said.by))
    return because("by.own_result", words("“{}”不能核查自己的处置结果",
                                          "'{}' can't check a result of one's own", {said.by}));
  return std::nullopt;
}

// ---- phones -------------------------------------------------------------------------------------

// A link lets whoever holds it speak for a unit: who gave it, and who took it back, is on record.
Dispatch::Answer Dispatch::link_given(OpenOrder& open, const Feedback& said, Out&) {
  const std::string unit = with_kind("unit", said.to);
  if (responder_of(open.order, unit) == nullptr)
    return {because("link.not_called",
                    words("“{}”不是本单的响应单位", "'{}' was not called to this order", {unit}))};
  record(open, "link_given", said.by,
         words("{}向{}发出手机链接", "{} gives {} a phone's link", {said.by, unit}));
  return {};
}

Dispatch::Answer Dispatch::link_revoked(OpenOrder& open, const Feedback& said, Out&) {
  const std::string unit = with_kind("unit", said.to);
  std::vector<RevokedLinks>& revoked = open.order.revoked_links;
  std::erase_if(revoked, [&](const RevokedLinks& one) { return one.unit == unit; });
  if (revoked.size() == kMostRevoked) revoked.erase(revoked.begin());
  revoked.push_back({unit, context().time});
  record(open, "link_revoked", said.by,
         words("{}收回此前发给{}的手机链接{}", "{} takes back the phones' links of {}{}",
               {said.by, unit,
                said.reason.empty() ? Text{} : words("：{}", ": {}", {said.reason})}));
  return {};
}

}  // namespace city
