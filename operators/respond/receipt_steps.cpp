// What people say about a receipt: what it is about, an answer from the desk, that it is declined,
// calls, and after the reply whether the complainant is satisfied. The table in city/steps.h has
// already said that the step, its sender, its fields and the receipt's state agree.

#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "operators/respond/receipts.h"

namespace city {
namespace {

constexpr std::string_view kSatisfied = "satisfied", kDissatisfied = "dissatisfied";

/// The same word once more about the same reply: it is already so, by the same sender.
bool repeated(const Receipt& receipt, const Feedback& said) {
  const std::optional<Revisit>& known = receipt.revisited;
  return said.step == "revisited" && known && receipt.reply && known->at >= receipt.reply->at &&
         known->by == said.by && known->note == said.note &&
         known->satisfied == (said.result == kSatisfied);
}

}  // namespace

struct Receipts::DeskStep {
  std::string_view step;
  Refusal (Receipts::*act)(const Feedback&, Out&);
};

const Receipts::DeskStep Receipts::kDeskSteps[] = {
    {"resolve_entity", &Receipts::resolve_entity},
    {"finding", &Receipts::answer_directly},
    {"dismiss", &Receipts::decline},
    {"call_logged", &Receipts::call_logged},
    {"revisited", &Receipts::revisit},
    {"reopen", &Receipts::reopen},
};

/// Whether it names this receipt, or what was raised or sent out because nobody could place it.
bool Receipts::names_its_own(const Feedback& said) const {
  const OpenReceipt& mine = open.get();
  switch (target_of(said)) {
    case Target::complaint:
      return said.complaint == mine.receipt.id || said.complaint == key();
    case Target::warning:
      return said.warning == mine.warning;
    case Target::order:
      return said.order == mine.receipt.order && mine.order_entity == key();
    case Target::item:
      return said.item == mine.receipt.item && mine.order_entity == key();
    default:
      return false;
  }
}

/// A call that is logged on the warning or the order of an unplaced complaint is a call about it.
void Receipts::hear_call(const Feedback& said, Out& out) {
  const OpenReceipt* known = open.find();
  if (known == nullptr || said.step != "call_logged" || !names_its_own(said)) return;
  if (known->exercise != context().exercise || refuse(said, known->receipt.state)) return;
  (void)call_logged(said, out);
  publish(out);
  arm();
}

void Receipts::process(const streams::Record<Feedback>& in, Out& out) {
  const Feedback& said = in.value;
  if (kind_of(in.key()) != "complaint") return;
  if (target_of(said) != Target::complaint && !is_of_receipt(said, in.key()))
    return hear_call(said, out);
  const OpenReceipt* known = open.find();
  const auto refuse_with = [&](std::string_view state, Reason why) {
    rejected(rejection(city_, context().cause_id, said, state, with_names(why)));
  };
  if (known == nullptr || !names_its_own(said)) return refuse_with("", no_such_target(said));
  const ReceiptState state = known->receipt.state;
  if (auto mark = refuse_mark(known->exercise, context().exercise))
    return refuse_with(streams::name_of(state), std::move(*mark));
  if (repeated(known->receipt, said)) return;
  if (auto why = refuse(said, state)) return refuse_with(streams::name_of(state), std::move(*why));
  for (const DeskStep& step : kDeskSteps) {
    if (step.step != said.step) continue;
    if (auto why = (this->*step.act)(said, out))
      return refuse_with(streams::name_of(state), std::move(*why));
    publish(out);
    arm();
  }
}

// `entity` may also be another receipt: this one is about whatever that one is about.
Receipts::Refusal Receipts::resolve_entity(const Feedback& said, Out&) {
  if (kind_of(said.entity) == "complaint" && said.entity != key() && said.entity != "complaint/") {
    if (!open.get().receipt.about.empty())
      return because("entity.placed",
                     words("对象已认定为{}", "it is about {} already", {open.get().receipt.about}));
    open.edit().asked = true;
    open.edit().receipt.linked_to = said.entity;
    record("linked", said.by,
           words("{}认定与{}为同一事项，各自答复",
                 "{} decided that it is the same matter as {}; each has its own reply",
                 {said.by, said.entity}));
    ask_twin(said.entity, said.by);
    return std::nullopt;
  }
  if (!is_told(said.entity))
    return because("entity.kind",
                   words("“{}”不是对象编号，应为“种类/编号”，例如 elevator/31010500012345",
                         "'{}' is no entity: kind/id is expected, such as "
                         "elevator/31010500012345",
                         {said.entity}));
  OpenReceipt& mine = open.edit();
  Receipt& receipt = mine.receipt;
  const Text text =
      words("{}认定对象为{}", "{} decided that it is about {}", {said.by, said.entity});
  receipt.about = said.entity;
  mine.address.clear();
  again.cancel();
  receipt.candidates.clear();
  record("resolve_entity", said.by, text);
  end_unplaced(because("place.decided", text));
  if (const std::string place = mine.where.place();
      !place.empty() && !mine.where.unsure && !mine.exercise)
    post.send(place, Lesson{mine.where.within(), receipt.category, said.entity, said.by});
  tell_entity();
  tell_road();
  answer_twins();
  return std::nullopt;
}

/// Whether the desk may end it: where nobody was sent, or to no place that is certain. Nobody ends
/// a call for help without having spoken to somebody.
Receipts::Refusal Receipts::may_end_here() const {
  const OpenReceipt& mine = open.get();
  const Receipt& receipt = mine.receipt;
  const bool at_work = receipt.state == ReceiptState::assigned ||
                       receipt.state == ReceiptState::contacted;
  const bool unplaced = !mine.unplaced.empty() && receipt.about.empty();
  const UnplacedRule* rule = unplaced ? unplaced_rule() : nullptr;
  if (rule != nullptr && rule->consequence == Consequence::life) {
    if (receipt.contacted) return std::nullopt;
    return because("complaint.call_first",
                   {"危及人身的求助：请先回电核实并记录通话（电话记录），再办结；地点明确的，请认定对象",
                    "life may be at risk: call back and log the call first; where the place has "
                    "become known, say what it is about"});
  }
  if (!at_work || mine.order_entity.empty() || receipt.order.empty()) return std::nullopt;
  return because("complaint.assigned",
                 words("已交由{}办理：由承办单位反馈，或先撤回工单",
                       "{} works on it: it answers, or its order is recalled first",
                       {mine.unit.empty() ? Text{"承办单位", "a unit"} : Text{mine.unit, mine.unit}}));
}

Receipts::Refusal Receipts::answer_directly(const Feedback& said, Out&) {
  OpenReceipt& mine = open.edit();
  if (auto why = may_end_here()) return why;
  if (mine.receipt.state == ReceiptState::redo && mine.order_priority != Priority::P1 &&
      !mine.receipt.order.empty())
    return because("redo.order",
                   {"重办工单正在办理，由承办单位反馈", "an order is doing it again: its unit answers"});
  mine.receipt.verdict = Verdict{.finding = said.finding,
                                 .action = said.action,
                                 .by = said.by,
                                 .at = context().time,
                                 .people = 0,
                                 .injured = 0,
                                 .cause = {},
                                 .note = said.note};
  const Text text = words("{}：{}", "{}: {}", {matter_of(mine.receipt), said.text});
  end_unplaced(
      because("complaint.answered", words("{}已直接答复", "{} answered it directly", {said.by})));
  reply(ReceiptState::answered_directly, std::string{context().cause_id}, text);
  return std::nullopt;
}

// 不予受理: with a reason that the complainant is told; only while it may still be decided.
Receipts::Refusal Receipts::decline(const Feedback& said, Out&) {
  const Receipt& receipt = open.get().receipt;
  if (auto why = may_end_here()) return why;
  if (receipt.decide_by && now() > *receipt.decide_by)
    return because("decline.late", words("已过受理决定期限（{}），视为受理",
                                         "the time to decide ended at {}: it counts as accepted",
                                         {calendar_->deadline(*receipt.decide_by, now())}));
  end_unplaced(because("complaint.declined",
                       words("{}不予受理：{}", "{} declines: {}", {said.by, said.reason})));
  reply(ReceiptState::declined, std::string{context().cause_id},
        words("{}不予受理：{}", "{} is not taken on: {}", {matter_of(receipt), said.reason}));
  return std::nullopt;
}

Receipts::Refusal Receipts::call_logged(const Feedback& said, Out&) {
  Receipt& receipt = open.edit().receipt;
  record("call_logged", said.by, words("致电{}：{}", "called {}: {}", {said.who, said.result}));
  if (!receipt.contacted) receipt.contacted = context().time;
  if (receipt.state == ReceiptState::assigned) receipt.state = ReceiptState::contacted;
  return std::nullopt;
}

// ---- after the reply ----------------------------------------------------------------------------

Receipts::Refusal Receipts::revisit(const Feedback& said, Out& out) {
  if (said.result != kSatisfied && said.result != kDissatisfied)
    return because(
        "revisit.result",
        words("回访结果“{}”应为满意（satisfied）或不满意（dissatisfied）",
              "the result of a revisit is satisfied or dissatisfied, not '{}'", {said.result}));
  Receipt& receipt = open.edit().receipt;
  const bool satisfied = said.result == kSatisfied;
  receipt.revisited = Revisit{said.by, context().time, satisfied, said.note};
  receipt.state = ReceiptState::revisited;
  record("revisited", said.by,
         satisfied ? Text{"回访：满意", "called back: satisfied"}
                   : Text{"回访：不满意", "called back: not satisfied"});
  publish(out);
  if (!satisfied) {
    redo({"回访不满意", "the complainant is not satisfied"});
    return std::nullopt;
  }
  receipt.state = ReceiptState::closed;
  record("close", "rule", {"回访满意，办结", "satisfied: closed"});
  return std::nullopt;
}

Receipts::Refusal Receipts::reopen(const Feedback& said, Out&) {
  redo(words("{}：{}", "{}: {}", {said.by, said.reason}));
  return std::nullopt;
}

// 重办: by an order of its own where one worked on it, else at the desk. Nobody is rescued twice.
void Receipts::redo(const Text& why) {
  OpenReceipt& mine = open.edit();
  Receipt& receipt = mine.receipt;
  const std::string& hours = hotline_->hours();
  receipt.state = ReceiptState::redo;
  ++receipt.redo;
  receipt.reply_by = calendar_->end_of(hours, now(), hotline_->redo());
  over.cancel();
  record("redo", "rule",
         words("重新办理（第{}次）：{}，应于{}前答复",
               "done again (time {}): {}; to be answered by {}",
               {receipt.redo, why, calendar_->deadline(*receipt.reply_by, now())}));
  if (receipt.order.empty() || mine.order_priority == Priority::P1) return;
  const Exercise mark = exercise(mine.exercise);
  post.send(mine.order_entity, ReceiptWord{.receipt = receipt.receipt,
                                           .order = receipt.order,
                                           .item = receipt.item,
                                           .priority = mine.order_priority,
                                           .district = mine.order_district,
                                           .reply_by = *receipt.reply_by,
                                           .redo = receipt.redo,
                                           .why = why});
}

}  // namespace city
