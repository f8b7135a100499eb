// Screening (甄别初核): who decides whether a warning is worth a trip. P1 goes out first; a trusted
// rule and device confirm by themselves; the rest goes to seats in shift order, and none waits for
// ever.

#include <algorithm>

#include "operators/city/words.h"
#include "operators/judge/judge.h"
#include "streams/hash.h"

namespace city {

void Judge::screen(Tracked& tracked) {
  Warning& warning = tracked.warning;
  if (warning.priority == Priority::P1 && warning.order) {
    say(warning, because("screening.p1", {"P1先派单，同步甄别",
                                          "P1 is dispatched first and screened in parallel"}));
    return give_out(tracked);
  }
  const std::optional<Reason> doubt = needs_person(warning);
  if (!doubt)
    return confirm_by_rule(
        tracked, because("screening.trusted", {"规则与设备可信，自动确认",
                                               "rule and device are trusted: confirmed by rule"}));
  const int percent = duty_.screening().sample_percent;
  const bool distrusted = doubt->code.ends_with("_distrusted");
  if (distrusted && streams::hash64(warning.id) % 100 < static_cast<std::uint64_t>(percent)) {
    say(warning, *doubt);
    return confirm_by_rule(
        tracked,
        because("screening.sample",
                words("抽中现场复核（可信度低的预警按{}%抽取）",
                      "drawn for a check on the spot ({}% of distrusted hits are)", {percent})));
  }
  ask_seat(tracked, 0, *doubt);
}

std::optional<Reason> Judge::needs_person(const Warning& warning) const {
  if (warning.priority == Priority::P1)
    return because("screening.no_item",
                   {"P1但无派单事项，由人工处置", "P1, but the rule names nothing to dispatch"});
  const std::vector<std::string>& listed = duty_.screening().by_person;
  if (std::find(listed.begin(), listed.end(), warning.rule) != listed.end())
    return because("screening.listed",
                   {"值班表规定本规则由人工甄别", "the duty list has a person screen this rule"});
  if (distrusted_.contains("rule/" + warning.rule))
    return because(
        "screening.rule_distrusted",
        words("“{}”近期误报多，转人工甄别",
              "'{}' was a false alarm often lately: a person screens", {warning.title}));
  if (!warning.device.empty() && distrusted_.contains(warning.device))
    return because(
        "screening.device_distrusted",
        words("{}近期误报多，转人工甄别", "{} gave many false alarms lately: a person screens",
              {warning.device}));
  return std::nullopt;
}

// `seat`: its place in the shift order. After the last one the warning is taken as true: a needless
// trip costs less than a warning that nobody read.
void Judge::ask_seat(Tracked& tracked, int seat, const Reason& why) {
  Warning& warning = tracked.warning;
  const std::vector<std::string>& seats = duty_.seats(warning.district);
  say(warning, why);
  if (static_cast<std::size_t>(seat) >= seats.size())
    return confirm_by_rule(
        tracked, seats.empty()
                     ? because("screening.no_seat",
                               {"无席位当值，按属实处理", "no seat is on duty: taken as true"})
                     : because("screening.nobody", words("各席位（{}）均未在时限内甄别，按属实处理",
                                                         "no seat ({}) screened it in time: taken "
                                                         "as true",
                                                         {listed(seats)})));
  const Span& within = duty_.screening().within[static_cast<std::size_t>(warning.priority)];
  const std::string& owner = seats[static_cast<std::size_t>(seat)];
  const std::string_view hours = hours_of(warning);
  const streams::Time begin = calendar_->opening(hours, now());
  if (warning.state != WarningState::screening) move(tracked, WarningState::screening);
  warning.screening = Screening{owner, calendar_->end_of(hours, now(), within), seat};
  if (begin > now())
    say(warning, because("screening.hours", words("不在服务时间，甄别时限{}起计",
                                                  "out of the hours of service: its time starts "
                                                  "at {}",
                                                  {calendar_->spoken(begin)})));
  say(warning, because("screening.owner",
                       words("由{}在{}内甄别", "{} has {} to screen it", {owner, spoken(within)})));
}

/// What is not urgent is screened when somebody would go out for it.
std::string_view Judge::hours_of(const Warning& warning) const {
  if (warning.priority <= Priority::P2 || !warning.order) return kAlways;
  return duty_.item(warning.order->item).hours;
}

void Judge::confirm_by_rule(Tracked& tracked, const Reason& why) {
  say(tracked.warning, why);
  tracked.warning.screened = Screened{"rule", "confirmed", why.code, context().time};
  give_out(tracked);
}

void Judge::give_out(Tracked& tracked) {
  if (!tracked.warning.order) {
    if (tracked.warning.state != WarningState::confirmed) move(tracked, WarningState::confirmed);
    return;
  }
  ++tracked.warning.dispatches;
  tracked.warning.shelved.reset();
  move(tracked, WarningState::dispatched);
}

bool Judge::on_due(Tracked& tracked, WarningDue due) {
  Warning& warning = tracked.warning;
  switch (due.what) {
    case WarningDue::unshelve:
      say(warning, because("shelving.over", words("{}的搁置到期", "the shelving by {} is over",
                                                  {warning.shelved->by})));
      warning.shelved.reset();
      break;
    case WarningDue::unclaim:
      say(warning, because("claim.expired",
                           words("{}的认领到期未处理", "the claim by {} expired without a decision",
                                 {warning.claim->by})));
      warning.claim.reset();
      break;
    case WarningDue::pass_on: {
      const Screening before = *warning.screening;
      ask_seat(tracked, before.passed_on + 1,
               because("screening.passed_on",
                       words("{}未在时限内甄别，转下一席位",
                             "{} did not screen it in time: passed on", {before.owner})));
      break;
    }
    case WarningDue::publish:
      tracked.unsaid = false;
      break;
    case WarningDue::forget:
      return false;
  }
  return true;
}

}  // namespace city
