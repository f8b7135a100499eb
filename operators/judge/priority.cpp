#include "operators/judge/priority.h"

#include <algorithm>

#include "operators/city/field_words.h"
#include "operators/city/words.h"

namespace city {
namespace {

/// By consequence: the band's priority is of the same rank.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kStakes{{
    {"危及人身", "life at risk"},
    {"影响安全", "safety at risk"},
    {"影响秩序", "public order"},
    {"记录事项", "a matter of record"},
}};

Reason second_signal(const std::vector<Text>& titles) {
  Text all;
  for (const Text& title : titles) {
    all.zh += (all.zh.empty() ? "“" : "、“") + title.zh + "”";
    all.en += (all.en.empty() ? "'" : ", '") + title.en + "'";
  }
  return because(kSecondSignal,
                 words("同一对象另有{}项未了预警：{}", "{} other warning(s) open here: {}",
                       {static_cast<int>(titles.size()), all}));
}

/// What speaks for a step up, each with its reason.
std::vector<Reason> grounds(const PriorityFacts& facts, const PriorityNumbers& numbers) {
  std::vector<Reason> found;
  if (!facts.other_signals.empty()) found.push_back(second_signal(facts.other_signals));
  if (facts.reopened > 0)
    found.push_back(
        because("urgency.again", words("第{}次再现", "came back {} time(s)", {facts.reopened})));
  if (std::find(numbers.exposed.begin(), numbers.exposed.end(), facts.exposure) !=
      numbers.exposed.end())
    found.push_back(
        because("exposure." + facts.exposure,
                words("所在场所属重点场所（{}）", "an exposed place ({})",
                      {spoken_code("exposure", facts.exposure)})));
  if (facts.earlier_warnings >= numbers.repeats)
    found.push_back(
        because("risk.repeats", words("{}内已有{}次预警", "within {}: {} warnings",
                                      {spoken(numbers.repeats_within), facts.earlier_warnings})));
  if (facts.calls_of_one > 1)
    found.push_back(because("urgency.same_caller", words("同一诉求人已来电{}次",
                                                         "the same person called {} times",
                                                         {facts.calls_of_one})));
  return found;
}

}  // namespace

Prioritized prioritize(const PriorityFacts& facts, const PriorityNumbers& numbers) {
  const auto rank = static_cast<std::size_t>(facts.consequence);
  Prioritized out;
  out.priority = static_cast<Priority>(rank);
  out.reasons.push_back({"consequence." + std::string{streams::name_of(facts.consequence)},
                         std::string{kStakes[rank].first}, std::string{kStakes[rank].second}});
  if (facts.consequence == Consequence::life) {
    if (!facts.other_signals.empty()) out.reasons.push_back(second_signal(facts.other_signals));
    return out;
  }
  if (facts.of_rule) {
    out.priority = *facts.of_rule;
    const std::string_view name = streams::name_of(out.priority);
    out.reasons.push_back(
        because("priority.rule", words("规则直接定为{}", "the rule itself says {}", {name})));
    return out;
  }
  std::vector<Reason> found = grounds(facts, numbers);
  if (found.empty()) return out;
  out.reasons.insert(out.reasons.end(), found.begin(), found.end());
  const std::string_view before = streams::name_of(out.priority);
  if (out.priority == Priority::P2) {  // few P1: they sound, and are dispatched before screening
    out.reasons.push_back(
        because("priority.kept", words("一级只留给危及人身的预警，仍为{}",
                                       "P1 is kept for life at risk: it stays {}", {before})));
    return out;
  }
  out.priority = static_cast<Priority>(rank - 1);
  out.reasons.push_back(
      because("priority.step", words("因此由{}提高到{}（各因素合计至多一级）",
                                     "therefore from {} to {} (all together one step at most)",
                                     {before, streams::name_of(out.priority)})));
  return out;
}

}  // namespace city
