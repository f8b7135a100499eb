#include "operators/city/steps.h"

#include "operators/city/bounds.h"
#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "streams/hash.h"

namespace city {
namespace {

struct Named {
  Target target;
  const std::string Feedback::*member;
};
constexpr Named kTargets[] = {
    {Target::warning, &Feedback::warning}, {Target::order, &Feedback::order},
    {Target::item, &Feedback::item},       {Target::complaint, &Feedback::complaint},
    {Target::matter, &Feedback::matter},
};

struct SenderName {
  Sender sender;
  std::string_view kind, zh;
};
constexpr SenderName kSenders[] = {
    {Sender::seat, "seat", "席位"},     {Sender::officer, "officer", "执法人员"},
    {Sender::unit, "unit", "责任单位"}, {Sender::checker, "checker", "核查人员"},
    {Sender::leader, "leader", "领导"}, {Sender::party, "party", "当事人"},
};

struct NeedName {
  Need need;
  std::string_view field, zh;
  bool (*given)(const Feedback&);
};
constexpr NeedName kNeeds[] = {
    {Need::eta, "eta", "预计到达时间", [](const Feedback& f) { return f.eta.has_value(); }},
    {Need::reason, "reason", "理由", [](const Feedback& f) { return !f.reason.empty(); }},
    {Need::evidence, "evidence", "依据", [](const Feedback& f) { return !f.evidence.empty(); }},
    {Need::to, "to", "去向", [](const Feedback& f) { return !f.to.empty(); }},
    {Need::until, "until", "截止时间", [](const Feedback& f) { return f.until.has_value(); }},
    {Need::finding, "finding", "核查结果", [](const Feedback& f) { return !f.finding.empty(); }},
    {Need::action, "action", "处置措施", [](const Feedback& f) { return !f.action.empty(); }},
    {Need::reply_by, "replyBy", "答复期限",
     [](const Feedback& f) { return f.reply_by.has_value(); }},
    {Need::text, "text", "答复内容", [](const Feedback& f) { return !f.text.empty(); }},
    {Need::who, "who", "通话对象", [](const Feedback& f) { return !f.who.empty(); }},
    {Need::result, "result", "通话结果", [](const Feedback& f) { return !f.result.empty(); }},
    {Need::entity, "entity", "对象", [](const Feedback& f) { return !f.entity.empty(); }},
};

const StepRule* rule_of(std::string_view step, Target of, bool life) {
  for (const StepRule& rule : kSteps)
    if (rule.step == step && rule.of == of &&
        (rule.kind == Kind::any || rule.kind == (life ? Kind::life : Kind::other)))
      return &rule;
  return nullptr;
}

/// "a warning", "预警".
Text name_of(Target target) {
  switch (target) {
    case Target::warning:
      return {"预警", "warning"};
    case Target::complaint:
      return {"诉求", "complaint"};
    case Target::matter:
      return {"违法事项", "matter"};
    default:
      return {"工单", "order"};
  }
}

/// No row for this step on this target: because there is none at all, or none for such an order?
Reason unknown_step(const Feedback& feedback, Target of) {
  const StepRule* elsewhere = nullptr;
  for (const StepRule& rule : kSteps) {
    if (rule.step != feedback.step) continue;
    if (rule.of == of)
      return because(
          "step.life",
          words(
              "救援工单不能“{}”：危及人身的工单只能由到场人员救出被困人员或设备自身报警结束来办结",
              "'{}' is not for a life order: only a rescue by someone on site or the "
              "device's own end of alarm ends it",
              {rule.title()}));
    elsewhere = &rule;
  }
  if (elsewhere != nullptr)
    return because("step.target", words("“{}”不能用于{}",
                                        "'{}' is not a step of this kind of "
                                        "target: {}",
                                        {elsewhere->title(), name_of(of)}));
  return because("step.unknown",
                 words("没有“{}”这一步骤", "there is no step '{}'", {feedback.step}));
}

template <class States>
Text allowed_states(const StepRule& rule, const States& states) {
  Text list;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!rule.allows_state(static_cast<int>(i))) continue;
    list.zh += (list.zh.empty() ? "" : "、") + std::string{states[i].zh};
    list.en += (list.en.empty() ? "" : ", ") + std::string{states[i].en};
  }
  return list;
}

std::optional<Reason> wrong_sender(const StepRule& rule, const Feedback& feedback) {
  Text allowed;
  for (const SenderName& name : kSenders) {
    if (!rule.allows_sender(name.sender)) continue;
    if (feedback.by.size() > name.kind.size() + 1 && kind_of(feedback.by) == name.kind)
      return std::nullopt;
    allowed.zh += (allowed.zh.empty() ? "" : "、") + std::string{name.zh};
    allowed.en += (allowed.en.empty() ? "" : ", ") + std::string{name.kind};
  }
  return because("step.sender",
                 words("“{}”只能由{}提交，来者是“{}”", "'{}' is for {} to send, it came from '{}'",
                       {rule.title(), allowed, feedback.by}));
}

std::optional<Reason> missing_field(const StepRule& rule, const Feedback& feedback) {
  Text missing;
  for (const NeedName& name : kNeeds) {
    if (!rule.requires_field(name.need) || name.given(feedback)) continue;
    missing.zh += (missing.zh.empty() ? "" : "、") + std::string{name.zh};
    missing.en += (missing.en.empty() ? "" : ", ") + std::string{name.field};
  }
  if (feedback.action == "rescued" &&
      !(feedback.people && feedback.injured && !feedback.cause.empty()))
    missing = {"被困人数、受伤人数、原因", "people, injured, cause"};
  if (missing.en.empty()) return std::nullopt;
  return because("step.field", words("“{}”缺少：{}", "'{}' lacks: {}", {rule.title(), missing}));
}

std::optional<Reason> unknown_word(const Feedback& feedback) {
  if (!feedback.finding.empty() && finding_of(feedback.finding) == nullptr)
    return because("finding.unknown", words("核查结果“{}”不在词表中",
                                            "'{}' is not one of the findings", {feedback.finding}));
  if (!feedback.action.empty() && action_of(feedback.action) == nullptr)
    return because("action.unknown", words("处置措施“{}”不在词表中",
                                           "'{}' is not one of the actions", {feedback.action}));
  return std::nullopt;
}

template <class State, class States>
std::optional<Reason> refuse_by(const StepRule* rule, const Feedback& feedback, State state,
                                const States& states, Target of) {
  if (rule == nullptr) return unknown_step(feedback, of);
  if (auto why = wrong_sender(*rule, feedback)) return why;
  if (auto why = missing_field(*rule, feedback)) return why;
  if (auto why = unknown_word(feedback)) return why;
  if (rule->allows_state(static_cast<int>(state))) return std::nullopt;
  const Word& word = word_of(state);
  return because(
      "step.state",
      words("{}当前“{}”，不能“{}”；可在下列状态提交：{}", "the {} is {}: '{}' is legal only in {}",
            {name_of(of), text_of(word), rule->title(),
             allowed_states(*rule, states)}));
}

}  // namespace

Target target_of(const Feedback& feedback) {
  Target found = Target::none;
  for (const Named& named : kTargets) {
    if ((feedback.*named.member).empty()) continue;
    if (found != Target::none) return Target::several;
    found = named.target;
  }
  return found;
}

const std::string& target_name(const Feedback& feedback) {
  for (const Named& named : kTargets)
    if (!(feedback.*named.member).empty()) return feedback.*named.member;
  return feedback.order;
}

std::optional<Reason> refuse(const Feedback& feedback, WarningState state) {
  return refuse_by(rule_of(feedback.step, Target::warning, false), feedback, state, kWarningStates,
                   Target::warning);
}

std::optional<Reason> refuse(const Feedback& feedback, OrderState state, bool life) {
  return refuse_by(rule_of(feedback.step, Target::order, life), feedback, state, kOrderStates,
                   Target::order);
}

std::optional<Reason> refuse(const Feedback& feedback, ReceiptState state) {
  return refuse_by(rule_of(feedback.step, Target::complaint, false), feedback, state,
                   kReceiptStates, Target::complaint);
}

std::optional<Reason> refuse(const Feedback& feedback, MatterState state) {
  return refuse_by(rule_of(feedback.step, Target::matter, false), feedback, state, kMatterStates,
                   Target::matter);
}

Reason no_such_target(const Feedback& feedback) {
  switch (target_of(feedback)) {
    case Target::none:
      return because("target.none", {"未指明预警、工单、诉求或事项", "no target was named"});
    case Target::several:
      return because("target.several", {"只能指明一个对象", "exactly one target must be named"});
    default:
      return because("target.unknown",
                     words("该对象名下没有“{}”（或已过保留期）",
                           "this entity has no '{}' (any more)", {target_name(feedback)}));
  }
}

bool is_of_receipt(const Feedback& feedback, std::string_view entity) {
  return feedback.step == "resolve_entity" && kind_of(entity) == "complaint";
}

Reason entity_known() {
  return because("entity.known", {"对象已明确，无需认定；只有地点待定的诉求件才需要认定对象",
                                  "what this is about is known: only a complaint without a place "
                                  "is to be placed"});
}

std::optional<Reason> refuse_mark(bool drill, bool said) {
  if (drill == said) return std::nullopt;
  if (said)
    return because("exercise.real", {"演练中的反馈不能改变真实的事项",
                                     "what is said in a drill changes nothing real"});
  return because("exercise.drill", {"该事项属于演练，反馈须带演练标记",
                                    "this is a drill: only a word that is marked as one counts"});
}

Rejected rejection(std::string_view city, std::string_view cause_id, const Feedback& feedback,
                   std::string_view state, Reason why) {
  Rejected rejected{.id = streams::make_id("x-", {city, "rejected", cause_id, target_name(feedback),
                                                  feedback.step, feedback.by}),
                    .revision = 1,
                    .step = feedback.step,
                    .by = feedback.by,
                    .target = target_name(feedback),
                    .state = std::string{state},
                    .reason = std::move(why)};
  bound_texts(rejected);
  return rejected;
}

// ---- the page -----------------------------------------------------------------------------------

namespace {

struct StatesOf {
  Target target;
  std::string_view name, of;
  const Word* first;
  std::size_t count;
};
constexpr StatesOf kStatesOf[] = {
    {Target::warning, "warning", "a warning (预警)", kWarningStates.data(), kWarningStates.size()},
    {Target::order, "order", "an order (工单)", kOrderStates.data(), kOrderStates.size()},
    {Target::complaint, "complaint", "a complaint (诉求)", kReceiptStates.data(),
     kReceiptStates.size()},
    {Target::matter, "matter", "a matter (事项)", kMatterStates.data(), kMatterStates.size()},
};

/// What must stand in the record beside its state, as the step's own code asks for it: a member
/// that is there, or has that value (`nothing`: is empty; `complaint/*`: begins so), where that
/// alone is asked in some states; or a time that is past. Whoever offers steps offers none without
/// it.
struct Beside {
  std::string_view step;
  Target of;
  std::string_view stands;
};
constexpr Beside kBeside[] = {
    {"confirm", Target::warning, "priority is P1 when dispatched"},
    {"dismiss", Target::warning, "priority is P1 when dispatched"},
    {"release", Target::warning, "claim"},
    {"dispatch", Target::warning, "order"},
    {"shelve", Target::warning, "priority is not P1"},
    {"unshelve", Target::warning, "shelved"},
    {"resolve_entity", Target::warning, "entity is complaint/*"},
    {"resolve_entity", Target::order, "entity is complaint/*"},
    {"finding", Target::complaint, "about is nothing when assigned,contacted"},
    {"dismiss", Target::complaint, "about is nothing when assigned,contacted"},
    {"resume", Target::order, "pause"},
    {"return_accepted", Target::order, "returning"},
    {"return_refused", Target::order, "returning"},
    {"extend_grant", Target::order, "extension.granted is false"},
    {"supervise_reply", Target::order, "supervision.replyBy"},
    {"not_corrected", Target::matter, "correctBy is past"},
    {"exempt", Target::matter, "proposal.what is exempt"},
    {"file_case", Target::matter, "proposal.what is not exempt when opened,notified"},
};

std::string_view beside(const StepRule& rule) {
  for (const Beside& one : kBeside)
    if (one.step == rule.step && one.of == rule.of) return one.stands;
  return {};
}

void add_cell(std::string& cell, std::string_view one) {
  cell += (cell.empty() ? "" : ", ") + std::string{one};
}

/// Calls `add` with each of the names that the rule has of one kind.
template <class Add>
void each_state(const StepRule& rule, const StatesOf& states, const Add& add) {
  for (std::size_t i = 0; i < states.count; ++i)
    if (rule.allows_state(static_cast<int>(i))) add(states.first[i].code);
}
template <class Add>
void each_sender(const StepRule& rule, const Add& add) {
  for (const SenderName& name : kSenders)
    if (rule.allows_sender(name.sender)) add(name.kind);
}
template <class Add>
void each_need(const StepRule& rule, const Add& add) {
  for (const NeedName& name : kNeeds)
    if (rule.requires_field(name.need)) add(name.field);
}

std::string row_of(const StepRule& rule, const StatesOf& states) {
  std::string in, by, with;
  each_state(rule, states, [&](std::string_view one) { add_cell(in, one); });
  each_sender(rule, [&](std::string_view one) { add_cell(by, one); });
  each_need(rule, [&](std::string_view one) { add_cell(with, one); });
  if (!beside(rule).empty()) in += "; while `" + std::string{beside(rule)} + "`";
  const std::string_view kind = rule.kind == Kind::life    ? " (life)"
                                : rule.kind == Kind::other ? " (not life)"
                                                           : "";
  return "| `" + std::string{rule.step} + "`" + std::string{kind} + " | " + std::string{rule.zh} +
         " | " + in + " | " + by + " | " + with + " |\n";
}

}  // namespace

std::string document_of_steps() {
  std::string page =
      "# Feedback steps\n\nWhat people may say (`city.field.feedback.v1`): in which states of what "
      "they name, by whom, with which fields. What is not legal is answered on `rejected` and "
      "changes nothing. Made from the one table in steps.h: `watchfire describe --steps`.\n";
  for (const StatesOf& states : kStatesOf) {
    page += "\n## On " + std::string{states.of} +
            "\n\n| step | 步骤 | in the states | by | with |\n|---|---|---|---|---|\n";
    for (const StepRule& rule : kSteps)
      if (rule.of == states.target) page += row_of(rule, states);
  }
  return page;
}

void append_steps(streams::JsonElements& element) {
  const auto list = [](std::string& out, const auto& fill) {
    streams::append_json_array(
        out, [&](streams::JsonElements& one) { fill([&](std::string_view word) { one(word); }); });
  };
  for (const StatesOf& states : kStatesOf)
    for (const StepRule& rule : kSteps) {
      if (rule.of != states.target) continue;
      streams::append_json_object(element(), [&](streams::JsonMembers& member) {
        member("step", rule.step);
        member("of", states.name);
        member("zh", rule.zh);
        member("en", rule.en);
        member("life") += rule.kind == Kind::any    ? "null"
                          : rule.kind == Kind::life ? "true"
                                                    : "false";
        list(member("states"), [&](const auto& add) { each_state(rule, states, add); });
        list(member("by"), [&](const auto& add) { each_sender(rule, add); });
        list(member("with"), [&](const auto& add) { each_need(rule, add); });
        if (!beside(rule).empty()) member("while", beside(rule));
      });
    }
}

}  // namespace city
