// The complaints that an order answers: whoever's complaint is evidence of a warning hears of its
// order, or that nobody was sent and why. A receipt's own clock can be the earlier one, and its
// complainant can ask for the work to be done again.

#include <algorithm>

#include "operators/city/bounds.h"
#include "operators/city/words.h"
#include "operators/respond/dispatch.h"

namespace city {
namespace {

using streams::make_id;
using streams::Record;

bool holds(const OpenOrder& open, std::string_view receipt) {
  return std::any_of(open.receipts.begin(), open.receipts.end(),
                     [&](const HeldReceipt& held) { return held.receipt == receipt; });
}

/// When that was found, or told, by which the order ends.
streams::Time found_at(const OpenOrder& open, streams::Time end) {
  return open.order.verdict ? open.order.verdict->at : end;
}

bool is_over(WarningState state) {
  return (steps::kEnded >> static_cast<Bits>(state) & 1) != 0;
}

}  // namespace

void Dispatch::process(const Record<Complaint>& in, Out&) {
  const bool at_receipt = kind_of(in.key()) == "complaint";
  const std::string receipt = at_receipt ? std::string{in.key()} : in.value.receipt;
  if (receipt.empty() || (at_receipt && !in.value.receipt.empty())) return;
  receipts.edit(std::string{context().cause_id}) = {
      .receipt = receipt, .since = now(), .came = in.value.came.value_or(context().time)};
  arm();
}

/// Whoever's complaint is evidence of the warning is answered by its order.
bool Dispatch::take_receipts(OpenOrder& open, const Warning& warning) {
  std::vector<HeldReceipt> answered;
  for (const Evidence& evidence : warning.evidence) {
    const WaitingReceipt* waiting = receipts.find(evidence.id);
    if (waiting == nullptr) continue;
    if (!holds(open, waiting->receipt)) answered.push_back({waiting->receipt, waiting->came});
    receipts.erase(evidence.id);
  }
  for (const HeldReceipt& receipt : answered) {
    hold(open, receipt);
    record(open, "complaint", "rule",
           words("{}由本单答复", "{} is answered by this order", {receipt.receipt}));
  }
  tell_receipts(open, answered, {});
  return !answered.empty();
}

void Dispatch::hold(OpenOrder& open, const HeldReceipt& receipt) {
  open.receipts.push_back(receipt);
  add_link(open.order.complaints, receipt_id(city_, receipt.receipt));
}

// ---- what was found before a complaint came in does not answer it -------------------------------

/// An order for a complaint, or one that is at work on the same.
struct Dispatch::Visit {
  std::string id, item;
  Priority priority;
  std::string district, story;
  Text why;
  std::vector<HeldReceipt> receipts;
  std::optional<streams::Time> finish_by;
};

void Dispatch::visit(const Visit& visit, Out& out) {
  if (orders.find(visit.id) != nullptr) return;
  std::string at_work;
  for (const auto& [known_id, known] : orders.all())
    if (!known.ended && known.order.item == visit.item) at_work = known_id;
  OpenOrder& open = at_work.empty() ? begin(visit.id, visit.item, visit.priority, visit.district)
                                    : orders.edit(at_work);
  for (const HeldReceipt& receipt : visit.receipts) hold(open, receipt);
  if (at_work.empty()) {
    open.order.story = visit.story;
    record(open, "dispatch", "rule", visit.why);
    say_waiting(open);
    call_level(open, 1, "rule", {});
  } else {
    record(open, "complaint", "rule", visit.why);
  }
  if (visit.finish_by && *open.order.finish_by > *visit.finish_by)
    open.order.finish_by = visit.finish_by;
  tell_receipts(open, visit.receipts, visit.why);
  publish(open, out);
}

/// Out of the order that ends: those that its finding does not answer.
std::vector<HeldReceipt> Dispatch::take_later(OpenOrder& open) {
  const streams::Time found = found_at(open, context().time);
  std::vector<HeldReceipt> later;
  std::erase_if(open.receipts, [&](const HeldReceipt& held) {
    if (held.came <= found) return false;
    std::erase(open.order.complaints, receipt_id(city_, held.receipt));
    later.push_back(held);
    return true;
  });
  return later;
}

void Dispatch::go_again(const OpenOrder& before, std::vector<HeldReceipt> later, Out& out) {
  const Order& order = before.order;
  const Exercise mark = exercise(before.exercise);
  const Text when = calendar_->spoken(found_at(before, before.ended.value_or(now())), now());
  visit({.id = make_id("o-", {city_, "later", order.id, later.front().receipt}),
         .item = order.item,
         .priority = order.priority,
         .district = order.district,
         .story = order.story,
         .why = words("{}在上次核查（{}）之后来件，须再次到场", "{} came in after what was found at "
                      "{}: somebody goes there again",
                      {later.front().receipt, when}),
         .receipts = std::move(later),
         .finish_by = std::nullopt},
        out);
}

/// A complaint that comes with the end of its warning's order.
void Dispatch::answer_after_end(const OpenOrder& over, const Warning& warning, Out& out) {
  std::vector<HeldReceipt> later;
  const streams::Time found = found_at(over, over.ended.value_or(now()));
  for (const Evidence& evidence : warning.evidence) {
    const WaitingReceipt* waiting = receipts.find(evidence.id);
    if (waiting == nullptr || waiting->came <= found) continue;
    later.push_back({waiting->receipt, waiting->came});
    receipts.erase(evidence.id);
  }
  if (!later.empty()) go_again(OpenOrder{over}, std::move(later), out);
}

void Dispatch::tell_receipts(const OpenOrder& open, const std::vector<HeldReceipt>& whom,
                             const Text& why) {
  const Exercise mark = exercise(open.exercise);
  const Order& order = open.order;
  const Responder* owner = owner_of(order);
  const std::string first = open.receipts.empty() ? "" : open.receipts.front().receipt;
  for (const HeldReceipt& held : whom)
    letters().send(held.receipt, OrderWord{.order = order.id,
                                      .entity = order.entity,
                                      .item = order.item,
                                      .title = order.title,
                                      .unit = owner == nullptr ? "" : owner->unit,
                                      .state = order.state,
                                      .finish_by = order.finish_by,
                                      .verdict = order.verdict,
                                      .cause = open.cause,
                                      .why = why,
                                      .priority = order.priority,
                                      .first = first,
                                      .district = order.district});
}

// A warning that nobody is sent for: whoever waits for it is told so once, and at its end why.
void Dispatch::tell_without_order(const Warning& warning) {
  const bool over = is_over(warning.state) && !waits_for_parent(warning);
  for (const Evidence& evidence : warning.evidence) {
    const WaitingReceipt* waiting = receipts.find(evidence.id);
    if (waiting == nullptr || (!over && waiting->screening)) continue;
    Text why;
    if (!warning.reasons.empty()) why = {warning.reasons.back().zh, warning.reasons.back().en};
    // What ends by the clock alone was begun by what the caller said.
    std::string cause{context().cause_id};
    if (cause.empty()) cause = evidence.id;
    letters().send(waiting->receipt,
                   OrderWord{.order = {},
                             .entity = std::string{key()},
                             .item = {},
                             .title = warning.title,
                             .unit = {},
                             .state = over ? OrderState::closed : OrderState::dispatched,
                             .finish_by = std::nullopt,
                             .verdict = std::nullopt,
                             .cause = std::move(cause),
                             .why = std::move(why),
                             .priority = warning.priority,
                             .first = {},
                             .district = warning.district});
    if (over)
      receipts.erase(evidence.id);
    else
      receipts.edit(evidence.id).screening = true;
  }
}

void Dispatch::process(const Record<ReceiptWord>& in, Out& out) {
  const ReceiptWord& word = in.value;
  if (word.redo > 0)
    do_again(word, out);
  else if (const OpenOrder* known = orders.find(word.order); known != nullptr && !known->ended)
    hurry(orders.edit(word.order), word, out);
  arm();
}

/// One order, several receipts: the earliest deadline wins.
void Dispatch::hurry(OpenOrder& open, const ReceiptWord& word, Out& out) {
  if (open.order.finish_by && *open.order.finish_by <= word.reply_by) return;
  open.order.finish_by = word.reply_by;
  record(open, "complaint_due", "rule", word.why);
  publish(open, out);
}

// By an order of its own, or one that is at work on the same: what is found from now on answers it.
void Dispatch::do_again(const ReceiptWord& word, Out& out) {
  const std::string id =
      make_id("o-", {city_, "redo", word.order, word.receipt, std::to_string(word.redo)});
  const OpenOrder* before = orders.find(word.order);
  visit({.id = id,
         .item = word.item,
         .priority = word.priority,
         .district = word.district,
         .story = before != nullptr ? before->order.story : make_id("s-", {city_, "story", id}),
         .why = words("{}重办：{}", "{} is done again: {}", {word.receipt, word.why}),
         .receipts = {{word.receipt, context().time}},
         .finish_by = word.reply_by},
        out);
}

}  // namespace city
