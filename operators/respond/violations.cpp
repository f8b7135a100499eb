// Violations: what becomes of an order that people closed with one. It keeps the events on which
// its warnings rest and who used the place when it was found, and at its end tells that party: the
// matter is the party's, so it does not pass to the next tenant. A drill tells nobody, and what a
// camera saw is a clue until somebody was there.

#include <algorithm>

#include "operators/city/words.h"
#include "operators/respond/dispatch.h"

namespace city {
namespace {

constexpr std::size_t kGroundsKept = 16;

bool is_violation(const OpenOrder& open) {
  const std::optional<Verdict>& verdict = open.order.verdict;
  return verdict && !open.exercise && !open.party.empty() &&
         (verdict->finding == "violation" || verdict->finding == "false_alarm_other_violation");
}

/// By whoever enforces the law, not by the party's own unit.
bool found_on_site(const Order& order) {
  const Responder* finder = responder_of(order, order.verdict->by);
  return finder != nullptr && finder->role != "use_unit" && finder->role != "maintenance_unit";
}

}  // namespace

std::string party_of(const Registration& place, std::string_view entity) {
  std::string_view unit = place.use_unit;
  if (kind_of(entity) == "enterprise" || unit.empty()) return std::string{entity};
  if (kind_of(unit) == "unit") unit.remove_prefix(kind_of(unit).size() + 1);
  return with_kind("enterprise", unit);
}

void Dispatch::take_grounds(OpenOrder& open, const Warning& warning) {
  for (const Evidence& evidence : warning.evidence) {
    const auto same = [&](const Ground& known) { return known.id == evidence.id; };
    if (std::any_of(open.grounds.begin(), open.grounds.end(), same)) continue;
    if (open.grounds.size() == kGroundsKept) open.grounds.erase(open.grounds.begin() + 1);
    open.grounds.push_back(
        {evidence.id, evidence.from, evidence.device, evidence.time, evidence.usable, {}});
  }
}

void Dispatch::name_party(OpenOrder& open) {
  if (!is_violation(open) || open.party != key() || kind_of(key()) == "enterprise") return;
  record(open, "no_party", "rule",
         {"登记信息中没有使用单位，当事人待查，违法事项记在对象名下",
          "the registration names no use unit: the party has to be found, the matter is kept at "
          "the entity"});
}

// The party hears of it as an entity of its own: there its earlier ones are known.
void Dispatch::accuse(const OpenOrder& open) {
  if (!is_violation(open)) return;
  const Order& order = open.order;
  Offence offence{.order = order.id,
                  .entity = order.entity,
                  .item = order.item,
                  .rules = {},
                  .verdict = *order.verdict,
                  .on_site = found_on_site(order),
                  .evidence = open.grounds,
                  .district = order.district,
                  .cause = open.cause};
  for (const Source& source : open.sources)
    if (std::find(offence.rules.begin(), offence.rules.end(), source.rule) == offence.rules.end())
      offence.rules.push_back(source.rule);
  letters().send(open.party, offence);
}

}  // namespace city
