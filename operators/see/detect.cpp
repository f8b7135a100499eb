#include "operators/see/detect.h"

#include <algorithm>

#include "operators/rules/pack_reader.h"

namespace see {

using city::Conclusion;
using rules::CompiledRule;
using rules::Duty;
using rules::Episode;
using rules::RuleKind;
using streams::kNever;
using streams::Slot;
using streams::Time;

// ---- versions -----------------------------------------------------------------------------------

void Detect::process(const Record<Version>& in, Emit<Conclusion>&) {
  const Version& version = in.value;
  if (version.name == city::kCalendarVersion && !wording_.take(version)) ++bad_versions;
  if (!version.name.starts_with(kPackVersions)) return;
  std::vector<rules::Problem> problems;
  std::vector<rules::Pack> packs = packs_;
  std::string name = version.name.substr(kPackVersions.size());
  rules::Pack pack;
  if (!version.content.empty()) {  // else it is taken away
    pack = rules::read_pack(version.content, version.name, problems);
    name = pack.name;
  }
  std::erase_if(packs, [&](const rules::Pack& old) { return old.name == name; });
  if (!version.content.empty()) packs.push_back(std::move(pack));
  std::sort(packs.begin(), packs.end(),
            [](const rules::Pack& a, const rules::Pack& b) { return a.name < b.name; });
  std::shared_ptr<const rules::Rulebook> book =
      rules::Rulebook::compile(packs, options_.read_raw, problems);
  if (!problems.empty()) return;  // `rules check` refused it before it came here
  packs_ = std::move(packs);
  book_ = std::move(book);
  extract(book_->fields());
}

// ---- events -------------------------------------------------------------------------------------

void Detect::process(const Record<Event>& in, Emit<Conclusion>& out) {
  if (book_ == nullptr) return;
  const rules::Source* source = book_->source_of_type(in.value.type);
  if (source == nullptr || source->duties.empty()) return;
  reading_.take(in.value, in.value.subject, *source, *book_);
  if (source->reads_facts) fill_facts();
  for (const Duty& duty : source->duties) {
    const Answer answer = reading_.ask(*duty.clause);
    if (answer == Answer::error) evaluation_errors.add(name_of(duty));
    if (answer == Answer::no && !duty.holds) continue;  // most: without a look at the rule
    if (duty.role == Duty::Role::fact) {
      if (answer == Answer::yes) keep_fact(*book_->facts()[duty.index]);
      continue;
    }
    const CompiledRule& rule = *book_->rules()[duty.index];
    if (context().exercise && is_real(rule)) continue;
    if (duty.role == Duty::Role::when) {
      match(rule, answer, out);
    } else if (answer == Answer::yes) {
      if (duty.role == Duty::Role::clear) clear(rule, out);
      if (duty.role == Duty::Role::cancel) clear(rule, out);
      if (duty.role == Duty::Role::ends) end(rule, out);
      if (duty.role == Duty::Role::step) step(rule, duty.part, out);
    }
  }
}

void Detect::fill_facts() {
  const Watch* kept = watch.find();
  for (std::size_t f = 0; f < book_->facts().size(); ++f) {
    Slot* slots = reading_.fact(f);
    slots[0] = slots[1] = slots[2] = Slot{};
    if (kept == nullptr) continue;
    for (const FactState& fact : kept->facts) {
      if (fact.fact != book_->facts()[f]->semantics) continue;
      slots[0] =
          Slot::millis(Slot::Kind::duration, (reading_.event().time - fact.evidence.time).count());
      slots[1] = fact.value.slot();
      slots[2] = timestamp(fact.evidence.time);
    }
  }
}

const std::string& Detect::name_of(const Duty& duty) const {
  return duty.role == Duty::Role::fact ? book_->facts()[duty.index]->fact.name
                                       : book_->rules()[duty.index]->rule.name;
}

void Detect::keep_fact(const rules::CompiledFact& fact) {
  Watch& kept = watch.edit();
  FactState* state = nullptr;
  for (FactState& candidate : kept.facts)
    if (candidate.fact == fact.semantics) state = &candidate;
  if (state != nullptr && reading_.event().time < state->evidence.time)
    return;  // an older one, come late
  if (state == nullptr) {
    state = &kept.facts.emplace_back();
    state->fact = fact.semantics;
  }
  state->evidence = reading_.evidence(fact.when);
  state->value = {};
  if (fact.value) state->value = Scalar::of(reading_.value_of(*fact.value));
  if (reading_.source().reads_facts) fill_facts();
}

// ---- kinds of rules -----------------------------------------------------------------------------

void Detect::match(const CompiledRule& rule, Answer answer, Emit<Conclusion>& out) {
  if (answer == Answer::error) return;  // neither true nor false
  if (answer == Answer::yes && !context().exercise && rule.rule.kind != RuleKind::missing)
    if (const RuleState* drill = find(rule); drill != nullptr && drill->exercise)
      forget(rule);  // it has become the real thing
  if (rule.rule.kind == RuleKind::hold) return hold(rule, answer, out);
  if (answer == Answer::no) return;
  switch (rule.rule.kind) {
    case RuleKind::match:
      return match_event(rule, out);
    case RuleKind::count:
      return count_up(rule, out);
    case RuleKind::missing:
      return came(rule, out);
    case RuleKind::sequence: {
      RuleState& state = state_of(rule);
      state.step = 1;
      state.since = reading_.event().time;
      state.marks = {reading_.evidence(rule.when)};
      return;
    }
    case RuleKind::hold:
      return;
  }
}

void Detect::match_event(const CompiledRule& rule, Emit<Conclusion>& out) {
  const Episode& episode = rule.rule.episode;
  if (episode.until == Episode::Until::each) {
    RuleState once;
    once.since = reading_.event().time;
    once.marks = {reading_.evidence(rule.when)};
    return conclude(Conclusion::What::fired, rule, once, out);
  }
  const RuleState* open = find(rule);
  if (open != nullptr && episode.until == Episode::Until::cleared) return;
  const bool more = open != nullptr && reading_.event().time - open->last <= episode.quiet;
  RuleState& state = state_of(rule);
  state.last = std::max(state.last, reading_.event().time);
  if (episode.until == Episode::Until::quiet) state.due = state.last + episode.quiet;
  state.marks = {reading_.evidence(rule.when)};
  if (more) {
    conclude(Conclusion::What::more, rule, state, out);
  } else {
    state.since = reading_.event().time;
    fire(rule, state, out);
  }
  set_timer();
}

void Detect::hold(const CompiledRule& rule, Answer answer, Emit<Conclusion>& out) {
  const RuleState* open = find(rule);
  if (answer == Answer::no) {
    if (open == nullptr || reading_.event().time < open->since) return;
    if (open->fired && !rule.rule.clear.empty()) return;  // then only `clear` ends it
    return clear(rule, out);
  }
  if (open == nullptr) {
    RuleState& state = state_of(rule);
    state.since = reading_.event().time;
    state.marks = {reading_.evidence(rule.when)};
    if (!rule.rule.decide_on_arrival) state.due = reading_.event().time + rule.rule.hold;
    return set_timer();
  }
  if (open->fired || !rule.rule.decide_on_arrival) return;
  if (reading_.event().time - open->since < rule.rule.hold) return;
  RuleState& state = state_of(rule);
  state.marks.push_back(reading_.evidence(rule.when));
  fire(rule, state, out);
}

void Detect::count_up(const CompiledRule& rule, Emit<Conclusion>& out) {
  RuleState& state = state_of(rule);
  const Time now = reading_.event().time;
  std::erase_if(state.marks,
                [&](const city::Evidence& mark) { return now - mark.time > rule.rule.within; });
  state.marks.push_back(reading_.evidence(rule.when));
  if (state.marks.size() < static_cast<std::size_t>(rule.rule.count)) return;
  state.since = state.marks.front().time;
  fire(rule, state, out);
  forget(rule);  // the list starts anew
}

void Detect::step(const CompiledRule& rule, std::size_t part, Emit<Conclusion>& out) {
  const RuleState* open = find(rule);
  if (open == nullptr || open->step != static_cast<int>(part) + 1) return;
  if (reading_.event().time - open->since > rule.rule.within) return forget(rule);
  RuleState& state = state_of(rule);
  ++state.step;
  state.marks.push_back(reading_.evidence(rule.steps[part]));
  if (part + 1 < rule.steps.size()) return;
  fire(rule, state, out);
  forget(rule);
}

void Detect::came(const CompiledRule& rule, Emit<Conclusion>& out) {
  if (const RuleState* open = find(rule)) {
    if (reading_.event().time < open->since) return;  // an older record, come late
    if (open->fired) {
      clear(rule, out);
      tell_silence(rule, false, out);
    }
  }
  RuleState& state = state_of(rule);
  state.exercise = context().exercise;
  state.fired = false;
  state.step = 0;
  state.since = reading_.event().time;
  state.marks.resize(1);
  state.marks[0] = reading_.evidence(rule.when);
  Time due = reading_.event().time + rule.rule.within;
  if (rule.due) {
    const Slot slot = reading_.value_of(*rule.due);
    if (!slot.is(Slot::Kind::timestamp)) {
      evaluation_errors.add(rule.rule.name);
      return forget(rule);
    }
    due = Time{std::chrono::seconds{slot.i}} + streams::Duration{slot.size / 1'000'000};
  }
  state.last = due;
  if (due <= reading_.event().time) {  // over already when the record came
    state.due = kNever;
    set_timer();
    return fire(rule, state_of(rule), out);
  }
  state.due = due;
  for (const streams::Duration before : rule.rule.reminders) {
    if (due - before > reading_.event().time) {
      state.due = due - before;
      break;
    }
    ++state.step;  // too late for this one
  }
  set_timer();
}

/// A due moment of a missing rule: a reminder, or the due date itself.
void Detect::overdue(const CompiledRule& rule, RuleState& state, Emit<Conclusion>& out) {
  const Time due = state.last;
  if (state.due >= due) {
    state.due = kNever;
    fire(rule, state, out);
    return tell_silence(rule, true, out);
  }
  ++state.step;
  const auto& reminders = rule.rule.reminders;
  state.due = static_cast<std::size_t>(state.step) < reminders.size()
                  ? due - reminders[static_cast<std::size_t>(state.step)]
                  : due;
  conclude(Conclusion::What::reminder, rule, state, out);
}

/// Silence is a condition of its own: it ends no other, but what was open has no data until the
/// source speaks again.
void Detect::tell_silence(const CompiledRule& silent, bool begins, Emit<Conclusion>& out) {
  if (!silent.rule.silence) return;
  for (std::size_t i = 0; i < watch.get().rules.size(); ++i) {
    const RuleState& open = watch.get().rules[i];
    const CompiledRule* rule = book_->rule_with(open.rule);
    if (!open.fired || rule == nullptr || rule == &silent) continue;
    if (rule->rule.when.topic != silent.rule.when.topic) continue;
    conclude(begins ? Conclusion::What::no_data : Conclusion::What::more, *rule,
             watch.edit().rules[i], out);
  }
}

void Detect::on_next(Emit<Conclusion>& out) {
  const Time now = context().time;
  reading_.drop();
  const Watch* kept = watch.find();
  if (kept == nullptr) return;
  for (std::size_t i = 0; i < kept->rules.size(); ++i) {
    if (kept->rules[i].due > now) continue;
    RuleState& state = watch.edit().rules[i];
    const CompiledRule* rule = book_ == nullptr ? nullptr : book_->rule_with(state.rule);
    if (rule == nullptr) {  // its rule is gone: nothing waits any more
      state.due = kNever;
    } else if (rule->rule.kind == RuleKind::hold) {
      state.due = kNever;
      fire(*rule, state, out);
    } else if (rule->rule.kind == RuleKind::missing) {
      overdue(*rule, state, out);
    } else {  // so long quiet
      conclude(Conclusion::What::cleared, *rule, state, out);
      watch.edit().rules.erase(watch.edit().rules.begin() + static_cast<std::ptrdiff_t>(i--));
    }
  }
  set_timer();
}

// ---- ends ---------------------------------------------------------------------------------------

void Detect::clear(const CompiledRule& rule, Emit<Conclusion>& out) {
  const RuleState* open = find(rule);
  if (open == nullptr) return;
  if (open->fired) conclude(Conclusion::What::cleared, rule, state_of(rule), out);
  forget(rule);
}

void Detect::end(const CompiledRule& rule, Emit<Conclusion>& out) {
  RuleState over = find(rule) != nullptr ? *find(rule) : RuleState{};
  over.marks = {reading_.evidence(rule.when)};
  over.exercise = context().exercise;
  conclude(Conclusion::What::ended, rule, over, out);
  if (find(rule) != nullptr) forget(rule);
}

// ---- saying it ----------------------------------------------------------------------------------

void Detect::fire(const CompiledRule& rule, RuleState& state, Emit<Conclusion>& out) {
  state.fired = true;
  conclude(Conclusion::What::fired, rule, state, out);
}

/// The events of those facts that are known and whose expression holds now.
std::vector<city::Evidence> Detect::facts_of(const CompiledRule& rule,
                                             const std::vector<CompiledRule::Cite>& cites) {
  std::vector<city::Evidence> found;
  const Watch* kept = watch.find();
  if (kept == nullptr) return found;
  for (const CompiledRule::Cite& cite : cites)
    for (const FactState& fact : kept->facts) {
      if (fact.fact != book_->facts()[cite.fact]->semantics) continue;
      const Answer answer = reading_.ask(cite.when);
      if (answer == Answer::yes) found.push_back(fact.evidence);
      if (answer == Answer::error) evaluation_errors.add(rule.rule.name);
    }
  return found;
}

void Detect::conclude(Conclusion::What what, const CompiledRule& rule, RuleState& state,
                      Emit<Conclusion>& out) {
  const Exercise mark = exercise(state.exercise || context().exercise);
  Conclusion conclusion;
  conclusion.what = what;
  conclusion.rule = rule.rule.name;
  conclusion.rule_version = rule.version;
  conclusion.title = rule.rule.title;
  conclusion.consequence = rule.rule.consequence;
  conclusion.order = rule.rule.order;
  conclusion.since = state.since;
  // Silence is no deadline: nobody is late with it.
  if (rule.rule.kind == RuleKind::missing && !rule.rule.silence) conclusion.due = state.last;
  if (reading_.any()) conclusion.device = reading_.device();
  if (what == Conclusion::What::fired && reading_.any()) {
    conclusion.priority = reading_.priority(rule);
    conclusion.evidence = facts_of(rule, rule.cites);
  }
  const bool seen = what == Conclusion::What::fired || what == Conclusion::What::more;
  if (seen && reading_.any() && !rule.permits.empty())
    if (std::vector<city::Evidence> permits = facts_of(rule, rule.permits); !permits.empty())
      conclusion.permit = std::move(permits.front());
  conclusion.evidence.insert(conclusion.evidence.end(), state.marks.begin(), state.marks.end());
  if (what ==
      Conclusion::What::fired) {  // the cause: what completed it, or the first when time did
    const city::Evidence& cause = !reading_.any() ? state.marks.front() : state.marks.back();
    state.cause_source = cause.source;
    state.cause_id = cause.id;
  }
  conclusion.cause_source = state.cause_source;
  conclusion.cause_id = state.cause_id;
  conclusion.reasons = {why(rule, conclusion, state)};
  if (conclusion.permit)
    conclusion.reasons.push_back(
        wording_.permitted(*conclusion.permit, reading_.event().time));
  if (!reading_.any() && !state.marks.empty()) return out(conclusion, state.marks.back().id);
  out(conclusion);
}

/// A sequence is told by what it began with, all else by the latest that decided.
city::Reason Detect::why(const CompiledRule& rule, const Conclusion& conclusion,
                         const RuleState& state) {
  const std::string entity{key()};
  Decision decision{.entity = entity};
  decision.at = reading_.any() ? reading_.event().time : context().time;
  if (!state.marks.empty())
    decision.decided =
        rule.rule.kind == RuleKind::sequence ? &state.marks.front() : &state.marks.back();
  if (const Watch* kept = watch.find()) decision.facts = &kept->facts;
  return wording_.why(rule, *book_, conclusion, decision);
}

/// What is said in a drill changes nothing that is real.
bool Detect::is_real(const CompiledRule& rule) const {
  const RuleState* open = find(rule);
  return open != nullptr && !open->exercise;
}

const RuleState* Detect::find(const CompiledRule& rule) const {
  const Watch* kept = watch.find();
  if (kept == nullptr) return nullptr;
  for (const RuleState& state : kept->rules)
    if (state.rule == rule.semantics) return &state;
  return nullptr;
}

RuleState& Detect::state_of(const CompiledRule& rule) {
  Watch& kept = watch.edit();
  for (RuleState& state : kept.rules)
    if (state.rule == rule.semantics) return state;
  RuleState& state = kept.rules.emplace_back();
  state.rule = rule.semantics;
  state.exercise = context().exercise;
  return state;
}

void Detect::forget(const CompiledRule& rule) {
  Watch& kept = watch.edit();
  std::erase_if(kept.rules, [&](const RuleState& state) { return state.rule == rule.semantics; });
  if (kept.rules.empty() && kept.facts.empty()) watch.clear();
  set_timer();
}

void Detect::set_timer() {
  Time earliest = kNever;
  if (const Watch* kept = watch.find())
    for (const RuleState& state : kept->rules) earliest = std::min(earliest, state.due);
  const std::optional<Time> armed = next.due();
  if (earliest == kNever) {
    if (armed) next.cancel();
  } else if (!armed || *armed != earliest) {
    next.set(earliest);
  }
}

}  // namespace see
