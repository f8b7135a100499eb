// What makes a warning more urgent than its consequence alone: what else stands about the entity,
// who calls again, its repeats, its exposure. Asked when it opens and whenever one of these
// changes.

#include <algorithm>
#include <map>

#include "operators/judge/judge.h"

namespace city {
namespace {

using streams::Time;

constexpr std::size_t kOpeningsKept = 16;

}  // namespace

// Late facts: each can raise a warning that stands, none lowers it.
void Judge::rejudge_all(Out& out) {
  for (const std::string& id : standing_ids()) {
    Tracked& tracked = warnings.edit(id);
    if (rejudge(tracked)) publish(tracked, out);
  }
}

bool Judge::rejudge(Tracked& tracked) {
  Warning& warning = tracked.warning;
  const auto by_rule = [](const Reason& reason) { return reason.code == "priority.rule"; };
  if (std::any_of(warning.reasons.begin(), warning.reasons.end(), by_rule)) return false;
  Prioritized prioritized = prioritize(facts_of(warning), duty_.priority());
  if (warning.priority == Priority::P1) return name_others(warning, prioritized.reasons);
  if (prioritized.priority >= warning.priority) return false;
  warning.priority = prioritized.priority;
  prioritized.reasons.erase(prioritized.reasons.begin());  // what is at stake was said at first
  for (Reason& reason : prioritized.reasons) say(warning, std::move(reason));
  const bool undecided =
      warning.state == WarningState::raised || warning.state == WarningState::screening;
  if (undecided && warning.priority == Priority::P1 && warning.order) screen(tracked);
  return true;
}

// Whoever goes out to a P1 has to know what else stands there.
bool Judge::name_others(Warning& warning, const std::vector<Reason>& reasons) {
  const auto names = [](const Reason& reason) { return reason.code == kSecondSignal; };
  const auto now_so = std::find_if(reasons.begin(), reasons.end(), names);
  const auto said = std::find_if(warning.reasons.begin(), warning.reasons.end(), names);
  if (now_so == reasons.end() || (said != warning.reasons.end() && *said == *now_so)) return false;
  if (said == warning.reasons.end())
    say(warning, *now_so);
  else
    *said = *now_so;
  return true;
}

PriorityFacts Judge::facts_of(const Warning& warning) const {
  PriorityFacts facts{.consequence = warning.consequence,
                      .of_rule = std::nullopt,
                      .other_signals = {},
                      .reopened = warning.reopened,
                      .exposure = registration.get().exposure,
                      .earlier_warnings = -1};  // this one is among them
  std::multimap<Time, Text> others;             // oldest first
  for (const auto& [id, tracked] : warnings.all()) {
    const Warning& other = tracked.warning;
    // One that waits says nothing that its parent does not say; who rescues hears of it all the
    // same.
    const bool counts = warning.consequence == Consequence::life ||
                        (!waits_for_parent(other) && !parents_->covers(other.rule, warning.rule));
    if (!tracked.ended && other.rule != warning.rule && counts)
      others.emplace(other.since, other.title);
  }
  for (auto& [since, title] : others) facts.other_signals.push_back(std::move(title));
  for (const Time at : openings.get().at)
    facts.earlier_warnings += at > now() - duty_.priority().repeats_within;
  if (warning.evidence.empty() || !is_heard(warning.evidence.front())) return facts;
  for (const Caller& caller : callers.get().all)
    facts.calls_of_one = std::max(facts.calls_of_one, caller.calls);
  return facts;
}

void Judge::count_repeat(Time opened, bool counts) {
  std::vector<Time> at = openings.get().at;
  const auto place = std::lower_bound(at.begin(), at.end(), opened);
  if (counts)
    at.insert(place, opened);
  else if (place != at.end() && *place == opened)
    at.erase(place);
  if (at.size() > kOpeningsKept) at.erase(at.begin());
  if (at.empty())
    openings.clear();
  else
    openings.put({std::move(at)});
}

}  // namespace city
