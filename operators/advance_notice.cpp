#include "operators/advance_notice.h"

#include <algorithm>

#include "operators/city/complaint.h"
#include "operators/city/warning.h"
#include "operators/city/words.h"
#include "operators/judge/priority.h"
#include "operators/rules/pack_reader.h"
#include "operators/see/detect.h"
#include "operators/see/once.h"
#include "streams/event_text.h"
#include "streams/hash.h"

namespace operators {

using rules::CompiledRule;
using rules::Duty;
using rules::Episode;
using Answer = see::Reading::Answer;

namespace {

constexpr std::string_view kComplaint = "city.complaint.filed.v1";
constexpr std::size_t kMostTold = 1 << 16;  // then it begins anew: a notice may come twice

bool may_be_p1(const rules::Rule& rule) {
  return rule.consequence == city::Consequence::life || rule.priority.has_value();
}

/// What one event decides. Without its facts, a rule that asks for one does not compile and is left
/// out.
void keep_what_one_event_decides(rules::Pack& pack) {
  pack.facts.clear();
  std::erase_if(pack.rules, [](const rules::Rule& rule) {
    return rule.kind != rules::RuleKind::match || !may_be_p1(rule);
  });
}

}  // namespace

AdvanceNotice::AdvanceNotice(std::string city, const std::vector<streams::Version>& versions,
                             cel::ReadRaw read_raw, Late late)
    : city_(std::move(city)), late_(late), wording_(read_raw) {
  std::vector<rules::Pack> packs;
  std::vector<rules::Problem> problems;
  for (const streams::Version& version : versions) {
    if (version.name == city::kCalendarVersion) (void)wording_.take(version);  // else UTC
    if (!version.name.starts_with(see::kPackVersions)) continue;
    packs.push_back(rules::read_pack(version.content, version.name, problems));
    keep_what_one_event_decides(packs.back());
  }
  book_ = rules::Rulebook::compile(packs, read_raw, problems);
}

template <class Tell>
void AdvanceNotice::for_each_entity(const streams::Event& event, const Tell& tell) const {
  const rules::Source* source = book_->source_of_type(event.type);
  if (source == nullptr || source->duties.empty()) return;
  if (late_ == Late::left_out && see::is_too_late(event)) return;
  tell(event.subject, *source);
  if (event.type != kComplaint) return;
  // What a complaint is about is told of it by letter; here at once.
  for (std::size_t i = 0; i < source->paths.size() && i < event.slots.size(); ++i) {
    const streams::Slot& slot = event.slots[i];
    if (source->paths[i] == "about" && slot.is(streams::Slot::Kind::text) &&
        city::is_told(slot.view()) && slot.view() != event.subject)
      tell(slot.view(), *source);
  }
}

bool AdvanceNotice::is_life(const streams::Event& event) {
  bool any = false;
  for_each_entity(event, [&](std::string_view entity, const rules::Source& source) {
    reading_.take(event, entity, source, *book_);
    for (const Duty& duty : source.duties)
      any = any || (duty.role == Duty::Role::when && reading_.ask(*duty.clause) == Answer::yes &&
                    life(duty));
  });
  return any;
}

/// What a rule that has fired makes of it, where that is a P1.
std::optional<city::Prioritized> AdvanceNotice::life(const Duty& duty) {
  const CompiledRule& rule = *book_->rules()[duty.index];
  city::PriorityFacts facts;
  facts.consequence = rule.rule.consequence;
  facts.of_rule = reading_.priority(rule);
  city::Prioritized prioritized = city::prioritize(facts, {});
  if (prioritized.priority != city::Priority::P1) return std::nullopt;
  return prioritized;
}

std::vector<streams::Append> AdvanceNotice::of(const streams::Event& event) {
  std::vector<streams::Append> notices;
  for_each_entity(event, [&](std::string_view entity, const rules::Source& source) {
    tell(event, entity, source, notices);
  });
  return notices;
}

void AdvanceNotice::tell(const streams::Event& event, std::string_view entity,
                         const rules::Source& source, std::vector<streams::Append>& notices) {
  reading_.take(event, entity, source, *book_);
  for (const Duty& duty : source.duties) {
    if (reading_.ask(*duty.clause) != Answer::yes) continue;
    const CompiledRule& rule = *book_->rules()[duty.index];
    const std::uint64_t episode = streams::hash64(rule.rule.name, entity);
    if (duty.role != Duty::Role::when) {
      told_.erase(episode);
      continue;
    }
    std::optional<city::Prioritized> prioritized = life(duty);
    if (prioritized && is_new(rule, episode, event.recorded))
      notices.push_back(notice(rule, entity, std::move(prioritized->reasons)));
  }
}

/// As see/detect opens episodes.
bool AdvanceNotice::is_new(const CompiledRule& rule, std::uint64_t episode, streams::Time now) {
  if (rule.rule.episode.until == Episode::Until::each) return true;
  if (told_.size() >= kMostTold) told_.clear();
  const auto [open, fresh] = told_.try_emplace(episode, now);
  if (fresh) return true;
  const bool over = rule.rule.episode.until == Episode::Until::quiet &&
                    now - open->second > rule.rule.episode.quiet;
  open->second = std::max(open->second, now);
  return over;
}

streams::Append AdvanceNotice::notice(const CompiledRule& rule, std::string_view entity,
                                      std::vector<city::Reason> reasons) {
  const streams::Event& event = reading_.event();
  city::Conclusion conclusion;
  conclusion.evidence = {reading_.evidence(rule.when)};
  conclusion.since = event.time;
  city::Warning warning;
  warning.id = city::warning_id(city_, rule.rule.name, event.source, event.id, 0);
  warning.story = streams::make_id("s-", {city_, "story", warning.id});
  warning.rule = rule.rule.name;
  warning.rule_version = rule.version;
  warning.entity = entity;
  warning.since = event.time;
  warning.title = rule.rule.title;
  warning.consequence = rule.rule.consequence;
  warning.priority = city::Priority::P1;
  warning.reasons = {wording_.why(
      rule, *book_, conclusion,
      {.entity = entity, .at = event.time, .decided = &conclusion.evidence.back()})};
  warning.reasons.insert(warning.reasons.end(), reasons.begin(), reasons.end());
  warning.reasons.push_back(
      city::because("advance.notice", {"预告：由接入端先行发出，经处理确认后方可派单",
                                       "advance notice by the doors: no order before the engine "
                                       "has confirmed it"}));
  if (const std::string_view device = reading_.device(); !device.empty())
    warning.device = city::with_kind("device", device);
  warning.evidence = std::move(conclusion.evidence);
  warning.count = 1;
  std::string bytes = streams::begin_event({.id = warning.id + ".0",
                                            .source = "/watchfire/" + city_,
                                            .type = city::Warning::kType,
                                            .subject = entity,
                                            .time = event.time,
                                            .causation = event.id,
                                            .exercise = event.exercise});
  streams::append_json(bytes, warning);
  bytes += '}';
  return {{std::string{kTopic}, streams::kByKey},
          event.recorded,
          std::move(bytes),
          std::string{entity}};
}

}  // namespace operators
