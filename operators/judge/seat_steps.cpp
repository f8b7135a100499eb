// What seats say about a warning. The table in city/steps.h has already said that the step, its
// sender, its fields and the warning's state agree; here is what the step does, and what the table
// cannot know.

#include "operators/city/vocabulary.h"
#include "operators/city/field_words.h"
#include "operators/city/words.h"
#include "operators/judge/judge.h"
#include "operators/judge/warning_states.h"

namespace city {
namespace {

/// The same word once more: already so, by the same person.
bool repeated(const Warning& warning, const Feedback& said) {
  const bool same = warning.screened && warning.screened->by == said.by;
  if (said.step == "confirm") return same && warning.screened->result == "confirmed";
  if (said.step == "dismiss") return same && warning.screened->result == "dismissed";
  if (said.step == "dispatch")
    return same && warning.state == WarningState::dispatched &&
           warning.screened->result == "confirmed";
  if (said.step == "release") return !warning.claim && !is_over(warning.state);
  if (said.step == "unshelve") return !warning.shelved && !is_over(warning.state);
  if (said.step == "shelve")
    return warning.shelved && warning.shelved->by == said.by &&
           warning.shelved->until == said.until;
  return false;
}

}  // namespace

struct Judge::SeatStep {
  std::string_view step;
  Refusal (Judge::*act)(Tracked&, const Feedback&);
};

const Judge::SeatStep Judge::kSeatSteps[] = {
    {"confirm", &Judge::confirm},
    {"dismiss", &Judge::dismiss},
    {"claim", &Judge::claim},
    {"release", &Judge::release},
    {"dispatch", &Judge::dispatch},
    {"shelve", &Judge::shelve},
    {"unshelve", &Judge::unshelve},
    {"reopen", &Judge::reopen},
    {"call_logged", &Judge::call_logged},
};

void Judge::process(const streams::Record<Feedback>& in, Out& out) {
  const Feedback& said = in.value;
  if (target_of(said) != Target::warning) return;  // respond answers the rest
  if (is_of_receipt(said, in.key())) return;
  const auto refuse_with = [&](std::string_view state, Reason why) {
    rejected(rejection(city_, context().cause_id, said, state, with_names(why)));
  };
  const Tracked* known = warnings.find(said.warning);
  if (known == nullptr) return refuse_with("", no_such_target(said));
  const std::string_view state = streams::name_of(known->warning.state);
  if (auto mark = refuse_mark(known->exercise, context().exercise))
    return refuse_with(state, std::move(*mark));
  if (said.step == "resolve_entity") return refuse_with(state, entity_known());
  if (repeated(known->warning, said)) return;
  if (auto why = refuse(said, known->warning.state)) return refuse_with(state, std::move(*why));
  for (const SeatStep& step : kSeatSteps) {
    if (step.step != said.step) continue;
    Tracked& tracked = warnings.edit(said.warning);
    if (auto why = (this->*step.act)(tracked, said)) return refuse_with(state, std::move(*why));
    publish(tracked, out);
  }
  arm();
}

Judge::Refusal Judge::confirm(Tracked& tracked, const Feedback& said) {
  Warning& warning = tracked.warning;
  if (warning.state == WarningState::dispatched && warning.priority != Priority::P1)
    return because("confirm.dispatched",
                   {"已派单：结果由现场反馈", "already dispatched: the field will answer"});
  warning.screened = Screened{said.by, "confirmed", said.note, context().time};
  say(warning, because("screening.confirmed",
                       words("{}甄别：属实", "screened by {}: confirmed", {said.by})));
  if (warning.state != WarningState::dispatched) give_out(tracked);
  return std::nullopt;
}

// A dispatched P1 stays so: nobody at a desk ends a rescue. What the seat says is kept beside it.
Judge::Refusal Judge::dismiss(Tracked& tracked, const Feedback& said) {
  Warning& warning = tracked.warning;
  const bool out = warning.state == WarningState::dispatched;
  if (out && warning.priority != Priority::P1)
    return because("dismiss.dispatched",
                   {"已派单：请撤回工单", "already dispatched: recall its order instead"});
  warning.screened = Screened{said.by, "dismissed", said.reason, context().time};
  say(warning,
      because("screening.dismissed", words("{}甄别：排除（{}）", "screened by {}: dismissed ({})",
                                           {said.by, spoken_code("reason", said.reason)})));
  if (out) return std::nullopt;
  bool known = false;  // free text is a judgement from the desk
  for (const std::string_view code : kStateReasons) known = known || code == said.reason;
  move(tracked, WarningState::dismissed, known ? said.reason : "offsite_cleared");
  return std::nullopt;
}

Judge::Refusal Judge::claim(Tracked& tracked, const Feedback& said) {
  std::optional<Claim>& claim = tracked.warning.claim;
  if (claim && claim->by != said.by)
    return because("claim.taken", words("已由{}认领至{}", "claimed by {} until {}",
                                        {claim->by, calendar_->spoken(claim->until, now())}));
  claim = Claim{said.by, now() + duty_.screening().claim};
  return std::nullopt;
}

Judge::Refusal Judge::release(Tracked& tracked, const Feedback& said) {
  std::optional<Claim>& claim = tracked.warning.claim;
  if (claim->by != said.by && kind_of(said.by) != "leader")
    return because("claim.not_yours", words("认领人是{}", "it is claimed by {}", {claim->by}));
  claim.reset();
  return std::nullopt;
}

Judge::Refusal Judge::dispatch(Tracked& tracked, const Feedback& said) {
  Warning& warning = tracked.warning;
  if (!warning.order)
    return because("dispatch.no_item",
                   {"规则未指定派单事项", "the rule names nothing to dispatch"});
  warning.screened = Screened{said.by, "confirmed", said.note, context().time};
  say(warning, because("screening.dispatched", words("{}直接派单", "dispatched by {}", {said.by})));
  give_out(tracked);
  return std::nullopt;
}

Judge::Refusal Judge::shelve(Tracked& tracked, const Feedback& said) {
  Warning& warning = tracked.warning;
  const Span& limit = duty_.screening().shelve_limit;
  if (warning.priority == Priority::P1)
    return because("shelve.p1", {"P1不得搁置", "P1 is never shelved"});
  if (*said.until <= now() || *said.until > calendar_->end_of(kAlways, now(), limit))
    return because("shelve.until", words("搁置须在今后{}以内", "shelving ends within {} from now",
                                         {spoken(limit)}));
  warning.shelved = Shelving{said.by, *said.until, said.reason};
  return std::nullopt;
}

Judge::Refusal Judge::unshelve(Tracked& tracked, const Feedback&) {
  tracked.warning.shelved.reset();
  return std::nullopt;
}

Judge::Refusal Judge::reopen(Tracked& tracked, const Feedback& said) {
  Warning& warning = tracked.warning;
  for (const auto& [id, other] : warnings.all())
    if (!other.ended && other.warning.rule == warning.rule && id != warning.id)
      return because("reopen.successor",
                     words("同一规则已有新预警“{}”", "a newer warning '{}' has taken its place",
                           {other.warning.title}));
  if (!waits_for_parent(warning)) ++warning.reopened;
  warning.parent.reset();
  warning.screened.reset();
  move(tracked, WarningState::raised);
  const Reason why = because("screening.reopened",
                             words("{}重开：{}", "reopened by {}: {}", {said.by, said.reason}));
  if (warning.priority == Priority::P1 && warning.order) {
    say(warning, why);
    give_out(tracked);
    return std::nullopt;
  }
  ask_seat(tracked, 0, why);
  if (warning.state == WarningState::screening && kind_of(said.by) == "seat")
    warning.claim = Claim{said.by, now() + duty_.screening().claim};
  return std::nullopt;
}

Judge::Refusal Judge::call_logged(Tracked& tracked, const Feedback& said) {
  say(tracked.warning,
      because("call", words("{}致电{}：{}", "{} called {}: {}", {said.by, said.who, said.result})));
  return std::nullopt;
}

}  // namespace city
