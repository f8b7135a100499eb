#include "operators/respond/receipts.h"

#include <algorithm>

#include "operators/city/bounds.h"
#include "operators/city/field_words.h"
#include "operators/city/notices.h"
#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "operators/see/alike.h"
#include "operators/see/likeness.h"

namespace city {
namespace {

using streams::Record;

/// Replied: kept for revisits, late words and calls that name it.
constexpr streams::Duration kLookDaily = std::chrono::hours{24};
constexpr streams::Duration kKeepReplied = std::chrono::hours{24 * 30};
constexpr std::size_t kTwinsKept = 16;
constexpr std::size_t kAlikeKept = 4;
/// Why a receipt is about what the one that it repeats is about.
constexpr std::string_view kOriginal = "place.original";
constexpr std::string_view kNoOriginal = "place.no_original";

bool is_unanswered(ReceiptState state) {
  return (steps::kUnanswered >> static_cast<Bits>(state) & 1) != 0;
}

/// What was found, what was done, what follows.
Text answer_of(const Receipt& receipt, const OrderWord& word, const Calendar& calendar,
               streams::Time now) {
  if (word.order.empty())
    return words("{}经甄别未派单：{}。如不满意，可在回访时提出，我们将重新办理。",
                 "{} was looked at and nobody was sent: {}. If you are not satisfied, say so when "
                 "we call back and it will be done again.",
                 {matter_of(receipt), word.why});
  const Finding* finding = word.verdict ? finding_of(word.verdict->finding) : nullptr;
  const Word* action = word.verdict ? action_of(word.verdict->action) : nullptr;
  Text done = word.why;
  if (finding != nullptr)
    done = words("经现场核查（{}）：{}，处置：{}", "found on site at {}: {}; done: {}",
                 {calendar.spoken(word.verdict->at, now), text_of(*finding),
                  action == nullptr ? Text{"无", "nothing"} : text_of(*action)});
  if (word.verdict && word.verdict->people > 0)
    done = words("{}（{}人）", "{} ({} people)", {done, word.verdict->people});
  return words(
      "{}已由“{}”处理完毕。{}。如不满意，可在回访时提出，我们将重新办理。",
      "{} has been dealt with ({}): {}. If you are not satisfied, say so when we call back "
      "and it will be done again.",
      {matter_of(receipt), word.title, done});
}

}  // namespace

Text matter_of(const Receipt& receipt) {
  if (receipt.labels.empty()) return {"您反映的事项", "The matter you reported"};
  return words("您反映的“{}”", "The matter you reported ({})", {listed(receipt.labels)});
}

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
  receipt.labels = hotline_->labels_of(said.text);
  mine.sketch = see::sketch_of(said.text);
  mine.address = said.address;
  if (!is_told(said.about)) mine.code = said.about;
  if (!said.original_no.empty()) receipt.linked_to = with_kind("complaint", said.original_no);
  Text received{"来件受理", "received"};
  if (!said.channel.empty())
    received = words("{}来件受理", "received from {}", {spoken_code("channel", said.channel)});
  if (!receipt.labels.empty())
    received = words("{}，识别为：{}", "{}, recognized as: {}", {received, listed(receipt.labels)});
  record("received", "rule", received);
  start_clock();
  publish(out);
}

void Receipts::process(const Record<Placed>& in, Out& out) {
  if (open.find() == nullptr) return;
  OpenReceipt& mine = open.edit();
  Receipt& receipt = mine.receipt;
  const Placed& placed = in.value;
  if (!receipt.about.empty() || !is_unanswered(receipt.state)) return;  // a person was faster
  const bool by_original = placed.why.code == kOriginal;
  if (placed.entity.empty() && placed.where.unsure && placed.where == mine.where) {
    const std::size_t known = receipt.candidates.size();  // another place that may be meant
    for (const std::string& candidate : placed.candidates) offer(candidate);
    if (receipt.candidates.size() != known) publish(out, mine.cause_id);
    return;
  }
  if (!placed.where.road.empty()) mine.where = placed.where;
  if (placed.entity.empty()) {
    look_again();
    if (mine.looked > 0 && mine.offered == placed.candidates && placed.why.code != kNoOriginal)
      return;  // as it was
    mine.offered = placed.candidates;
  }
  receipt.about = placed.entity;
  receipt.candidates = placed.candidates;
  for (const Alike& other : receipt.alike) offer(other.entity);
  const Text why{placed.why.zh, placed.why.en};
  if (!by_original) tell_road();
  if (!placed.entity.empty()) {
    record("placed", "rule", words("对象为{}：{}", "it is about {}: {}", {placed.entity, why}));
    mine.address.clear();
    publish(out, mine.cause_id);
    end_unplaced(placed.why);
    if (by_original) tell_entity();
    return answer_twins();
  }
  record("unplaced", "rule", words("对象待定：{}", "not certain what it is about: {}", {why}));
  const UnplacedRule* rule = unplaced_rule();
  const bool asks = !receipt.linked_to.empty() && !std::exchange(mine.asked, true);
  if (asks) ask_twin(receipt.linked_to, "rule");
  publish(out, mine.cause_id);
  // Life never waits for another receipt.
  if (!asks || (rule != nullptr && rule->consequence == Consequence::life))
    conclude_unplaced(placed.why);
}

/// After an hour, then after twice as long each time, at last once a day; never where the caller
/// said nothing that a place could be found by.
void Receipts::look_again() {
  const OpenReceipt& mine = open.get();
  if (mine.where.unsure) return;  // a doubt does not go away by itself
  if (mine.code.empty() && mine.address.empty() && mine.where.road.empty()) return;
  constexpr int kDoubled = 5;
  again.set(now() + std::min<streams::Duration>(
                        see::kLookAgain * (1 << std::min(mine.looked, kDoubled)), kLookDaily));
}

/// The list of roads and the registers change: what nobody could place is looked for again, with
/// its labels where the text would stand. What a person decided stays.
void Receipts::on_again(Out&) {
  if (open.find() == nullptr) return;
  OpenReceipt& mine = open.edit();
  const Receipt& receipt = mine.receipt;
  if (!receipt.about.empty() || !is_unanswered(receipt.state)) return mine.address.clear();
  Complaint complaint = complaint_of_labels();
  complaint.about = mine.code;
  complaint.address = mine.address.empty() ? mine.where.spoken() : mine.address;
  std::string data;
  streams::append_json(data, complaint);
  const std::string id = mine.cause_id + ".again" + std::to_string(++mine.looked);
  const Exercise mark = exercise(mine.exercise);
  post.forward("city.complaint.filed.v1", receipt.receipt, std::move(data),
               {id, mine.cause_source});
}

// ---- the same matter through another channel ----------------------------------------------------

void Receipts::ask_twin(const std::string& twin, std::string_view by) {
  const Exercise mark = exercise(open.get().exercise);
  post.send(twin, SameMatter{open.get().receipt.receipt});
  record("ask", by,
         words("与{}为同一事项，以其对象为准", "the same matter as {}: what is that one about?",
               {twin}));
}

/// Where it is, with a sketch of its words: receipts of the same matter meet there.
void Receipts::tell_road() {
  const OpenReceipt& mine = open.get();
  const std::string road = see::road_of(mine.where);
  if (road.empty() || mine.sketch.empty()) return;
  const Exercise mark = exercise(mine.exercise);
  post.send(road, Wording{.receipt = mine.receipt.receipt,
                          .category = mine.receipt.category,
                          .district = mine.receipt.district,
                          .entity = mine.receipt.about,
                          .sketch = mine.sketch,
                          .where = mine.where});
}

/// One more candidate, while nobody has placed it.
void Receipts::offer(const std::string& entity) {
  Receipt& receipt = open.edit().receipt;
  std::vector<std::string>& candidates = receipt.candidates;
  if (!receipt.about.empty() || entity.empty()) return;
  if (candidates.size() < kCandidatesKept &&
      std::find(candidates.begin(), candidates.end(), entity) == candidates.end())
    candidates.push_back(entity);
}

// Proposed, not linked: a person decides. What the other one is about is a candidate here.
void Receipts::process(const Record<AlikeWord>& in, Out& out) {
  const AlikeWord& word = in.value;
  const OpenReceipt* known = open.find();
  if (known == nullptr || !is_unanswered(known->receipt.state) ||
      known->receipt.linked_to == word.receipt)
    return;
  Receipt& receipt = open.edit().receipt;
  if (receipt.alike.size() == kAlikeKept) receipt.alike.erase(receipt.alike.begin());
  receipt.alike.push_back({word.receipt, word.entity, word.percent});
  offer(word.entity);
  record("alike", "rule",
         words("可能与{}为同一事项：同在{}，用词{}%相同；请人工认定，未认定前各自办理",
               "may be the same matter as {}: both at {}, {}% of the words are the same; a person "
               "decides, until then each is dealt with by itself",
               {word.receipt, word.where, word.percent}));
  publish(out, known->cause_id);
}

void Receipts::process(const Record<SameMatter>& in, Out&) {
  const std::string& twin = in.value.receipt;
  const OpenReceipt* known = open.find();
  if (known != nullptr && known->receipt.about.empty() && is_unanswered(known->receipt.state) &&
      known->twins.size() < kTwinsKept) {
    open.edit().twins.push_back(twin);  // it hears of the place when this one does
    return;
  }
  tell_twin(twin);
}

void Receipts::tell_twin(const std::string& twin) {
  const OpenReceipt* known = open.find();
  const std::string self{key()};
  const Exercise mark = exercise(known != nullptr && known->exercise);
  if (known == nullptr || known->receipt.about.empty()) {
    post.send(twin, Placed{{},
                           {},
                           {},
                           because(kNoOriginal, words("原{}没有对象",
                                                      "{} is about nothing known", {self}))});
    return;
  }
  post.send(twin,
            Placed{known->receipt.about,
                   {},
                   {},
                   because(kOriginal, words("与{}为同一事项", "the same matter as {}", {self}))});
}

void Receipts::answer_twins() {
  if (open.get().twins.empty()) return;
  for (const std::string& twin : std::exchange(open.edit().twins, {})) tell_twin(twin);
}

/// Its text is long past, so what is told are the labels: rules read them as text.
Complaint Receipts::complaint_of_labels() const {
  const Receipt& receipt = open.get().receipt;
  Complaint complaint;
  complaint.channel = receipt.channel;
  complaint.kind = receipt.kind;
  complaint.category = receipt.category;
  complaint.text = listed(receipt.labels).zh;
  complaint.district = receipt.district;
  complaint.complainant = receipt.complainant;
  complaint.came = receipt.history.front().at;
  return complaint;
}

void Receipts::tell_entity() {
  const OpenReceipt& mine = open.get();
  const Receipt& receipt = mine.receipt;
  Complaint complaint = complaint_of_labels();
  complaint.about = receipt.about;
  complaint.receipt = receipt.receipt;
  complaint.where = mine.where;
  std::string data;
  streams::append_json(data, complaint);
  const Exercise mark = exercise(mine.exercise);
  post.forward("city.complaint.filed.v1", receipt.about, std::move(data));
}

// ---- what nobody can place ----------------------------------------------------------------------

const UnplacedRule* Receipts::unplaced_rule() const {
  const Receipt& receipt = open.get().receipt;
  return hotline_->unplaced(receipt.kind, receipt.labels);
}

void Receipts::conclude_unplaced(const Reason& why) {
  OpenReceipt& mine = open.edit();
  const Receipt& receipt = mine.receipt;
  const UnplacedRule* rule = unplaced_rule();
  if (rule == nullptr || !mine.unplaced.empty()) return;
  mine.unplaced = rule->rule;
  mine.warning = warning_id(city_, rule->rule, mine.cause_source, mine.cause_id, 0);
  Conclusion conclusion;
  conclusion.rule = rule->rule;
  conclusion.rule_version = hotline_.version;
  conclusion.title = rule->title;
  conclusion.consequence = rule->consequence;
  if (!rule->item.empty()) conclusion.order = OrderRequest{rule->item, {}, {}, {}};
  conclusion.since = conclusion.at = context().time;
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
  conclusion.rule_version = hotline_.version;
  conclusion.since = conclusion.at = context().time;
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
  if (word.state == OrderState::closed && !word.verdict && word.entity == receipt.receipt &&
      !receipt.about.empty()) {
    record("handed_over", "rule", word.why);  // to the order of the entity that it is about
    return publish(out, word.cause);
  }
  if (word.order.empty() && word.state != OrderState::closed) {
    record("screening", "rule",
           words("预警“{}”甄别中", "warning '{}' is being looked at", {word.title}));
    return publish(out, mine.cause_id);
  }
  take_order(word);
  if (word.state == OrderState::recalled) {
    // Whoever was not satisfied still waits for the redo; now a seat may answer.
    if (receipt.state == ReceiptState::redo)
      receipt.order.clear();
    else
      receipt.state = ReceiptState::received;
    record("recalled", "rule", words("工单已撤回：{}", "its order was recalled: {}", {word.why}));
    return publish(out, word.cause);
  }
  if (word.state != OrderState::closed) return publish(out, mine.cause_id);
  receipt.verdict = word.verdict;
  receipt.state = ReceiptState::handled;
  record("handled", word.verdict ? word.verdict->by : "rule", word.why);
  reply(ReceiptState::replied, word.cause, answer_of(receipt, word, calendar_.list, now()));
  publish(out, word.cause);
}

void Receipts::take_order(const OrderWord& word) {
  OpenReceipt& mine = open.edit();
  Receipt& receipt = mine.receipt;
  const bool another = receipt.order != word.order;
  receipt.order = word.order;
  receipt.item = word.item;
  receipt.finish_by = word.finish_by;
  mine.order_entity = word.entity;
  mine.order_priority = word.priority;
  mine.order_district = word.district;
  if (!word.district.empty()) receipt.district = word.district;  // what is placed knows better
  mine.unit = word.unit;
  if (receipt.linked_to.empty() && !word.first.empty() && word.first != receipt.receipt) {
    receipt.linked_to = word.first;
    record("linked", "rule",
           words("与{}并案办理，各自答复", "dealt with together with {}, each has its own reply",
                 {word.first}));
  }
  if (word.order.empty() || word.state == OrderState::closed || word.state == OrderState::recalled)
    return;
  if (receipt.state != ReceiptState::redo)
    receipt.state = receipt.contacted ? ReceiptState::contacted : ReceiptState::assigned;
  record("assigned", "rule",
         words("交由{}办理“{}”", "{} works on it: '{}'",
               {word.unit.empty() ? std::string{"—"} : word.unit, word.title}));
  const Exercise mark = exercise(mine.exercise);
  if (another && receipt.reply_by && word.finish_by && *word.finish_by > *receipt.reply_by)
    post.send(
        word.entity,
        ReceiptWord{.receipt = receipt.receipt,
                    .order = word.order,
                    .item = word.item,
                    .priority = word.priority,
                    .district = word.district,
                    .reply_by = *receipt.reply_by,
                    .redo = 0,
                    .why = words("{}须在{}前答复", "{} is to be answered by {}",
                                 {receipt.receipt,
                                  calendar_->deadline(*receipt.reply_by, now())})});
}

void Receipts::reply(ReceiptState end, const std::string& cause, Text text) {
  OpenReceipt& mine = open.edit();
  mine.receipt.state = end;
  record("reply", "rule", text);
  tell(mine.receipt.receipt, "reply", text, cause);
  mine.receipt.reply = Reply{context().time, cause, with_names(text)};
  over.set(now() + kKeepReplied);
  arm();
  answer_twins();
}

// Nobody was reached for a revisit, or nobody asked for one. Nothing ends silently.
void Receipts::on_over(Out& out) {
  if (open.get().receipt.state != ReceiptState::closed) {
    open.edit().receipt.state = ReceiptState::closed;
    record("close", "rule", {"答复后30天无异议，办结", "30 days without objection: closed"});
    publish(out, open.get().cause_id);
  }
  open.clear();
}

void Receipts::process(const Record<streams::Version>& in, Out&) {
  const streams::Version& version = in.value;
  if (version.name == kDutyVersion && !duty_.take(version)) ++bad_versions;
  if (version.name == kHotlineVersion && !hotline_.take(version)) ++bad_versions;
  if (version.name == kCalendarVersion && !calendar_.take(version)) ++bad_versions;
}

// ---- common -------------------------------------------------------------------------------------

void Receipts::tell(std::string_view to, std::string_view kind, Text text, std::string_view cause) {
  const OpenReceipt& mine = open.get();
  if (to.empty() || mine.exercise) return;
  notices(make_notice(city_, context(), to, kind, "", mine.receipt.order, with_names(text)), cause);
}

void Receipts::record(std::string_view step, std::string_view by, Text why) {
  add_step(open.edit().receipt,
           {context().time, std::string{step}, std::string{by}, with_names(why)});
}

void Receipts::publish(Out& out, const std::string& cause) {
  OpenReceipt& mine = open.edit();
  const Exercise mark = exercise(mine.exercise);
  ++mine.receipt.revision;
  bound_texts(mine.receipt);
  out(mine.receipt, cause.empty() ? context().cause_id : std::string_view{cause});
}

}  // namespace city
