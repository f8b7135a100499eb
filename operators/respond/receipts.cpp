#include "operators/respond/receipts.h"

#include <algorithm>

#include "operators/city/notices.h"
#include "operators/city/vocabulary.h"
#include "operators/city/words.h"

namespace city {
namespace {

using streams::Record;

constexpr std::size_t kHistoryKept = 100;
/// Replied: kept for revisits, late words and calls that name it.
constexpr streams::Duration kKeepReplied = std::chrono::hours{24 * 30};

bool is_unanswered(ReceiptState state) {
  return (steps::kUnanswered >> static_cast<Bits>(state) & 1) != 0;
}

/// What the complainant's own words were about, without them.
Text matter_of(const Receipt& receipt) {
  if (receipt.labels.empty()) return {"您反映的事项", "The matter you reported"};
  return words("您反映的“{}”", "The matter you reported ({})", {listed(receipt.labels)});
}

/// What was found, what was done, what follows.
Text answer_of(const Receipt& receipt, const OrderWord& word) {
  const Finding* finding = word.verdict ? finding_of(word.verdict->finding) : nullptr;
  const Word* action = word.verdict ? action_of(word.verdict->action) : nullptr;
  Text done = word.why;
  if (finding != nullptr)
    done = words("经现场核查：{}，处置：{}", "found on site: {}; done: {}",
                 {text_of(*finding), action == nullptr ? Text{"无", "nothing"} : text_of(*action)});
  if (word.verdict && word.verdict->people > 0)
    done = words("{}（{}人）", "{} ({} people)", {done, word.verdict->people});
  return words(
      "{}已由“{}”处理完毕。{}。如不满意，可在回访时提出，我们将重新办理。",
      "{} has been dealt with ({}): {}. If you are not satisfied, say so when we call back "
      "and it will be done again.",
      {matter_of(receipt), word.title, done});
}

}  // namespace

void Receipts::process(const Record<Complaint>& in, Out& out) {
  const Complaint& said = in.value;
  if (kind_of(in.key()) != "complaint" || !said.receipt.empty() || open.find() != nullptr) return;
  OpenReceipt& mine = open.edit();
  mine.exercise = context().exercise;
  mine.cause_source = context().cause_source;
  mine.cause_id = context().cause_id;
  Receipt& receipt = mine.receipt;
  receipt.receipt = std::string{in.key()};
  receipt.id = receipt_id(city_, receipt.receipt);
  receipt.channel = said.channel;
  receipt.kind = said.kind;
  receipt.category = said.category;
  receipt.district = said.district;
  receipt.complainant = said.complainant;
  receipt.labels = hotline_.labels_of(said.text);
  if (!said.original_no.empty()) receipt.linked_to = with_kind("complaint", said.original_no);
  record("received", "rule",
         receipt.labels.empty()
             ? words("{}来件受理", "received from {}", {said.channel})
             : words("{}来件受理，识别为：{}", "received from {}, recognized as: {}",
                     {said.channel, listed(receipt.labels)}));
  publish(out);
}

void Receipts::process(const Record<Placed>& in, Out& out) {
  if (open.find() == nullptr) return;
  OpenReceipt& mine = open.edit();
  const Placed& placed = in.value;
  mine.where = placed.where;
  mine.receipt.about = placed.entity;
  mine.receipt.candidates = placed.candidates;
  const Text why{placed.why.zh, placed.why.en};
  if (placed.entity.empty())
    record("unplaced", "rule", words("对象待定：{}", "not certain what it is about: {}", {why}));
  else
    record("placed", "rule", words("对象为{}：{}", "it is about {}: {}", {placed.entity, why}));
  publish(out, mine.cause_id);
  if (placed.entity.empty()) conclude_unplaced(placed.why);
}

// ---- what nobody can place ----------------------------------------------------------------------

void Receipts::conclude_unplaced(const Reason& why) {
  OpenReceipt& mine = open.edit();
  const Receipt& receipt = mine.receipt;
  const UnplacedRule* rule = hotline_.unplaced(receipt.kind, receipt.labels);
  if (rule == nullptr) return;
  mine.unplaced = rule->rule;
  Conclusion conclusion;
  conclusion.rule = rule->rule;
  conclusion.rule_version = hotline_version_;
  conclusion.title = rule->title;
  conclusion.consequence = rule->consequence;
  if (!rule->item.empty()) conclusion.order = OrderRequest{rule->item, {}, {}, {}};
  conclusion.since = context().time;
  conclusion.cause_source = mine.cause_source;
  conclusion.cause_id = mine.cause_id;
  conclusion.district = receipt.district;
  std::string data;
  streams::append_json(data, Placed{{}, receipt.candidates, mine.where, why});
  conclusion.evidence.push_back({mine.cause_id,
                                 mine.cause_source,
                                 "hotline.complaints",
                                 context().time,
                                 true,
                                 {std::move(data)}});
  conclusion.reasons = {why};
  if (!receipt.labels.empty())
    conclusion.reasons.push_back(
        because("hotline.label",
                words("来件提到：{}", "the complaint speaks of: {}", {listed(receipt.labels)})));
  const Exercise mark = exercise(mine.exercise);
  conclusions(conclusion, mine.cause_id);
}

void Receipts::end_unplaced(const Reason& why) {
  OpenReceipt& mine = open.edit();
  if (mine.unplaced.empty()) return;
  Conclusion conclusion;
  conclusion.what = Conclusion::What::ended;
  conclusion.rule = std::exchange(mine.unplaced, {});
  conclusion.rule_version = hotline_version_;
  conclusion.since = context().time;
  conclusion.reasons = {why};
  const Exercise mark = exercise(mine.exercise);
  conclusions(conclusion);
}

// ---- the order that works on it -----------------------------------------------------------------

void Receipts::process(const Record<OrderWord>& in, Out& out) {
  if (open.find() == nullptr) return;
  OpenReceipt& mine = open.edit();
  Receipt& receipt = mine.receipt;
  const OrderWord& word = in.value;
  if (!is_unanswered(receipt.state)) return;  // the first end answers it
  if (word.state == OrderState::closed && !word.verdict && word.entity == receipt.receipt) {
    record("handed_over", "rule", word.why);  // to the order of the entity that it is about
    return publish(out, word.cause);
  }
  receipt.order = word.order;
  receipt.item = word.item;
  receipt.finish_by = word.finish_by;
  if (word.state == OrderState::recalled) {
    receipt.state = ReceiptState::received;
    record("recalled", "rule", words("工单已撤回：{}", "its order was recalled: {}", {word.why}));
    return publish(out, word.cause);
  }
  if (word.state != OrderState::closed) {
    receipt.state = ReceiptState::assigned;
    record("assigned", "rule",
           words("交由{}办理“{}”", "{} works on it: '{}'",
                 {word.unit.empty() ? std::string{"—"} : word.unit, word.title}));
    return publish(out, mine.cause_id);
  }
  receipt.verdict = word.verdict;
  receipt.state = ReceiptState::handled;
  record("handled", word.verdict ? word.verdict->by : "rule", word.why);
  reply(ReceiptState::replied, word.cause, answer_of(receipt, word));
  publish(out, word.cause);
}

void Receipts::reply(ReceiptState end, const std::string& cause, Text text) {
  OpenReceipt& mine = open.edit();
  mine.receipt.state = end;
  record("reply", "rule", text);
  if (!mine.exercise)
    notices(
        make_notice(city_, context(), mine.receipt.receipt, "reply", "", mine.receipt.order, text),
        cause);
  mine.receipt.reply = Reply{context().time, cause, std::move(text)};
  over.set(std::max(context().time, context().recorded) + kKeepReplied);
}

void Receipts::on_over(Out&) {
  open.clear();
}

// ---- what people say ----------------------------------------------------------------------------

void Receipts::process(const Record<Feedback>& in, Out& out) {
  const Feedback& said = in.value;
  if (target_of(said) != Target::complaint || kind_of(in.key()) != "complaint") return;
  const OpenReceipt* known = open.find();
  const auto refuse_with = [&](std::string_view state, Reason why) {
    rejected(rejection(city_, context().cause_id, said, state, std::move(why)));
  };
  if (known == nullptr || (said.complaint != known->receipt.id && said.complaint != in.key()))
    return refuse_with("", no_such_target(said));
  const ReceiptState state = known->receipt.state;
  if (auto why = refuse(said, state)) return refuse_with(streams::name_of(state), std::move(*why));
  if (said.step == "resolve_entity" && !is_told(said.entity))
    return refuse_with(
        streams::name_of(state),
        because("entity.kind",
                words("“{}”不是对象编号，应为“种类/编号”，例如 elevator/31010500012345",
                      "'{}' is no entity: kind/id is expected, such as "
                      "elevator/31010500012345",
                      {said.entity})));
  if (said.step == "resolve_entity")
    resolve_entity(said);
  else if (said.step == "finding")
    answer_directly(said);
  else
    record("call_logged", said.by, words("致电{}：{}", "called {}: {}", {said.who, said.result}));
  publish(out);
}

// The text is long past, so what it is told are the labels: the rules read them as they read text.
void Receipts::resolve_entity(const Feedback& said) {
  OpenReceipt& mine = open.edit();
  Receipt& receipt = mine.receipt;
  const Text text =
      words("{}认定对象为{}", "{} decided that it is about {}", {said.by, said.entity});
  receipt.about = said.entity;
  receipt.candidates.clear();
  record("resolve_entity", said.by, text);
  end_unplaced(because("place.decided", text));
  if (const std::string place = mine.where.place(); !place.empty() && !mine.exercise)
    post.send(place, Lesson{mine.where.within(), receipt.category, said.entity, said.by});
  Complaint complaint;
  complaint.channel = receipt.channel;
  complaint.kind = receipt.kind;
  complaint.category = receipt.category;
  complaint.text = listed(receipt.labels).zh;
  complaint.about = said.entity;
  complaint.district = receipt.district;
  complaint.complainant = receipt.complainant;
  complaint.receipt = receipt.receipt;
  complaint.where = mine.where;
  std::string data;
  streams::append_json(data, complaint);
  post.forward("city.complaint.filed.v1", said.entity, std::move(data));
}

void Receipts::answer_directly(const Feedback& said) {
  OpenReceipt& mine = open.edit();
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
}

void Receipts::process(const Record<streams::Version>& in, Out&) {
  if (in.value.name != kHotlineVersion) return;
  streams::Result<HotlineList> parsed = HotlineList::parse(in.value.content, in.value.name);
  if (!parsed) {
    ++bad_versions;  // activation validates before; the list in force stays in force
    return;
  }
  hotline_ = std::move(*parsed);
  hotline_version_ = in.value.name + "@" + in.value.hash;
}

// ---- common -------------------------------------------------------------------------------------

void Receipts::record(std::string_view step, std::string_view by, Text why) {
  std::vector<Step>& history = open.edit().receipt.history;
  if (history.size() == kHistoryKept) history.erase(history.begin() + 1);
  history.push_back({context().time, std::string{step}, std::string{by}, std::move(why)});
}

void Receipts::publish(Out& out, const std::string& cause) {
  OpenReceipt& mine = open.edit();
  const Exercise mark = exercise(mine.exercise);
  ++mine.receipt.revision;
  out(mine.receipt, cause.empty() ? context().cause_id : std::string_view{cause});
}

}  // namespace city
