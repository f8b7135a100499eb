// Detect, continued: what ends a condition, by word of an event or by time.

#include <algorithm>

#include "operators/see/detect.h"

namespace see {

using rules::RuleKind;
using streams::kNever;
using streams::Time;

/// The condition was not so, or no more, when the event in hand happened. `also_fired`: that ends
/// an episode, too. What a newer event has begun goes on.
void Detect::stop(const Rule& rule, bool also_fired, Ended::By by, Out& out) {
  note_end(rule, at(), by);
  const RuleState* open = find(rule);
  if (open == nullptr) return;
  const bool lists = rule.rule.kind == RuleKind::count || rule.rule.kind == RuleKind::sequence;
  if (lists) {
    RuleState& state = state_of(rule);
    std::erase_if(state.marks, [&](const Mark& mark) { return mark.evidence.time <= at(); });
    if (state.marks.empty()) forget(rule);
  } else if (rule.rule.kind == RuleKind::hold && !open->fired) {
    stop_opening(rule);
  } else if (open->fired && !also_fired) {
    return;  // then only `clear` ends it
  } else if (at() < open->set) {
    overtaken.add(rule.rule.name);
  } else if (open->fired) {
    RuleState& state = state_of(rule);
    state.set = at();
    conclude(What::cleared, rule, state, nullptr, out);
    forget(rule);
  } else {
    forget(rule);
  }
}

/// A hold that has not fired goes on from the first moment behind the event at which it was so.
void Detect::stop_opening(const Rule& rule) {
  const RuleState& open = *find(rule);
  if (at() < open.since) return;
  const auto behind = std::upper_bound(open.seen.begin(), open.seen.end(), at());
  if (behind == open.seen.end()) return forget(rule);
  const auto gone = behind - open.seen.begin();
  RuleState& state = state_of(rule);
  state.seen.erase(state.seen.begin(), state.seen.begin() + gone);
  state.since = state.seen.front();
  state.marks.erase(state.marks.begin(), state.marks.end() - 1);
  if (!rule.rule.decide_on_arrival) state.due = state.since + rule.rule.hold;
  set_timer();
}

/// The source itself says that the matter is over. Also told where nothing is open here: an order
/// may be.
void Detect::end(const Rule& rule, std::size_t part, Out& out) {
  const RuleState* open = find(rule);
  if (open != nullptr && open->fired && at() < open->set) {
    note_end(rule, at(), Ended::By::source);
    return overtaken.add(rule.rule.name);
  }
  RuleState over = open != nullptr ? *open : RuleState{};
  over.marks.resize(1);
  over.marks[0] = {};
  over.marks[0].evidence = reading_.evidence(rule.ends[part]);
  over.exercise = drill();
  over.set = at();
  conclude(What::ended, rule, over, nullptr, out);
  if (open == nullptr || !open->fired) return stop(rule, true, Ended::By::source, out);
  note_end(rule, at(), Ended::By::source);
  forget(rule);
}

/// What was overdue has come, or is due later after all.
void Detect::come_back(const Rule& rule, Out& out) {
  RuleState& state = state_of(rule);
  state.set = at();
  conclude(What::cleared, rule, state, nullptr, out);
  state.fired = false;
  tell_silence(rule, false, out);
}

/// A due moment of a missing rule: a reminder, or the due date itself.
void Detect::overdue(const Rule& rule, RuleState& state, Out& out) {
  if (rule.rule.silence && downtime_.meets(state.set, state.due_date)) {
    const Time listening = downtime_.until + rule.rule.within;  // it may have spoken unheard
    if (listening > state.due_date) {
      state.due = state.due_date = listening;
      return;
    }
  }
  if (state.due >= state.due_date) {
    state.due = kNever;
    fire(rule, state, &state.marks.front(), out);
    return tell_silence(rule, true, out);
  }
  ++state.step;
  const auto& reminders = rule.rule.reminders;
  state.due = static_cast<std::size_t>(state.step) < reminders.size()
                  ? state.due_date - reminders[static_cast<std::size_t>(state.step)]
                  : state.due_date;
  conclude(What::reminder, rule, state, nullptr, out);
}

/// So long quiet that the episode is over.
void Detect::quiet(const Rule& rule, RuleState& state, Out& out) {
  const Time over = state.set = state.due;
  const bool was_drill = state.exercise;
  conclude(What::cleared, rule, state, nullptr, out);
  memory_.forget(rule);
  memory_.note_end(rule, over, Ended::By::quiet, was_drill, context().clock);
}

}  // namespace see
