#include "operators/respond/matters.h"

#include <algorithm>

#include "operators/city/bounds.h"
#include "operators/city/notices.h"
#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "operators/respond/matter_states.h"

namespace city {
namespace {

using streams::Record;
using streams::Time;

constexpr std::size_t kMattersKept = 64;  // of one party

Proposal propose(const Matter& matter, const Behaviour& behaviour) {
  const int number = static_cast<int>(matter.earlier.size()) + 1;
  if (number > 1)
    return {"penalty", true,
            because("law.repeated",
                    words("{}内第{}次“{}”，不能免罚：{}",
                          "within {} this is number {} of '{}', no exemption: {}",
                          {spoken(behaviour.window), number, behaviour.title, behaviour.fine}))};
  if (!behaviour.minor)
    return {
        "penalty", true,
        because("law.not_minor", words("“{}”不属于轻微违法，首次也不免罚：{}",
                                       "'{}' is not minor, not even the first one is exempt: {}",
                                       {behaviour.title, behaviour.fine}))};
  return {"exempt", false,
          because("law.first",
                  words("{}内首次“{}”，危害轻微：及时改正的，可以不予处罚，由执法人员决定",
                        "first within {} of '{}', minor harm: may be exempt once corrected in "
                        "time, an officer decides",
                        {spoken(behaviour.window), behaviour.title}))};
}

bool under_notice(const NoticeTold& told, Time at, streams::Duration notice) {
  return std::any_of(told.publications.begin(), told.publications.end(), [&](const auto& one) {
    return one.since + notice <= at && (!one.until || at < *one.until);
  });
}

/// A device's hit waits for the device's word; until then it supports no penalty.
void doubt(Ground& ground) {
  if (!ground.device.empty()) {
    ground.usable = false;
    ground.why = {"设备公示情况待查", "the device's public notice is being looked up"};
  } else if (ground.from == "camera.alerts") {
    ground.usable = false;
    ground.why = {"未说明由哪台设备记录", "it names no device"};
  }
}

}  // namespace

// ---- opening ------------------------------------------------------------------------------------

// What the finder names decides; else the rules that saw it. Of another violation than they saw,
// the finder alone can say which.
std::vector<const Behaviour*> Matters::behaviours_of(const Offence& offence) const {
  if (const Behaviour* named = law_->behaviour(offence.verdict.cause)) return {named};
  if (offence.verdict.finding != "violation") return {};
  return law_->of(offence.rules, offence.item);
}

void Matters::process(const Record<Offence>& in, Out& out) {
  const Offence& offence = in.value;
  if (context().exercise) return;
  const std::vector<const Behaviour*> behaviours = behaviours_of(offence);
  if (behaviours.empty()) ++unnamed;
  if (behaviours.empty() && offence.verdict.finding != "violation" && !law_->behaviours().empty())
    notices(make_notice(city_, context(), offence.verdict.by, "unnamed", "", offence.order,
                        {"发现另有违法，但未说明是哪种行为，未立违法事项",
                         "another violation was found, but not said which behaviour it was: no "
                         "matter was opened"}),
            offence.cause);
  for (const Behaviour* behaviour : behaviours) open(*behaviour, offence, out);
  arm();
}

void Matters::open(const Behaviour& behaviour, const Offence& offence, Out& out) {
  const std::string id = matter_id(city_, behaviour.name, offence.order);
  if (matters.find(id) != nullptr) return;  // told twice
  Matter matter;
  matter.id = id;
  matter.party = std::string{key()};
  matter.behaviour = behaviour.name;
  matter.title = behaviour.title;
  matter.minor = behaviour.minor;
  matter.entity = offence.entity;
  matter.order = offence.order;
  matter.item = offence.item;
  matter.rules = offence.rules;
  matter.finding = offence.verdict.finding;
  matter.action = offence.verdict.action;
  matter.found_by = offence.verdict.by;
  matter.found_at = offence.verdict.at;
  matter.on_site = offence.on_site;
  matter.evidence = offence.evidence;
  for (Ground& ground : matter.evidence) doubt(ground);
  find_earlier(matter, behaviour);
  matter.proposal = propose(matter, behaviour);
  matter.correct_by = now() + behaviour.correct;
  matter.fine = behaviour.fine;
  matter.sources = behaviour.sources;
  matter.law_version = law_.version;
  matter.district = offence.district;

  make_room();
  OpenMatter& opened = matters.edit(id);
  opened.matter = std::move(matter);
  opened.correct = behaviour.correct;
  opened.counts_until = offence.verdict.at + behaviour.window;
  opened.cause = offence.cause;
  const Matter& mine = opened.matter;
  const Word* action = action_of(mine.action);
  record(opened, "opened", mine.found_by,
         words("{}在{}发现“{}”，处置：{}", "{} found at {}: '{}'; done: {}",
               {mine.found_by, mine.entity, mine.title,
                action == nullptr ? Text{"无", "nothing"} : text_of(*action)}));
  record(opened, "propose", "rule", {mine.proposal.why.zh, mine.proposal.why.en});
  notify(opened, mine.party, "rectification",
         words("责令改正通知书：{}存在“{}”，请在{}内改正；可以陈述申辩。依据：{}",
               "Order to correct: {}: '{}', to be corrected within {}; you may object. By: {}",
               {mine.entity, mine.title, spoken(behaviour.correct), listed(mine.sources)}));
  publish(opened, out);
  ask_devices(mine);
}

/// Exempted ones count as well.
void Matters::find_earlier(Matter& matter, const Behaviour& behaviour) const {
  for (const auto& [id, known] : matters.all()) {
    const Matter& other = known.matter;
    if (other.behaviour == matter.behaviour && other.found_at <= matter.found_at &&
        other.found_at > matter.found_at - behaviour.window)
      matter.earlier.push_back({other.id, other.order, other.state, other.found_at});
  }
  std::sort(matter.earlier.begin(), matter.earlier.end(),
            [](const EarlierMatter& a, const EarlierMatter& b) { return a.found_at < b.found_at; });
}

void Matters::make_room() {
  const auto& all = matters.all();
  if (all.size() < kMattersKept) return;
  const auto older = [](const auto& a, const auto& b) {
    const OpenMatter &one = a.second, &other = b.second;
    if (one.ended.has_value() != other.ended.has_value()) return one.ended.has_value();
    return one.matter.found_at < other.matter.found_at;
  };
  const std::string oldest = std::min_element(all.begin(), all.end(), older)->first;
  matters.erase(oldest);
  ++dropped;
}

// ---- evidence -----------------------------------------------------------------------------------

void Matters::ask_devices(const Matter& matter) {
  std::vector<std::string> asked;
  for (const Ground& ground : matter.evidence) {
    const std::string& device = ground.device;
    if (device.empty() || std::find(asked.begin(), asked.end(), device) != asked.end()) continue;
    asked.push_back(device);
    post.send(device, NoticeAsked{matter.party, matter.id});
  }
}

void Matters::process(const Record<NoticeTold>& in, Out& out) {
  const NoticeTold& told = in.value;
  const OpenMatter* known = matters.find(told.matter);
  if (known == nullptr || known->ended) return;
  std::vector<Ground> evidence = known->matter.evidence;
  const Text days = spoken(law_->notice());
  int usable = 0, unusable = 0;
  bool changed = false;
  for (Ground& ground : evidence) {
    if (ground.device != told.device) continue;
    const bool was = ground.usable;
    const Text before = ground.why;
    ground.usable = under_notice(told, ground.time, law_->notice());
    ground.why = ground.usable ? Text{}
                               : words("设备公示未满{}",
                                       "its device's public notice had not "
                                       "stood for {}",
                                       {days});
    changed = changed || was != ground.usable || before != ground.why;
    ++(ground.usable ? usable : unusable);
  }
  if (!changed) return;
  OpenMatter& open = matters.edit(told.matter);
  open.matter.evidence = std::move(evidence);
  record(open, "evidence", "rule",
         words("{}：公示满{}后的证据{}件可用，{}件不能作为处罚依据",
               "{}: evidence after {} of public notice: {} usable, {} may not support a penalty",
               {told.device, days, usable, unusable}));
  publish(open, out);
}

// ---- time ---------------------------------------------------------------------------------------

// A deadline decides nothing by itself.
void Matters::remind(OpenMatter& open) {
  open.reminded = true;
  const Matter& matter = open.matter;
  const MatterState standing = open.standing();
  Text what{"责令改正期限已到，请核实是否改正", "the time to correct it is up: was it?"};
  std::string to = matter.found_by;
  if (standing == MatterState::case_filed) {
    what = words("立案已满{}，应作出决定", "filed {} ago: it is to be decided",
                 {spoken(law_->decide())});
    to = matter.filing->by;
  } else if (standing == MatterState::decided) {
    what = words("决定作出已满{}，应送达当事人", "decided {} ago: it is to be served",
                 {spoken(law_->serve())});
    to = matter.decision->by;
  }
  record(open, "remind", "rule", what);
  notify(open, to, "reminder",
         words("{}“{}”：{}", "{} '{}': {}", {matter.party, matter.title, what}));
}

void Matters::on_wake(Out& out) {
  const Time at = context().time;
  std::vector<std::pair<std::string, MatterDue>> all;
  for (const auto& [id, open] : matters.all())
    if (const MatterDue due = next_due(open); due.at <= at) all.emplace_back(id, due);
  for (const auto& [id, due] : all) {
    if (due.what == MatterDue::forget) {
      matters.erase(id);
      continue;
    }
    OpenMatter& open = matters.edit(id);
    remind(open);
    publish(open, out);
  }
  arm();
}

void Matters::arm() {
  Time next = Time::max();
  for (const auto& [id, open] : matters.all()) next = std::min(next, next_due(open).at);
  if (next == Time::max())
    wake.cancel();
  else if (wake.due() != next)
    wake.set(next);
}

// ---- common -------------------------------------------------------------------------------------

void Matters::process(const Record<streams::Version>& in, Out&) {
  if (in.value.name == kLawVersion && !law_.take(in.value)) ++bad_versions;
  if (in.value.name == kDutyVersion && !duty_.take(in.value)) ++bad_versions;
}

void Matters::move(OpenMatter& open, MatterState to) {
  CHECK(may_become(open.matter.state, to));
  if (to == MatterState::objection)
    open.before = open.standing();
  else
    open.reminded = false;
  open.matter.state = to;
}

void Matters::record(OpenMatter& open, std::string_view step, std::string_view by, Text why) {
  add_step(open.matter, {context().time, std::string{step}, std::string{by}, with_names(why)});
}

void Matters::publish(OpenMatter& open, Out& out) {
  const Exercise mark = exercise(false);  // a drill opens none
  ++open.matter.revision;
  bound_texts(open.matter);
  out(open.matter, open.cause);
}

void Matters::notify(const OpenMatter& open, std::string_view to, std::string_view kind,
                     Text text) {
  const Matter& matter = open.matter;
  notices(make_notice(city_, context(), to, kind, "", matter.order, with_names(text), matter.id),
          open.cause);
}

}  // namespace city
