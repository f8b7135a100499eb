#include "operators/see/detect.h"

#include <algorithm>

#include "operators/rules/pack_reader.h"
#include "operators/see/telling.h"

namespace see {

using city::Conclusion;
using rules::Duty;
using rules::RuleKind;
using streams::kNever;
using streams::Time;

// ---- versions -----------------------------------------------------------------------------------

void Detect::process(const Record<Version>& in, Out&) {
  const Version& version = in.value;
  if (version.name == streams::kDowntimeVersion)
    downtime_ = streams::Downtime::of(version).value_or(streams::Downtime{});
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

void Detect::process(const Record<Event>& in, Out& out) {
  if (book_ == nullptr) return;
  const rules::Source* source = book_->source_of_type(in.value.type);
  if (source == nullptr || source->duties.empty()) return;
  reading_.take(in.value, in.value.subject, *source, *book_);
  if (source->reads_facts) memory_.fill(*book_, reading_);
  const bool corrects = reading_.record_field(rules::kActionField) == rules::kCorrected;
  for (const Duty& duty : source->duties) {
    const Answer answer = reading_.ask(*duty.clause);
    if (answer == Answer::error) evaluation_errors.add(name_of(duty));
    if (answer == Answer::no && !duty.holds) continue;  // most: without a look at the rule
    answered(duty, answer, out);
  }
  if (corrects) correct_all(*source, out);
}

void Detect::answered(const Duty& duty, Answer answer, Out& out) {
  if (answer == Answer::error) return;  // neither true nor false
  if (duty.role == Duty::Role::fact) {
    if (memory_.keep(*book_->facts()[duty.index], reading_) && reading_.source().reads_facts)
      memory_.fill(*book_, reading_);
    return;
  }
  const Rule& rule = *book_->rules()[duty.index];
  if (drill() && is_real(rule)) return;
  switch (duty.role) {
    case Duty::Role::when:
      if (answer == Answer::no) return stop(rule, rule.rule.clear.empty(), Ended::By::clear, out);
      return begin(rule, out);
    case Duty::Role::step:
      return follow(rule, static_cast<int>(duty.part) + 1, out);
    case Duty::Role::ends:
      return end(rule, duty.part, out);
    default:
      return stop(rule, true, Ended::By::clear, out);
  }
}

const std::string& Detect::name_of(const Duty& duty) const {
  return duty.role == Duty::Role::fact ? book_->facts()[duty.index]->fact.name
                                       : book_->rules()[duty.index]->rule.name;
}

/// What is said in a drill changes nothing that is real.
bool Detect::is_real(const Rule& rule) const {
  const RuleState* open = find(rule);
  return open != nullptr && !open->exercise;
}

/// What ended the condition later than the event in hand; it is counted then.
const Ended* Detect::overtaken_by(const Rule& rule) {
  const Ended* end = memory_.end_after(rule, at(), drill());
  if (end != nullptr) overtaken.add(rule.rule.name);
  return end;
}

void Detect::forget(const Rule& rule) {
  memory_.forget(rule);
  set_timer();
}

// ---- time ---------------------------------------------------------------------------------------

void Detect::on_next(Out& out) {
  const Time now = context().time;
  reading_.drop();
  if (watch.find() == nullptr) return;
  memory_.drop_ends(now);
  std::vector<std::uint64_t> due;
  for (const RuleState& state : watch.get().rules)
    if (state.due <= now) due.push_back(state.rule);
  for (const std::uint64_t semantics : due) {
    const Rule* rule = book_ == nullptr ? nullptr : book_->rule_with(semantics);
    RuleState* const known = watch.edit().edit(semantics);
    if (known == nullptr) continue;
    RuleState& state = *known;
    if (rule == nullptr) {
      let_go(semantics);
    } else if (rule->rule.kind == RuleKind::hold) {
      state.due = kNever;
      state.marks.resize(1);
      fire(*rule, state, &state.marks.front(), out);
    } else if (rule->rule.kind == RuleKind::missing) {
      overdue(*rule, state, out);
    } else {
      quiet(*rule, state, out);
    }
  }
  set_timer();
}

/// The rule is gone. What waited for a date waits on for a while, should the rule come back: the
/// record stands. What waited for a condition to last can't be taken up again: nobody has looked
/// meanwhile, and the next event of it begins anew.
void Detect::let_go(std::uint64_t semantics) {
  Watch& kept = watch.edit();
  RuleState& state = *kept.edit(semantics);
  if (state.due_date != kNever && !state.fired && context().time < state.due_date + kGoneKept) {
    state.due = context().time + kGoneLook;
    return;
  }
  std::erase_if(kept.rules, [&](const RuleState& one) { return one.rule == semantics; });
  if (kept.empty()) watch.clear();
}

void Detect::set_timer() {
  const Time earliest = memory_.earliest_due();
  const std::optional<Time> armed = next.due();
  if (earliest == kNever) {
    if (armed) next.cancel();
  } else if (!armed || *armed != earliest) {
    next.set(earliest);
  }
}

// ---- saying it ----------------------------------------------------------------------------------

/// The events of those facts that are known and whose expression holds now.
std::vector<city::Evidence> Detect::facts_of(const Rule& rule,
                                             const std::vector<Rule::Cite>& cites) {
  std::vector<city::Evidence> found;
  for (const Rule::Cite& cite : cites) {
    const FactState* fact = memory_.find(*book_->facts()[cite.fact]);
    if (fact == nullptr) continue;
    const Answer answer = reading_.ask(cite.when);
    if (answer == Answer::yes) found.push_back(fact->evidence);
    if (answer == Answer::error) evaluation_errors.add(rule.rule.name);
  }
  return found;
}

/// The event in hand for a rule, asked for what the rule wants to know of it.
Mark Detect::mark_of(const Rule& rule, const rules::CompiledClause& clause, int part) {
  Mark mark;
  mark.evidence = reading_.evidence(clause);
  mark.part = part;
  if (!rule.speaks() || part != 0) return mark;
  mark.priority = reading_.priority(rule);
  mark.cited = facts_of(rule, rule.cites);
  if (std::vector<city::Evidence> permits = facts_of(rule, rule.permits); !permits.empty())
    mark.permit = std::move(permits.front());
  return mark;
}

/// The cause is the event that completed it, or the first when time did.
void Detect::fire(const Rule& rule, RuleState& state, const Mark* said, Out& out) {
  state.fired = true;
  state.seen.clear();
  const bool by_event = reading_.any();
  state.cause_source = by_event ? reading_.event().source : state.marks.front().evidence.source;
  state.cause_id = by_event ? reading_.event().id : state.marks.front().evidence.id;
  conclude(What::fired, rule, state, said, out);
}

void Detect::conclude(What what, const Rule& rule, RuleState& state, const Mark* said, Out& out) {
  const Exercise mark = exercise(state.exercise || context().exercise);
  Conclusion conclusion = conclusion_of(what, rule, state, said, reading_);
  conclusion.reasons = {why(rule, conclusion, state)};
  if (conclusion.permit)
    conclusion.reasons.push_back(wording_.permitted(
        *conclusion.permit, reading_.any() ? reading_.event().time : context().time));
  if (!reading_.any() && !state.marks.empty())
    return out(conclusion, state.marks.back().evidence.id);
  out(conclusion);
}

/// A sequence is told by what it began with, all else by the latest that decided.
city::Reason Detect::why(const Rule& rule, const Conclusion& conclusion, const RuleState& state) {
  const std::string entity{key()};
  Decision decision{.entity = entity};
  decision.at = reading_.any() ? reading_.event().time : context().time;
  if (!state.marks.empty())
    decision.decided = rule.rule.kind == RuleKind::sequence ? &state.marks.front().evidence
                                                            : &state.marks.back().evidence;
  if (const Watch* kept = watch.find()) decision.facts = &kept->facts;
  return wording_.why(rule, *book_, conclusion, decision);
}

/// Silence is a condition of its own: it ends no other, but what was open has no data until the
/// source speaks again.
void Detect::tell_silence(const Rule& silent, bool begins, Out& out) {
  if (!silent.rule.silence) return;
  const RuleState* silence = find(silent);
  const Time last = silence == nullptr ? context().time : silence->set;
  for (std::size_t i = 0; i < watch.get().rules.size(); ++i) {
    const RuleState& open = watch.get().rules[i];
    const Rule* rule = book_->rule_with(open.rule);
    if (!open.fired || rule == nullptr || rule == &silent) continue;
    if (rule->rule.when.topic != silent.rule.when.topic) continue;
    RuleState told = open;
    told.set = begins ? last : at();
    conclude(begins ? What::no_data : What::more, *rule, told, nullptr, out);
  }
}

}  // namespace see
