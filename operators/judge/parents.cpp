// Parent and child: a warning that is only a consequence of another one is shown under it and not
// dispatched on its own; when that one is over it is raised anew where it still holds. Which is
// whose consequence: the list of parents. Of one entity the judge sees both; of a place (a
// building, a gateway) each entity tells the place of its part, the place counts them, and tells
// them when it is they who wait. Life waits for nobody, and what is dispatched stays so.

#include <algorithm>
#include <tuple>

#include "operators/city/complaint.h"
#include "operators/city/words.h"
#include "operators/judge/judge.h"
#include "operators/judge/warning_states.h"

namespace city {
namespace {

using streams::Record;
using streams::Time;

constexpr std::size_t kPartsKept = 256;  // of a place

bool is_life(const Warning& warning) {
  return warning.priority == Priority::P1 || warning.consequence == Consequence::life;
}

/// Whether others are explained by it. A rescue goes on when its condition has ended.
bool explains(const Warning& warning) {
  return !is_over(warning.state) && (is_life(warning) || warning.condition != Condition::cleared);
}

/// Nobody has been sent for it and nobody is at work on it.
bool may_wait(const Warning& warning) {
  return !is_life(warning) && !warning.claim &&
         (steps::kUndecided >> static_cast<Bits>(warning.state) & 1) != 0;
}

/// How many of these began within such a time of one another, at most.
int most_within(std::vector<Time> times, streams::Duration within) {
  std::sort(times.begin(), times.end());
  std::size_t most = 0, first = 0;
  for (std::size_t last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] > within) ++first;
    most = std::max(most, last - first + 1);
  }
  return static_cast<int>(most);
}

}  // namespace

// ---- of one entity ------------------------------------------------------------------------------

const Tracked* Judge::parent_of(const Tracked& child) const {
  if (!may_wait(child.warning)) return nullptr;
  for (const auto& [id, tracked] : warnings.all())
    if (explains(tracked.warning) && (child.exercise || !tracked.exercise) &&
        parents_->covers(tracked.warning.rule, child.warning.rule))
      return &tracked;
  return nullptr;
}

void Judge::put_under(Tracked& tracked, const std::string& parent, const std::string& entity,
                      const Text& title) {
  Warning& warning = tracked.warning;
  warning.parent = parent;
  say(warning,
      because(kParent, words("是{}“{}”的后果，不单独派单；其解除后仍存在的将重新产生",
                             "it follows from what happens at {} ('{}'): nobody is sent for "
                             "it alone, and it is raised anew if it still holds after that",
                             {entity, title})));
  move(tracked, WarningState::suppressed, kParent);
}

void Judge::raise_anew(Tracked& tracked, const std::string& entity, const Text& title, Out& out) {
  Warning& warning = tracked.warning;
  warning.parent.reset();
  move(tracked, WarningState::raised);
  rejudge(tracked);
  if (const Tracked* other = parent_of(tracked)) {
    put_under(tracked, other->warning.id, other->warning.entity, other->warning.title);
    return publish(tracked, out);
  }
  say(warning, because("parent.over", words("{}“{}”已解除，本情况仍在，重新产生",
                                            "what happened at {} ('{}') is over and this still "
                                            "holds: it is raised anew",
                                            {entity, title})));
  screen(tracked);
  publish(tracked, out);
}

/// Whoever waits for this warning, or would, hears that it has begun or ended to explain them.
void Judge::tell_children(Tracked& tracked, Out& out) {
  const Warning& warning = tracked.warning;
  const bool here = parents_->is_parent(warning.rule);
  const PlaceRule* place = parents_->place(warning.rule);
  const bool now_so = (here || place != nullptr) && explains(warning);
  if (tracked.covers == now_so) return;
  tracked.covers = now_so;
  std::vector<std::string> ids;
  for (const auto& [id, child] : warnings.all())
    if (now_so ? parent_of(child) == &tracked
               : waits_for_parent(child.warning) && child.warning.parent == warning.id)
      ids.push_back(id);
  for (const std::string& id : ids) {
    Tracked& child = warnings.edit(id);
    if (!now_so) {
      raise_anew(child, warning.entity, warning.title, out);
      continue;
    }
    put_under(child, warning.id, warning.entity, warning.title);
    publish(child, out);
  }
  tell_parts(tracked);
}

// ---- of a place ---------------------------------------------------------------------------------

/// The place that counts this warning, or nothing.
std::string Judge::place_of(const Tracked& tracked) const {
  const Warning& warning = tracked.warning;
  const std::string& place = registration.get().installed_in;
  const bool counted = !tracked.ended && warning.condition != Condition::cleared &&
                       !is_life(warning) && is_told(place) && place != key() &&
                       parents_->counting(warning.rule) != nullptr;
  return counted ? place : std::string{};
}

void Judge::tell_place(Tracked& tracked) {
  const std::string place = place_of(tracked);
  if (place == tracked.told) return;
  const Warning& warning = tracked.warning;
  Part part{.entity = warning.entity,
            .warning = warning.id,
            .rule = warning.rule,
            .title = warning.title,
            .holds = false,
            .since = warning.since,
            .district = warning.district,
            .source = {},
            .event = {},
            .from = {}};
  if (!warning.evidence.empty()) {
    part.source = warning.evidence.back().source;
    part.event = warning.evidence.back().id;
    part.from = warning.evidence.back().from;
  }
  const Exercise mark = exercise(tracked.exercise);
  if (!tracked.told.empty()) letters().send(tracked.told, part);
  tracked.told = place;
  part.holds = true;
  if (!place.empty()) letters().send(place, part);
}

void Judge::process(const Record<Part>& in, Out& out) {
  const Part& part = in.value;
  const HeldPart* known = parts.find(part.warning);
  if (!part.holds) {
    if (known == nullptr) return;
    if (!known->parent.empty()) tell_part(*known, known->parent, false);
    parts.erase(part.warning);
  } else if (known == nullptr && parts.all().size() >= kPartsKept) {
    ++parts_dropped;  // it stays a warning of its own
    return;
  } else {
    HeldPart& held = parts.edit(part.warning);
    held.part = part;
    held.exercise = context().exercise;
  }
  count_parts(part, out);
  arm();
}

/// A drill's parts and real ones are counted apart.
void Judge::count_parts(const Part& latest, Out& out) {
  const PlaceRule* place = parents_->counting(latest.rule);
  if (place == nullptr) return;
  std::vector<Time> begun;
  for (const auto& [id, held] : parts.all())
    if (held.part.rule == latest.rule && held.exercise == context().exercise)
      begun.push_back(held.part.since);
  const int number = static_cast<int>(begun.size());
  Tracked* standing = standing_of(place->rule);
  const bool explained = standing != nullptr && explains(standing->warning) &&
                         (context().exercise || !standing->exercise);
  if (!explained) {
    if (!latest.holds || most_within(std::move(begun), place->within) < place->count) return;
    conclude_place(*place, latest, out);
    standing = standing_of(place->rule);
  } else if (number < place->count && standing->exercise == context().exercise) {
    Conclusion conclusion;
    conclusion.what = Conclusion::What::cleared;
    conclusion.rule = place->rule;
    conclusion.at = now();
    conclusion.reasons = {because(
        "place.few", words("同时“{}”的设备还剩{}台，不足{}台", "'{}' is left of {}, fewer than {}",
                           {latest.title, number, place->count}))};
    set_condition(*standing, conclusion, out);
  }
  if (standing != nullptr && standing->covers) tell_parts(*standing);
}

void Judge::conclude_place(const PlaceRule& place, const Part& latest, Out& out) {
  Conclusion conclusion;
  conclusion.rule = place.rule;
  conclusion.rule_version = parents_.version;
  conclusion.title = place.title;
  conclusion.consequence = place.consequence;
  if (!place.item.empty()) conclusion.order = OrderRequest{place.item, {}, {}, {}};
  conclusion.district = latest.district;
  conclusion.since = latest.since;
  conclusion.at = now();
  conclusion.cause_source = latest.source;
  conclusion.cause_id = latest.event;
  std::vector<const Part*> all;
  for (const auto& [id, held] : parts.all())
    if (held.part.rule == latest.rule && held.exercise == context().exercise)
      all.push_back(&held.part);
  std::sort(all.begin(), all.end(), [&](const Part* a, const Part* b) {
    const bool a_last = a->warning == latest.warning, b_last = b->warning == latest.warning;
    return std::tuple{a_last, a->since, a->entity} < std::tuple{b_last, b->since, b->entity};
  });
  std::vector<std::string> who;
  for (const Part* part : all) {
    conclusion.since = std::min(conclusion.since, part->since);
    std::string data = R"({"entity":)";
    streams::append_json_text(data, part->entity);
    data += R"(,"warning":)";
    streams::append_json_text(data, part->warning);
    conclusion.evidence.push_back(
        {part->event, part->source, part->from, part->since, true, {data + "}"}, {}});
    who.push_back(part->entity);
  }
  conclusion.reasons = {because(
      "place.parts",
      words("{}内有{}台设备同时“{}”：{}", "within {}, {} have the same ('{}'): {}",
            {spoken(place.within), static_cast<int>(all.size()), latest.title, listed(who)}))};
  if (Tracked* standing = standing_of(place.rule))
    extend(*standing, conclusion, out);
  else
    open(conclusion, out);
}

/// Each part that has not heard yet whether this warning explains it.
void Judge::tell_parts(const Tracked& parent) {
  const PlaceRule* place = parents_->place(parent.warning.rule);
  std::vector<std::string> ids;
  for (const auto& [id, held] : parts.all()) {
    const bool told = held.parent == parent.warning.id;
    const bool belongs = place != nullptr && held.part.rule == place->children &&
                         (held.exercise || !parent.exercise);
    if (parent.covers ? belongs && !told : told) ids.push_back(id);
  }
  for (const std::string& id : ids) {
    HeldPart& held = parts.edit(id);
    held.parent = parent.covers ? parent.warning.id : std::string{};
    tell_part(held, parent.warning.id, parent.covers);
  }
}

void Judge::tell_part(const HeldPart& held, const std::string& parent, bool holds) {
  const Exercise mark = exercise(held.exercise);
  const Tracked* known = warnings.find(parent);
  const Text title = known == nullptr ? Text{} : known->warning.title;
  letters().send(held.part.entity, ParentWord{.parent = parent,
                                              .child = held.part.warning,
                                              .entity = std::string{key()},
                                              .title = title,
                                              .holds = holds});
}

void Judge::process(const Record<ParentWord>& in, Out& out) {
  const ParentWord& word = in.value;
  const Tracked* known = warnings.find(word.child);
  if (known == nullptr) return;
  if (word.holds && may_wait(known->warning)) {
    Tracked& tracked = warnings.edit(word.child);
    put_under(tracked, word.parent, word.entity, word.title);
    publish(tracked, out);
  } else if (!word.holds && waits_for_parent(known->warning) &&
             known->warning.parent == word.parent) {
    raise_anew(warnings.edit(word.child), word.entity, word.title, out);
  }
  arm();
}

}  // namespace city
