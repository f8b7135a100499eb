// What people say about a matter. The table in city/steps.h has already said that the step, its
// sender, its fields and the state agree; here is what the step does, and what the table cannot
// know: whether it was in time, which evidence there is, whether an objection has been answered.

#include <algorithm>

#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "operators/respond/matters.h"

namespace city {
namespace {

constexpr std::size_t kObjectionsKept = 20;

Text with(const Text& text, std::string_view more) {
  return more.empty() ? text : words("{}：{}", "{}: {}", {text, more});
}

/// The same word once more: it is already so, by the same sender.
bool repeated(const Matter& matter, const Feedback& said) {
  const auto by_same = [&](const std::optional<Act>& act) { return act && act->by == said.by; };
  if (said.step == "objection")
    return std::any_of(
        matter.objections.begin(), matter.objections.end(),
        [&](const Objection& one) { return one.by == said.by && one.text == said.text; });
  if (said.step == "corrected") return matter.correction && matter.correction->by == said.by;
  if (said.step == "not_corrected") return by_same(matter.omission);
  if (said.step == "notified") return by_same(matter.notified);
  if (said.step == "exempt") return by_same(matter.exemption);
  if (said.step == "file_case") return by_same(matter.filing);
  if (said.step == "decide") return by_same(matter.decision);
  if (said.step == "served") return by_same(matter.service);
  if (said.step == "paid") return by_same(matter.payment);
  return false;
}

bool may_exempt(const Matter& matter) {
  return matter.proposal.what == "exempt";
}

const Objection* unanswered(const Matter& matter) {
  for (const Objection& one : matter.objections)
    if (one.answered_by.empty()) return &one;
  return nullptr;
}

}  // namespace

struct Matters::MatterStep {
  std::string_view step;
  Refusal (Matters::*act)(OpenMatter&, const Feedback&, Out&);
};

const Matters::MatterStep Matters::kMatterSteps[] = {
    {"notified", &Matters::notified},   {"objection", &Matters::objection},
    {"corrected", &Matters::corrected}, {"not_corrected", &Matters::not_corrected},
    {"exempt", &Matters::exempt},       {"file_case", &Matters::file_case},
    {"decide", &Matters::decide},       {"served", &Matters::served},
    {"paid", &Matters::paid},
};

void Matters::process(const streams::Record<Feedback>& in, Out& out) {
  const Feedback& said = in.value;
  if (target_of(said) != Target::matter) return;
  const auto refuse_with = [&](std::string_view state, Reason why) {
    rejected(rejection(city_, context().cause_id, said, state, with_names(why)));
  };
  Refusal why;
  const std::string id = target_matter(said, why);
  if (why) return refuse_with("", std::move(*why));
  const OpenMatter& known = *matters.find(id);
  const std::string_view state = streams::name_of(known.matter.state);
  if (auto mark = refuse_mark(false, context().exercise)) return refuse_with(state, *mark);
  if (repeated(known.matter, said)) return;
  why = refuse(said, known.standing());
  if (why) return refuse_with(state, std::move(*why));
  for (const MatterStep& step : kMatterSteps) {
    if (step.step != said.step) continue;
    OpenMatter& open = matters.edit(id);
    const std::string cause = std::exchange(open.cause, std::string{context().cause_id});
    why = (this->*step.act)(open, said, out);
    if (why) {
      open.cause = cause;
      refuse_with(state, std::move(*why));
    }
  }
  arm();
}

// The matter's id, or the one open matter of that behaviour; where none is open, the latest.
std::string Matters::target_matter(const Feedback& said, Refusal& why) const {
  if (matters.find(said.matter) != nullptr) return said.matter;
  const OpenMatter* found = nullptr;
  int open = 0;
  for (const auto& [id, one] : matters.all()) {
    if (one.matter.behaviour != said.matter) continue;
    open += !one.ended;
    const bool better = found == nullptr || (found->ended && !one.ended) ||
                        (found->ended.has_value() == one.ended.has_value() &&
                         found->matter.found_at < one.matter.found_at);
    if (better) found = &one;
  }
  if (open > 1)
    why = because(
        "matter.several",
        words("当事人名下有不止一件未办结的“{}”，请用编号指明",
              "the party has more than one open matter '{}': name it by its id", {said.matter}));
  else if (found == nullptr)
    why = no_such_target(said);
  return found == nullptr ? std::string{} : found->matter.id;
}

// ---- the order to correct -----------------------------------------------------------------------

// The time to correct it runs anew from its service: nobody is late for what they did not know.
Matters::Refusal Matters::notified(OpenMatter& open, const Feedback& said, Out& out) {
  Matter& matter = open.matter;
  matter.notified = Act{context().time, said.by, said.note};
  matter.correct_by = std::max(*matter.correct_by, context().time + open.correct);
  move(open, MatterState::notified);
  record(open, "notified", said.by,
         with(words("{}送达责令改正通知书，须在{}内改正",
                    "{} served the order to correct it within {}", {said.by, spoken(open.correct)}),
              said.note));
  publish(open, out);
  return {};
}

Matters::Refusal Matters::objection(OpenMatter& open, const Feedback& said, Out& out) {
  Matter& matter = open.matter;
  if (kind_of(said.by) == "party" && kind_of(matter.party) == "enterprise" &&
      said.by.substr(said.by.find('/')) != matter.party.substr(matter.party.find('/')))
    return because("objection.party",
                   words("“{}”不是本事项的当事人（{}）",
                         "'{}' is not the party of this matter ({})", {said.by, matter.party}));
  if (matter.objections.size() == kObjectionsKept)
    return because("objection.many", words("陈述申辩已记录{}次，请待答复",
                                           "{} objections are recorded: wait for the answer",
                                           {static_cast<int>(kObjectionsKept)}));
  matter.objections.push_back({context().time, said.by, said.text, {}, {}});
  move(open, MatterState::objection);
  record(open, "objection", said.by,
         words("{}陈述申辩（第{}次），作出决定时须答复",
               "{} objects (number {}): whoever decides has to answer it",
               {said.by, static_cast<int>(matter.objections.size())}));
  notify(open, matter.filing ? matter.filing->by : matter.found_by, "objection",
         words("{}“{}”：当事人陈述申辩，请复核", "{} '{}': the party objects, look at it again",
               {matter.party, matter.title}));
  publish(open, out);
  return {};
}

Matters::Refusal Matters::corrected(OpenMatter& open, const Feedback& said, Out& out) {
  Matter& matter = open.matter;
  const bool in_time = matter.action == "rectified_on_site" || context().time <= *matter.correct_by;
  matter.correction = Correction{context().time, said.by, said.note, in_time};
  move(open, MatterState::corrected);
  record(open, "corrected", said.by,
         with(in_time ? words("{}确认已按期改正", "{}: corrected in time", {said.by})
                      : words("{}确认已改正，但超过期限", "{}: corrected, but late", {said.by}),
              said.note));
  if (in_time && may_exempt(matter)) {
    matter.proposal.effective = true;
    record(open, "propose", "rule",
           {"首次、轻微并及时改正：建议不予处罚，由执法人员说明理由后决定",
            "first, minor and corrected in time: exemption is proposed, an officer decides with a "
            "reason"});
  } else if (may_exempt(matter)) {
    matter.proposal = {
        "penalty", true,
        because("law.late", {"未在期限内改正，不能免罚", "not corrected in time: no exemption"})};
  }
  publish(open, out);
  return {};
}

Matters::Refusal Matters::not_corrected(OpenMatter& open, const Feedback& said, Out& out) {
  Matter& matter = open.matter;
  if (context().time < *matter.correct_by)
    return because("correct.early",
                   words("改正期限还有{}，当事人仍可改正", "the party has {} left to correct it",
                         {spoken_roughly(*matter.correct_by - context().time)}));
  matter.omission = Act{context().time, said.by, said.note};
  move(open, MatterState::not_corrected);
  record(open, "not_corrected", said.by,
         with(words("{}确认逾期未改正", "{}: not corrected when the time was up", {said.by}),
              said.note));
  if (may_exempt(matter))
    matter.proposal = {
        "penalty", true,
        because("law.not_corrected", {"逾期未改正，不能免罚", "not corrected: no exemption"})};
  publish(open, out);
  return {};
}

// ---- decisions ----------------------------------------------------------------------------------

Matters::Refusal Matters::exempt(OpenMatter& open, const Feedback& said, Out& out) {
  Matter& matter = open.matter;
  if (!may_exempt(matter))
    return because(matter.proposal.why.code,
                   words("不能免罚：{}", "it cannot be exempt: {}",
                         {Text{matter.proposal.why.zh, matter.proposal.why.en}}));
  matter.exemption = Act{context().time, said.by, said.reason};
  answer_objections(open, said);
  move(open, MatterState::exempted);
  record(open, "exempt", said.by,
         words("{}决定不予处罚：{}", "{} decides on exemption: {}", {said.by, said.reason}));
  publish(open, out);
  notify(open, matter.party, "education",
         words("不予处罚告知：“{}”系首次、轻微且已及时改正，不予处罚（{}）。再次发生的，{}",
               "No penalty: '{}' was the first, minor and corrected in time ({}). If it happens "
               "again: {}",
               {matter.title, said.reason, matter.fine}));
  close(open, said.by,
        {"不予处罚并已教育，办结", "exempt, the party was told why and what follows: closed"}, out);
  return {};
}

Matters::Refusal Matters::file_case(OpenMatter& open, const Feedback& said, Out& out) {
  Matter& matter = open.matter;
  const MatterState standing = open.standing();
  if (may_exempt(matter) && (standing == MatterState::opened || standing == MatterState::notified))
    return because("case.early", {"首次且轻微：须先确认是否按期改正，再决定是否立案",
                                  "the first one and minor: first say whether it was corrected in "
                                  "time"});
  const auto usable = [](const Ground& ground) { return ground.usable; };
  if (!matter.on_site && std::none_of(matter.evidence.begin(), matter.evidence.end(), usable)) {
    ask_devices(matter);  // a record of the notice may have come late
    return because("case.evidence",
                   {"没有可用证据：设备公示未满期限，也没有执法人员的现场核查结果",
                    "no usable evidence: no device under completed public notice saw it, and "
                    "nobody who enforces the law found it on site"});
  }
  matter.filing = Act{context().time, said.by, said.note};
  matter.decide_by = context().time + law_->decide();
  move(open, MatterState::case_filed);
  record(open, "file_case", said.by,
         with(words("{}立案，须在{}内作出决定", "{} files the case, to be decided within {}",
                    {said.by, spoken(law_->decide())}),
              said.note));
  notify(open, matter.party, "case",
         words("立案告知：{}“{}”。您有权陈述申辩", "A case was filed: {} '{}'. You may object",
               {matter.entity, matter.title}));
  publish(open, out);
  return {};
}

// Nobody decides over an objection in silence: the reason is its answer, and the party reads it.
Matters::Refusal Matters::decide(OpenMatter& open, const Feedback& said, Out& out) {
  Matter& matter = open.matter;
  if (const Objection* objection = unanswered(matter); objection != nullptr && said.reason.empty())
    return because("decide.objection",
                   words("当事人的陈述申辩尚未答复（“{}”）：作出决定须说明是否采纳及理由",
                         "the party's objection ('{}') has no answer: a decision needs the reason "
                         "why it is followed or not",
                         {objection->text}));
  const Text decision = said.text.empty() ? matter.fine : words("{}", "{}", {said.text});
  matter.decision = Act{context().time, said.by, decision.zh};
  matter.serve_by = context().time + law_->serve();
  answer_objections(open, said);
  move(open, MatterState::decided);
  record(open, "decide", said.by,
         with(words("{}作出决定：{}", "{} decides: {}", {said.by, decision}), said.reason));
  notify(open, matter.party, "penalty",
         with(words("行政处罚决定：“{}”，{}", "Decision: '{}': {}", {matter.title, decision}),
              said.reason));
  publish(open, out);
  return {};
}

void Matters::answer_objections(OpenMatter& open, const Feedback& said) {
  for (Objection& one : open.matter.objections) {
    if (!one.answered_by.empty()) continue;
    one.answer = said.reason;
    one.answered_by = said.by;
  }
}

Matters::Refusal Matters::served(OpenMatter& open, const Feedback& said, Out& out) {
  open.matter.service = Act{context().time, said.by, said.note};
  move(open, MatterState::served);
  record(open, "served", said.by,
         with(words("{}送达处罚决定", "{} served the decision", {said.by}), said.note));
  publish(open, out);
  return {};
}

Matters::Refusal Matters::paid(OpenMatter& open, const Feedback& said, Out& out) {
  open.matter.payment = Act{context().time, said.by, said.note};
  move(open, MatterState::paid);
  record(open, "paid", said.by,
         with(words("罚款已缴纳（{}）", "the fine is paid ({})", {said.by}), said.note));
  publish(open, out);
  close(open, said.by, {"罚款已缴纳，办结", "paid: closed"}, out);
  return {};
}

void Matters::close(OpenMatter& open, std::string_view by, Text why, Out& out) {
  move(open, MatterState::closed);
  open.ended = now();
  record(open, "close", by, std::move(why));
  publish(open, out);
}

}  // namespace city
