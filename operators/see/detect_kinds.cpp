// Detect, continued: what an event begins or adds to, for each kind of rule.

#include <algorithm>

#include "operators/see/detect.h"
#include "operators/see/marks.h"

namespace see {

using rules::Episode;
using rules::RuleKind;
using streams::Duration;
using streams::kNever;
using streams::Slot;
using streams::Time;

void Detect::begin(const Rule& rule, Out& out) {
  if (!drill() && rule.rule.kind != RuleKind::missing)
    if (const RuleState* open = find(rule); open != nullptr && open->exercise)
      forget(rule);  // it has become the real thing
  switch (rule.rule.kind) {
    case RuleKind::match:
      return match(rule, out);
    case RuleKind::hold:
      return hold(rule, out);
    case RuleKind::count:
      return count_up(rule, out);
    case RuleKind::sequence:
      return follow(rule, 0, out);
    case RuleKind::missing:
      return came(rule, out);
  }
}

// ---- match --------------------------------------------------------------------------------------

void Detect::match(const Rule& rule, Out& out) {
  const Episode& episode = rule.rule.episode;
  const RuleState* open = find(rule);
  if (open == nullptr && episode.until != Episode::Until::each)
    if (const Ended* end = overtaken_by(rule)) return match_late(rule, *end, out);
  if (open != nullptr && episode.until == Episode::Until::cleared) {
    if (at() > open->set) state_of(rule).set = at();
    return;
  }
  const bool more = open != nullptr && at() - open->set <= episode.quiet;
  const Mark mark = mark_of(rule, rule.when);
  if (episode.until == Episode::Until::each) {
    RuleState once;
    once.since = once.set = at();
    once.marks = {mark};
    return fire(rule, once, &mark, out);
  }
  RuleState& state = state_of(rule);
  state.set = std::max(state.set, at());
  if (episode.until == Episode::Until::quiet) state.due = state.set + episode.quiet;
  state.marks = {mark};
  if (more) {
    RuleState told = state;
    told.set = at();
    conclude(What::more, rule, told, &mark, out);
  } else {
    state.since = at();
    fire(rule, state, &mark, out);
  }
  set_timer();
}

/// It was over before this was heard of. Late word of an episode that ended in quiet is evidence of
/// it. An alarm that came late was an alarm all the same: whoever is in danger may still be, unless
/// the source itself has said that it is over.
void Detect::match_late(const Rule& rule, const Ended& end, Out& out) {
  const bool belongs = end.by == Ended::By::quiet;
  if (!belongs &&
      (end.by == Ended::By::source || rule.rule.consequence != city::Consequence::life))
    return;
  RuleState past;
  past.since = past.set = at();
  past.exercise = drill();
  past.marks = {mark_of(rule, rule.when)};
  if (belongs) return conclude(What::more, rule, past, &past.marks.front(), out);
  fire(rule, past, &past.marks.front(), out);
  past.set = end.at;
  conclude(What::cleared, rule, past, nullptr, out);
}

// ---- hold ---------------------------------------------------------------------------------------

void Detect::hold(const Rule& rule, Out& out) {
  const RuleState* open = find(rule);
  if (open != nullptr && open->fired) {
    if (at() > open->set) state_of(rule).set = at();
    return;
  }
  const bool earlier = open == nullptr || at() < open->since;
  if (earlier && overtaken_by(rule) != nullptr) return;
  RuleState& state = state_of(rule);
  insert_moment(state.seen, at());
  const Mark mark = mark_of(rule, rule.when);
  if (earlier) {
    state.since = at();
    state.marks.insert(state.marks.begin(), mark);
    if (!rule.rule.decide_on_arrival) state.due = at() + rule.rule.hold;
  }
  if (state.set <= at()) {
    state.set = at();
    if (!earlier) state.marks.push_back(mark);
  }
  // The first, and the newest should an older event take the first away.
  if (state.marks.size() > 2) state.marks.erase(state.marks.begin() + 1, state.marks.end() - 1);
  if (!rule.rule.decide_on_arrival) return set_timer();
  if (state.set - state.since < rule.rule.hold) return;
  fire(rule, state, &mark, out);
}

// ---- count, sequence ----------------------------------------------------------------------------

void Detect::count_up(const Rule& rule, Out& out) {
  if (overtaken_by(rule) != nullptr) return;
  const auto count = static_cast<std::size_t>(rule.rule.count);
  const Mark mark = mark_of(rule, rule.when);
  RuleState& state = state_of(rule);
  const std::size_t place = insert_by_time(state.marks, mark);
  const std::optional<std::size_t> first =
      full_window(state.marks, place, count, rule.rule.within);
  if (!first)
    return drop_old(state.marks,
                    state.marks.back().evidence.time - rule.rule.within -
                        lateness_of(rule.rule.when.topic),
                    std::max(kMarksKept, 2 * count));
  const auto begin = state.marks.begin() + static_cast<std::ptrdiff_t>(*first);
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  RuleState full = state;
  full.marks.assign(begin, end);
  full.since = full.marks.front().evidence.time;
  full.set = full.marks.back().evidence.time;
  state.marks.erase(state.marks.begin(), end);  // the list starts anew; what is newer stays
  if (state.marks.empty()) forget(rule);
  fire(rule, full, &mark, out);
}

/// A step, or the event that a sequence begins with: part 0. Whichever comes first, they are taken
/// in the order of their times.
void Detect::follow(const Rule& rule, int part, Out& out) {
  if (overtaken_by(rule) != nullptr) return;
  RuleState& state = state_of(rule);
  const rules::CompiledClause& clause =
      part == 0 ? rule.when : rule.steps[static_cast<std::size_t>(part) - 1];
  insert_by_time(state.marks, mark_of(rule, clause, part));
  drop_surplus(state.marks, part);
  const std::vector<std::size_t> places =
      full_sequence(state.marks, rule.steps.size(), rule.rule.within);
  if (places.empty())
    return drop_old(state.marks,
                    state.marks.back().evidence.time - rule.rule.within -
                        lateness_of(rule.rule.when.topic),
                    kStepMarksKept * (rule.steps.size() + 1));
  RuleState full = state;
  full.marks.clear();
  for (const std::size_t place : places) full.marks.push_back(state.marks[place]);
  full.since = full.marks.front().evidence.time;
  full.set = full.marks.back().evidence.time;
  state.marks.erase(state.marks.begin(),
                    state.marks.begin() + static_cast<std::ptrdiff_t>(places.back()) + 1);
  if (state.marks.empty()) forget(rule);
  note_end(rule, full.set, Ended::By::clear);  // what is older was part of it, or of none
  fire(rule, full, &full.marks.front(), out);
}

// ---- missing ------------------------------------------------------------------------------------

void Detect::came(const Rule& rule, Out& out) {
  if (overtaken_by(rule) != nullptr) return;
  const RuleState* open = find(rule);
  if (open != nullptr && at() < open->set) return overtaken.add(rule.rule.name);
  const std::optional<Time> due = due_of(rule, at());
  const bool former_stands = !due && open != nullptr;
  if (!former_stands && open != nullptr && open->fired) come_back(rule, out);
  RuleState& state = state_of(rule);
  state.exercise = drill();
  state.since = state.set = at();
  state.marks.resize(1);
  state.marks[0] = mark_of(rule, rule.when);
  state.record = reading_.record_name();
  state.action = reading_.record_field(rules::kActionField);
  if (!former_stands) await(rule, due.value_or(default_due(rule, at())), out);
}

/// What the record in hand says; nothing where it names a date that can't be read: the former one
/// stands then. `base`: the record's time.
std::optional<Time> Detect::due_of(const Rule& rule, Time base) {
  if (!rule.due) return default_due(rule, base);
  const Slot slot = reading_.value_of(*rule.due);
  if (slot.is(Slot::Kind::timestamp))
    return Time{std::chrono::seconds{slot.i}} + Duration{slot.size / 1'000'000};
  if (!reading_.has_any(*rule.due)) return default_due(rule, base);
  unreadable_due.add(rule.rule.name);
  return std::nullopt;
}

Time Detect::default_due(const Rule& rule, Time base) {
  return rule.rule.within == Duration{} ? kNever : base + rule.rule.within;
}

/// From here on the rule waits for `due`.
void Detect::await(const Rule& rule, Time due, Out& out) {
  RuleState& state = state_of(rule);
  state.fired = false;
  state.step = 0;
  state.due = state.due_date = due;
  if (due <= at()) {  // over already when the record came
    state.due = kNever;
    set_timer();
    return fire(rule, state, &state.marks.front(), out);
  }
  if (due != kNever)
    for (const Duration before : rule.rule.reminders) {
      if (due - before > at()) {
        state.due = due - before;
        break;
      }
      ++state.step;  // too late for this one
    }
  set_timer();
}

/// A correction replaces what its number names: the rules that rest on that record read it as the
/// record itself would be read now.
void Detect::correct_all(const rules::Source& source, Out& out) {
  for (const auto& rule : book_->rules())
    if (rule->rule.kind == RuleKind::missing && rule->rule.when.topic == source.topic &&
        find(*rule) != nullptr && !(drill() && is_real(*rule)))
      correct(*rule, out);
}

void Detect::correct(const Rule& rule, Out& out) {
  const RuleState& open = *find(rule);
  const bool by_itself = open.marks.front().evidence.id == reading_.event().id;
  if (open.record != reading_.record_name() || by_itself) return;
  if (at() < open.set) return overtaken.add(rule.rule.name);
  const std::string action = open.action;
  reading_.read_as(action, open.since);
  const bool stands = reading_.ask(rule.when) == Answer::yes;
  const std::optional<Time> due = stands ? due_of(rule, open.since) : std::nullopt;
  reading_.read_as(rules::kCorrected, at());
  if (!stands) return stop(rule, true, Ended::By::clear, out);
  RuleState& state = state_of(rule);
  state.set = at();
  state.marks[0] = mark_of(rule, rule.when);
  if (!due) return;
  if (state.fired && *due > at()) come_back(rule, out);
  RuleState& anew = state_of(rule);
  if (!anew.fired) return await(rule, *due, out);
  anew.due_date = *due;
}

}  // namespace see
