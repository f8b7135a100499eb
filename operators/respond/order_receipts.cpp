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

template <class List, class Value>
bool contains(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_over(WarningState state) {
  return (steps::kEnded >> static_cast<Bits>(state) & 1) != 0;
}

}  // namespace

void Dispatch::process(const Record<Complaint>& in, Out&) {
  const bool at_receipt = kind_of(in.key()) == "complaint";
  const std::string receipt = at_receipt ? std::string{in.key()} : in.value.receipt;
  if (receipt.empty() || (at_receipt && !in.value.receipt.empty())) return;
  receipts.edit(std::string{context().cause_id}) = {receipt, now()};
  arm();
}

/// Whoever's complaint is evidence of the warning is answered by its order.
bool Dispatch::take_receipts(OpenOrder& open, const Warning& warning) {
  std::vector<std::string> answered;
  for (const Evidence& evidence : warning.evidence) {
    const WaitingReceipt* waiting = receipts.find(evidence.id);
    if (waiting == nullptr) continue;
    if (!contains(open.receipts, waiting->receipt)) answered.push_back(waiting->receipt);
    receipts.erase(evidence.id);
  }
  for (const std::string& receipt : answered) {
    open.receipts.push_back(receipt);
    add_link(open.order.complaints, receipt_id(city_, receipt));
    record(open, "complaint", "rule",
           words("诉求件“{}”由本单答复", "complaint {} is answered by this order", {receipt}));
  }
  tell_receipts(open, answered, {});
  return !answered.empty();
}

void Dispatch::tell_receipts(const OpenOrder& open, const std::vector<std::string>& whom,
                             const Text& why) {
  const Exercise mark = exercise(open.exercise);
  const Order& order = open.order;
  const Responder* owner = owner_of(order);
  for (const std::string& receipt : whom)
    letters().send(receipt, OrderWord{.order = order.id,
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
                                      .first = open.receipts.empty() ? "" : open.receipts.front(),
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

// An order of its own, or one that is at work on the same; who did it before does it again.
void Dispatch::do_again(const ReceiptWord& word, Out& out) {
  const std::string id =
      make_id("o-", {city_, "redo", word.order, word.receipt, std::to_string(word.redo)});
  if (orders.find(id) != nullptr) return;
  std::string at_work;
  for (const auto& [known_id, known] : orders.all())
    if (!known.ended && known.order.item == word.item) at_work = known_id;
  const OpenOrder* before = orders.find(word.order);
  std::string story = before != nullptr ? before->order.story : make_id("s-", {city_, "story", id});
  OpenOrder& open =
      at_work.empty() ? begin(id, word.item, word.priority, word.district) : orders.edit(at_work);
  const Text why =
      words("诉求件{}重办：{}", "complaint {} is done again: {}", {word.receipt, word.why});
  open.receipts.push_back(word.receipt);
  add_link(open.order.complaints, receipt_id(city_, word.receipt));
  if (at_work.empty()) {
    open.order.story = std::move(story);
    record(open, "dispatch", "rule", why);
    say_waiting(open);
    call_level(open, 1, "rule", {});
  } else {
    record(open, "complaint", "rule", why);
  }
  if (*open.order.finish_by > word.reply_by) open.order.finish_by = word.reply_by;
  tell_receipts(open, {word.receipt}, why);
  publish(open, out);
}

}  // namespace city
