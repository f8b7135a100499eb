#include "operators/judge/judge.h"

#include <algorithm>
#include <utility>

#include "operators/city/bounds.h"
#include "operators/city/notices.h"
#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "operators/judge/warning_states.h"

namespace city {
namespace {

using streams::make_id;
using streams::Record;
using streams::Time;

constexpr std::size_t kEvidenceKept = 16;  // the first and the last 15
constexpr std::size_t kReasonsKept = 60;
constexpr std::size_t kCallersKept = 16;
constexpr std::string_view kPermitted = "permitted";  // of kStateReasons

void keep(std::vector<Evidence>& kept, const Evidence& evidence) {
  const auto same = [&](const Evidence& one) {
    return one.id == evidence.id && one.source == evidence.source;
  };
  if (std::any_of(kept.begin(), kept.end(), same)) return;
  if (kept.size() == kEvidenceKept) kept.erase(kept.begin() + 1);
  kept.push_back(evidence);
}

/// Found to be nothing, or nothing of its own.
bool is_none(WarningState state) {
  return state == WarningState::dismissed || state == WarningState::merged;
}

}  // namespace

// A receipt's own entity has but one caller; here it is what they call about.
void Judge::process(const Record<Complaint>& in, Out& out) {
  const Complaint& said = in.value;
  if (!is_told(in.key()) || said.receipt.empty() || said.complainant.empty()) return;
  std::vector<Caller>& all = callers.edit().all;
  const auto before = now() - duty_.priority().repeats_within;
  std::erase_if(all, [&](const Caller& caller) { return caller.last < before; });
  auto it = std::find_if(all.begin(), all.end(), [&](const Caller& caller) {
    return caller.complainant == said.complainant;
  });
  if (it == all.end()) {
    if (all.size() == kCallersKept) all.erase(all.begin());
    it = all.insert(all.end(), Caller{said.complainant, 0, {}});
  }
  ++it->calls;
  it->last = now();
  if (it->calls > 1) rejudge_all(out);
  arm();
}

/// A cell of the map is registered nowhere: where it is, its alerts say.
void Judge::process(const Record<CameraAlert>& in, Out&) {
  const CameraAlert& alert = in.value;
  if (kind_of(in.key()) != "cell" || !alert.lon || !alert.lat) return;
  const Registration& known = registration.get();
  if (known.lon && known.district == alert.district) return;
  Registration& place = registration.edit();
  place.lon = alert.lon;
  place.lat = alert.lat;
  place.district = alert.district;
}

void Judge::process(const Record<Conclusion>& in, Out& out) {
  const Conclusion& conclusion = in.value;
  Tracked* standing = standing_of(conclusion.rule);
  switch (conclusion.what) {
    case Conclusion::What::reminder:
      remind(conclusion);
      break;
    case Conclusion::What::fired:
    case Conclusion::What::more:
      if (standing != nullptr)
        extend(*standing, conclusion, out);
      else
        open(conclusion, out);
      break;
    case Conclusion::What::cleared:
    case Conclusion::What::ended:
    case Conclusion::What::no_data:
      if (standing != nullptr && (standing->exercise || !context().exercise))
        set_condition(*standing, conclusion, out);
      break;
  }
  arm();
}

// A condition that outlives its warning: `more` for one that is over adds to it in silence for as
// long as it is remembered, then it is a new warning, named after its own event. One who calls
// after the end is heard at once.
void Judge::open(const Conclusion& conclusion, Out& out) {
  const bool fired = conclusion.what == Conclusion::What::fired;
  const bool heard = !conclusion.evidence.empty() && is_heard(conclusion.evidence.back());
  std::string cause_source = conclusion.cause_source, cause_id = conclusion.cause_id;
  if (!fired) {
    if (!heard)
      for (const auto& [id, tracked] : warnings.all()) {
        const bool permit_ended = tracked.warning.state_reason == kPermitted && !conclusion.permit;
        if (tracked.warning.rule == conclusion.rule && !permit_ended) return;
      }
    if (!conclusion.evidence.empty()) {
      cause_source = conclusion.evidence.back().source;
      cause_id = conclusion.evidence.back().id;
    }
  }
  const std::string id =
      city::warning_id(city_, conclusion.rule, cause_source, cause_id, conclusion.ordinal);
  if (warnings.find(id) != nullptr) return;  // said twice
  std::string story = make_id("s-", {city_, "story", id});
  for (const auto& [other, tracked] : warnings.all())
    if (!tracked.ended) story = tracked.warning.story;

  Tracked& tracked = warnings.edit(id);
  tracked.exercise = context().exercise;
  tracked.set = tracked.begun = conclusion.at;
  const Registration& place = registration.get();
  Warning& warning = tracked.warning;
  warning.id = id;
  warning.story = std::move(story);
  warning.rule = conclusion.rule;
  warning.rule_version = conclusion.rule_version;
  warning.entity = std::string{key()};
  warning.since = conclusion.since;
  warning.title = conclusion.title;
  warning.consequence = conclusion.consequence;
  warning.order = conclusion.order;
  warning.due = conclusion.due;
  warning.device = with_kind("device", conclusion.device);
  warning.district = place.district.empty() ? conclusion.district : place.district;
  warning.lon = place.lon;
  warning.lat = place.lat;
  warning.count = 1;
  for (const Evidence& evidence : conclusion.evidence) keep(warning.evidence, evidence);
  for (const Reason& reason : conclusion.reasons) say(warning, reason);

  if (conclusion.permit) {
    suppress(tracked, *conclusion.permit);
    return publish(tracked, out);
  }
  tracked.opened = now();
  count_repeat(tracked.opened, true);
  PriorityFacts facts = facts_of(warning);
  facts.of_rule = conclusion.priority;
  Prioritized prioritized = prioritize(facts, duty_.priority());
  warning.priority = prioritized.priority;
  for (Reason& reason : prioritized.reasons) say(warning, std::move(reason));
  if (const Tracked* parent = parent_of(tracked))
    put_under(tracked, parent->warning.id, warning.entity, parent->warning.title);
  else
    screen(tracked);
  publish(tracked, out);
  if (conclusion.due) tell_overdue(tracked);
  rejudge_all(out);  // the second signal raises the first as well
}

// A filed pitch, a works permit: nobody goes there; see/wording has said why.
void Judge::suppress(Tracked& tracked, const Evidence& permit) {
  Warning& warning = tracked.warning;
  warning.priority = static_cast<Priority>(warning.consequence);
  keep(warning.evidence, permit);
  move(tracked, WarningState::suppressed, kPermitted);
  ++trips_avoided;
}

void Judge::extend(Tracked& tracked, const Conclusion& conclusion, Out& out) {
  Warning& warning = tracked.warning;
  const bool turned_real = tracked.exercise && !context().exercise;
  if (turned_real) tracked.exercise = false;
  ++warning.count;
  for (const Evidence& evidence : conclusion.evidence) keep(warning.evidence, evidence);
  tracked.unsaid = true;
  const bool overtaken = conclusion.at < tracked.set;
  tracked.set = std::max(tracked.set, conclusion.at);
  tracked.begun = std::max(tracked.begun, conclusion.at);
  if (warning.condition == Condition::active || overtaken) {
    // A caller waits for an answer: their complaint is linked at once.
    const bool heard = !conclusion.evidence.empty() && is_heard(conclusion.evidence.back());
    if (turned_real || heard) publish(tracked, out);
    return;
  }
  if (warning.condition == Condition::cleared) {
    ++warning.reopened;
    say(warning,
        because("condition.again", words("条件解除后再次出现（第{}次）",
                                         "the condition came back (time {})", {warning.reopened})));
  }
  warning.condition = Condition::active;
  rejudge(tracked);
  publish(tracked, out);
}

void Judge::set_condition(Tracked& tracked, const Conclusion& conclusion, Out& out) {
  Warning& warning = tracked.warning;
  const bool silent = conclusion.what == Conclusion::What::no_data;
  const bool ended = conclusion.what == Conclusion::What::ended;
  // Otherwise it is known to be different since. The source's own end is of all that had begun.
  if (conclusion.at < (ended ? tracked.begun : tracked.set)) return;
  tracked.set = std::max(tracked.set, conclusion.at);
  const Condition condition = silent ? Condition::no_data : Condition::cleared;
  // No order works on it, so nobody would ever end it but this.
  const bool over =
      !silent && (warning.state == WarningState::confirmed || waits_for_parent(warning) ||
                  (ended && warning.state != WarningState::dispatched));
  if (warning.condition == condition && !over) return;
  for (const Evidence& evidence : conclusion.evidence) keep(warning.evidence, evidence);
  warning.condition = condition;
  for (const Reason& why : conclusion.reasons) say(warning, why);
  const bool by_receipt = kind_of(key()) == "complaint";  // which has said why
  if (ended && !by_receipt)
    say(warning, because("condition.ended", {"设备自身发出报警结束信号",
                                             "the device itself declared the alarm over"}));
  else if (silent)
    say(warning, because("condition.no_data", {"信号中断，情况可能仍在，预警不因此解除",
                                               "the source is silent: it may still hold, silence "
                                               "ends nothing"}));
  else if (!ended && over)
    say(warning, because("condition.cleared", {"触发条件已解除，未派单即解除预警",
                                               "the condition ended before anybody was sent"}));
  else if (!ended)
    say(warning, because("condition.cleared", {"触发条件已解除，工单不因此办结",
                                               "the condition ended; this ends no order"}));
  if (over) move(tracked, WarningState::resolved);
  publish(tracked, out);
}

void Judge::process(const Record<PermitChange>& in, Out& out) {
  if (in.value.record != "registration") return;
  if (in.value.action == "deregistered")
    registration.clear();
  else
    registration.put(Registration::of(in.value));
  for (const std::string& id : standing_ids()) tell_place(warnings.edit(id));
  if (registration.find() != nullptr) rejudge_all(out);
  arm();
}

// The order's end decides what becomes of its warnings: the vocabulary's table says what.
void Judge::process(const Record<OrderNews>& in, Out& out) {
  const OrderNews& news = in.value;
  for (const std::string& id : news.warnings) {
    if (const Tracked* known = warnings.find(id);
        known == nullptr || known->warning.state != WarningState::dispatched)
      continue;
    Tracked& tracked = warnings.edit(id);
    if (news.state == OrderState::recalled) {
      say(tracked.warning, because("order.recalled", news.why));
      move(tracked, WarningState::confirmed);
    } else if (const Finding* finding = finding_of(news.finding)) {
      const Word* action = action_of(news.action);
      say(tracked.warning,
          because("verdict." + news.finding,
                  words("工单办结：{}，{}", "order closed: {}, {}",
                        {text_of(*finding), action == nullptr ? Text{} : text_of(*action)})));
      move(tracked, finding->then, finding->because);
    } else {
      say(tracked.warning, because("order.closed", news.why));
      move(tracked, WarningState::resolved);
    }
    publish(tracked, out);
  }
  arm();
}

void Judge::process(const Record<streams::Version>& in, Out&) {
  const streams::Version& version = in.value;
  if (version.name == kCalendarVersion && !calendar_.take(version)) ++bad_versions;
  if (version.name == kParentsVersion && !parents_.take(version)) ++bad_versions;
  if (version.name == kDutyVersion) {
    ActiveList<DutyList> list;
    if (list.take(version))
      duty_ = std::move(list.list);
    else
      ++bad_versions;  // activation validates before; the list in force stays in force
  } else if (version.name.starts_with(kTrustVersion)) {
    const std::string whom = version.name.substr(kTrustVersion.size());
    if (version.content == kDistrusted)
      distrusted_.insert(whom);
    else
      distrusted_.erase(whom);
  }
}

void Judge::remind(const Conclusion& conclusion) {
  const Registration& place = registration.get();
  const Time due = conclusion.due.value_or(context().time);
  const Text text = words("“{}”将于{}到期，还有{}，请按期办理", "'{}' is due by {}, {} left",
                          {conclusion.title, calendar_->deadline(due, now()),
                           spoken_roughly(due - context().time)});
  for (const std::string* unit : {&place.use_unit, &place.maintenance_unit})
    notify(with_kind("unit", *unit), "due", "", text);
  if (place.use_unit.empty() && place.maintenance_unit.empty())
    for (const std::string& regulator : duty_.units("regulator", place.district))
      notify(regulator, "due", "",
             words("{}（登记信息中没有使用单位和维保单位）",
                   "{} (the registration names neither use nor maintenance unit)", {text}));
}

void Judge::tell_overdue(const Tracked& tracked) {
  const Warning& warning = tracked.warning;
  const Registration& place = registration.get();
  const Text text = words("“{}”：应于{}前办理，现已超期", "'{}': was due by {}, now overdue",
                          {warning.title, calendar_->deadline(*warning.due, now())});
  for (const std::string* unit : {&place.use_unit, &place.maintenance_unit})
    notify(with_kind("unit", *unit), "overdue", warning.id, text);
  for (const std::string& regulator : duty_.units("regulator", place.district))
    notify(regulator, "copy", warning.id, words("抄送：{}", "copy: {}", {text}));
}

// ---- common -------------------------------------------------------------------------------------

std::vector<std::string> Judge::standing_ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, tracked] : warnings.all())
    if (!tracked.ended) ids.push_back(id);
  return ids;
}

Tracked* Judge::standing_of(std::string_view rule) {
  for (const auto& [id, tracked] : warnings.all())
    if (!tracked.ended && tracked.warning.rule == rule) return &warnings.edit(id);
  return nullptr;
}

void Judge::move(Tracked& tracked, WarningState to, std::string_view code) {
  Warning& warning = tracked.warning;
  CHECK(may_become(warning.state, to));
  const bool was_none = is_none(warning.state);
  if (was_none != is_none(to) && tracked.opened != Time{}) count_repeat(tracked.opened, was_none);
  warning.state = to;
  warning.state_reason = code;
  if (to != WarningState::screening) warning.screening.reset();
  tracked.ended.reset();
  if (!is_over(to)) return;
  warning.claim.reset();
  warning.shelved.reset();
  if (!waits_for_parent(warning)) tracked.ended = now();
}

void Judge::say(Warning& warning, Reason reason) {
  reason = with_names(reason);
  if (std::find(warning.reasons.begin(), warning.reasons.end(), reason) != warning.reasons.end())
    return;
  if (warning.reasons.size() == kReasonsKept) warning.reasons.erase(warning.reasons.begin() + 1);
  warning.reasons.push_back(std::move(reason));
}

void Judge::publish(Tracked& tracked, Out& out) {
  const Exercise mark = exercise(tracked.exercise);
  if (!context().cause_id.empty()) tracked.cause = context().cause_id;
  bound_texts(tracked.warning);
  tracked.published = now();
  tracked.unsaid = false;
  ++tracked.warning.revision;
  out(tracked.warning, tracked.cause);
  tell_place(tracked);
  tell_children(tracked, out);
}

void Judge::notify(std::string_view to, std::string_view kind, std::string_view warning,
                   Text text) {
  if (to.empty() || context().exercise) return;
  notices(make_notice(city_, context(), to, kind, warning, "", with_names(text)));
}

void Judge::arm() {
  Time next = Time::max();
  for (const auto& [id, tracked] : warnings.all()) next = std::min(next, next_due(tracked).at);
  if (const Openings* known = openings.find())
    next = std::min(next, known->at.back() + duty_.priority().repeats_within);
  if (next == Time::max())
    wake.cancel();
  else if (wake.due() != next)
    wake.set(next);
}

void Judge::on_wake(Out& out) {
  const Time at = context().time;
  std::vector<std::string> ids;
  for (const auto& [id, tracked] : warnings.all())
    if (next_due(tracked).at <= at) ids.push_back(id);
  for (const std::string& id : ids) {
    Tracked& tracked = warnings.edit(id);
    bool kept = true, changed = false;
    for (WarningDue due = next_due(tracked); kept && due.at <= at; due = next_due(tracked)) {
      changed = changed || due.what != WarningDue::forget;
      kept = on_due(tracked, due);
    }
    if (!kept)
      warnings.erase(id);
    else if (changed)
      publish(tracked, out);
  }
  if (const Openings* known = openings.find();
      known != nullptr && known->at.back() + duty_.priority().repeats_within <= at)
    openings.clear();
  arm();
}

}  // namespace city
