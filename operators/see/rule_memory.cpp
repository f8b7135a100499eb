#include "operators/see/rule_memory.h"

#include <algorithm>

#include "operators/see/once.h"

namespace see {

using rules::CompiledFact;
using rules::CompiledRule;
using streams::Slot;
using streams::Time;

namespace {

bool is_old(const Ended& end, Time now) {
  return end.brief && end.at + kTooLate <= now;
}

}  // namespace

streams::Duration lateness_of(std::string_view topic) {
  const bool signal = topic == "elevator.telemetry" || topic == "camera.alerts";
  return signal ? kTooLate : kIdsKept;
}

const RuleState* RuleMemory::find(const CompiledRule& rule) const {
  const Watch* kept = watch_.find();
  return kept == nullptr ? nullptr : kept->find(rule.semantics);
}

RuleState& RuleMemory::edit(const CompiledRule& rule, bool exercise) {
  Watch& kept = watch_.edit();
  for (RuleState& state : kept.rules)
    if (state.rule == rule.semantics) return state;
  RuleState& state = kept.rules.emplace_back();
  state.rule = rule.semantics;
  state.exercise = exercise;
  return state;
}

void RuleMemory::forget(const CompiledRule& rule) {
  Watch& kept = watch_.edit();
  std::erase_if(kept.rules, [&](const RuleState& state) { return state.rule == rule.semantics; });
  if (kept.empty()) watch_.clear();
}

const Ended* RuleMemory::end_after(const CompiledRule& rule, Time at, bool exercise) const {
  const Watch* kept = watch_.find();
  const Ended* end = kept == nullptr ? nullptr : kept->end_of(rule.semantics);
  return end != nullptr && end->at > at && (exercise || !end->exercise) ? end : nullptr;
}

void RuleMemory::note_end(const CompiledRule& rule, Time at, Ended::By by, bool exercise,
                          Time now) {
  Watch& kept = watch_.edit();
  for (Ended& end : kept.ended) {
    if (end.rule != rule.semantics) continue;
    if (exercise && !end.exercise) return;
    if (at < end.at && end.exercise == exercise) return;
    end.at = at;
    end.by = by;
    end.exercise = exercise;
    return;
  }
  // Only another rule's first end makes the list longer, so this is rare.
  std::erase_if(kept.ended, [&](const Ended& end) { return is_old(end, now); });
  kept.ended.push_back({.rule = rule.semantics,
                        .at = at,
                        .by = by,
                        .exercise = exercise,
                        .brief = lateness_of(rule.rule.when.topic) == kTooLate});
}

void RuleMemory::drop_ends(Time now) {
  const auto old = [&](const Ended& end) { return is_old(end, now); };
  if (std::none_of(watch_.get().ended.begin(), watch_.get().ended.end(), old)) return;
  Watch& kept = watch_.edit();
  std::erase_if(kept.ended, old);
  if (kept.empty()) watch_.clear();
}

const FactState* RuleMemory::find(const CompiledFact& fact) const {
  const Watch* kept = watch_.find();
  if (kept == nullptr) return nullptr;
  for (const FactState& state : kept->facts)
    if (state.fact == fact.semantics) return &state;
  return nullptr;
}

bool RuleMemory::keep(const CompiledFact& fact, Reading& reading) {
  const FactState* known = find(fact);
  if (known != nullptr && reading.event().time < known->evidence.time) return false;
  Watch& kept = watch_.edit();
  FactState* state = nullptr;
  for (FactState& candidate : kept.facts)
    if (candidate.fact == fact.semantics) state = &candidate;
  if (state == nullptr) {
    state = &kept.facts.emplace_back();
    state->fact = fact.semantics;
  }
  state->evidence = reading.evidence(fact.when);
  state->value = {};
  if (fact.value) state->value = Scalar::of(reading.value_of(*fact.value));
  return true;
}

void RuleMemory::fill(const rules::Rulebook& book, Reading& reading) const {
  for (std::size_t f = 0; f < book.facts().size(); ++f) {
    Slot* slots = reading.fact(f);
    slots[0] = slots[1] = slots[2] = Slot{};
    const FactState* fact = find(*book.facts()[f]);
    if (fact == nullptr) continue;
    slots[0] = Slot::millis(Slot::Kind::duration,
                            (reading.event().time - fact->evidence.time).count());
    slots[1] = fact->value.slot();
    slots[2] = timestamp(fact->evidence.time);
  }
}

Time RuleMemory::earliest_due() const {
  Time earliest = streams::kNever;
  const Watch* kept = watch_.find();
  if (kept == nullptr) return earliest;
  for (const RuleState& state : kept->rules) earliest = std::min(earliest, state.due);
  // A source that speaks often renews the others; an episode that ended in quiet is left alone.
  for (const Ended& end : kept->ended)
    if (end.brief && end.by == Ended::By::quiet) earliest = std::min(earliest, end.at + kTooLate);
  return earliest;
}

}  // namespace see
