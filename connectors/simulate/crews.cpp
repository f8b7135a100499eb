#include "connectors/simulate/crews.h"

#include <algorithm>

#include "operators/city/matter.h"
#include "operators/city/order.h"
#include "operators/city/receipt.h"
#include "operators/city/warning.h"

namespace simulate {
namespace {

using city::Order;
using city::OrderState;
using city::Warning;
using city::WarningState;

struct ItemCall {
  std::string_view item;
  Matter matter;
  Call call;  // of a rescue: by role
};
constexpr ItemCall kItems[] = {
    {"elevator.rescue", Matter::trapped, Call::rescue_maintenance},
    {"elevator.repair", Matter::fault, Call::repair},
    {"elevator.e_bike", Matter::ebike, Call::ebike},
    {"elevator.ebike", Matter::ebike, Call::ebike},
    {"elevator.maintenance", Matter::maintenance, Call::maintenance},
    {"elevator.inspection", Matter::inspection, Call::inspection},
    {"elevator.rectification", Matter::rectification, Call::rectification},
    {"building.outage", Matter::outage, Call::outage},
    {"kitchen.hygiene", Matter::hygiene, Call::food_officer},
    {"kitchen.rodent", Matter::rodent, Call::rodent},
    {"kitchen.check", Matter::food, Call::food_check},
    {"street.check", Matter::street, Call::street},
};
/// An item of another name is handled like a repair.
const ItemCall& item_call(std::string_view item) {
  for (const ItemCall& known : kItems)
    if (known.item == item) return known;
  return kItems[1];
}

Call call_of(const ItemCall& item, const city::Responder& responder) {
  if (item.matter != Matter::trapped) return item.call;
  if (responder.role == "use_unit") return Call::rescue_duty_room;
  if (responder.level >= 3) return Call::rescue_fire;
  return responder.level == 2 ? Call::rescue_station : Call::rescue_maintenance;
}

bool is_over(WarningState state) {
  return state == WarningState::resolved || state == WarningState::dismissed ||
         state == WarningState::merged || state == WarningState::suppressed;
}

/// When this step was last taken; Time{}: never.
Time last(const Order& order, std::string_view step, std::string* by = nullptr) {
  for (std::size_t i = order.history.size(); i-- > 0;) {
    if (order.history[i].step != step) continue;
    if (by != nullptr) *by = order.history[i].by;
    return order.history[i].at;
  }
  return Time{};
}

constexpr Duration kOrderSoon = 3min;  // what rules make of a complaint

}  // namespace

Crews::Crews(CrewOptions options, City& city)
    : options_(options),
      city_(city),
      dice_(options.seed, Random::of("crews")),
      tally_(options.table) {
  for (std::size_t call = 0; call < kCalls.size(); ++call)
    calls_.emplace_back(Random{options.seed, 1000 + call});
  for (std::size_t play = 0; play < options_.table.plays.size(); ++play) {
    const Play& row = options_.table.plays[play];
    calls_[static_cast<std::size_t>(row.call)].add(play, row.share);
  }
  for (std::size_t pair = 0; pair < 2 * kMatterCount; ++pair)
    findings_.emplace_back(Random{options.seed, 2000 + pair});
  for (std::size_t i = 0; i < options_.table.findings.size(); ++i) {
    const Finding& row = options_.table.findings[i];
    findings_[2 * static_cast<std::size_t>(row.matter) + row.real].add(i, row.share);
  }
}

// ---- seeing -------------------------------------------------------------------------------------

bool Crews::see(std::string_view topic, std::string_view record_json, Time now) {
  const bool orders = topic == "dispatch.orders", warnings = topic == "warnings";
  const bool notices = topic == "notices", rejected = topic == "rejected";
  const bool receipts = topic == "complaints", matters = topic == "matters";
  if (!orders && !warnings && !receipts && !matters && !notices && !rejected) return true;
  bool good = true;
  std::string cause;
  reader_.start(record_json);
  const bool read = reader_.object([&](std::string_view name, streams::JsonReader& member) {
    if (rejected && name == "causationid") return member.text(cause);
    if (name != "data") return true;
    if (orders) return good = see_order(member, now);
    if (warnings) return good = see_warning(member, now);
    if (receipts) return good = see_receipt(member, now);
    if (matters) return good = see_matter(member, now);
    if (notices) return good = see_notice(member);
    return true;
  });
  if (rejected) {
    if (illegal_.erase(cause) > 0)
      ++tally_.illegal_rejected;
    else
      ++tally_.others_rejected;
  }
  return read && good;
}

bool Crews::see_order(streams::JsonReader& in, Time now) {
  Order order;
  std::string where;
  if (!streams::read_json(in, order, where)) return false;
  Job& job = jobs_[order.id];
  const ItemCall& item = item_call(order.item);
  if (job.id.empty()) {
    job.id = order.id;
    job.entity = order.entity;
    job.item = order.item;
    job.matter = item.matter;
    job.life = item.matter == Matter::trapped;
    tally_.count("orders", order.item);
  }
  job.over = order.state == OrderState::closed || order.state == OrderState::recalled;
  job.attempt = order.attempt;
  if (job.over) return true;
  for (const city::Responder& responder : order.responders) {
    const bool merchant = job.matter == Matter::hygiene && responder.role == "use_unit";
    if (merchant) job.merchant = responder.unit;
    if (responder.role == "officer" ||
        !job.called.insert(std::to_string(order.attempt) + "/" + responder.unit).second)
      continue;
    Call call = call_of(item, responder);
    if (merchant)
      call = city_.scene(job.entity, job.matter, now).real ? Call::merchant_true
                                                           : Call::merchant_false;
    deal(call, job, responder.unit, now);
  }
  answer_overseers(job, order, now);
  return true;
}

// What asks for somebody else's word: a result to be checked, a return, an extension, a
// supervision. Each time once: by the time at which it was asked.
void Crews::answer_overseers(Job& job, const Order& order, Time now) {
  const auto is_new = [](Time& known, Time at) {
    const bool later = at != Time{} && at != known;
    if (later) known = at;
    return later;
  };
  if (order.state == OrderState::handled && order.verdict &&
      is_new(job.handled, order.verdict->at)) {
    // Who does it again, if it has to be done again: a unit, even where the party spoke.
    job.handled_by = order.verdict->by;
    if (!job.handled_by.starts_with("unit/") && !order.responders.empty())
      job.handled_by = order.responders.front().unit;
    const bool untrue =
        is_own_word(job, order.verdict->by) && city_.scene(job.entity, job.matter, now).real;
    deal(untrue ? Call::handled_untrue : Call::handled, job, order.verdict->by, now);
  }
  std::string by;
  if (is_new(job.rejected, last(order, "reject_result")))
    deal(Call::rejected_result, job, job.handled_by, now);
  if (!job.life && is_new(job.returned, last(order, "return", &by)))
    deal(order.returns > 0 ? Call::returned_again : Call::returned, job, by, now);
  if (order.extension && !order.extension->granted && is_new(job.extension, order.extension->until))
    deal(Call::extension, job, order.extension->by, now);
  if (order.supervision && order.supervision->reply_by && order.supervision->answer.empty() &&
      is_new(job.supervised, order.supervision->since))
    deal(Call::supervised, job, order.supervision->to, now);
}

bool Crews::see_warning(streams::JsonReader& in, Time now) {
  Warning warning;
  std::string where;
  if (!streams::read_json(in, warning, where)) return false;
  Job& job = jobs_[warning.id];
  if (job.id.empty()) {
    job.id = warning.id;
    job.entity = warning.entity;
    job.of_warning = true;
    tally_.count("warnings", warning.rule);
  }
  job.over = false;  // a seat may speak of one that is over: it reopens it
  if (warning.rule == "hotline.unplaced") return true;  // its seat looks at the receipt
  if (warning.state == WarningState::screening && job.reopened < warning.reopened) {
    job.reopened = warning.reopened;
    const Matter matter = warning.order ? item_call(warning.order->item).matter : Matter::fault;
    const bool real = city_.scene(warning.entity, matter, now).real;
    deal(real ? Call::screening_true : Call::screening_false, job,
         warning.screening ? warning.screening->owner : "seat/1", now);
  }
  if (warning.priority == city::Priority::P1 && warning.state == WarningState::dispatched &&
      !job.urgent) {
    job.urgent = true;
    deal(Call::urgent, job, "seat/1", now);
  }
  if (is_over(warning.state) && warning.state != WarningState::dismissed) job.over = true;
  return true;
}

// A seat finds out what is meant, and answers what nobody has to go there for.
bool Crews::see_receipt(streams::JsonReader& in, Time now) {
  city::Receipt receipt;
  std::string where;
  if (!streams::read_json(in, receipt, where)) return false;
  Job& job = jobs_[receipt.id];
  if (job.id.empty()) {
    job.id = receipt.id;
    job.entity = receipt.receipt;
    job.of_receipt = true;
    tally_.count("complaints", receipt.kind);
  }
  if (receipt.revision > 1) tally_.count("complaint states", streams::name_of(receipt.state));
  if (receipt.reply && receipt.state != city::ReceiptState::redo) {
    see_answer(job, receipt, now);
    return true;
  }
  const bool told = receipt.revision > 1;  // what it is about, or that nobody knows
  if (!told) return true;
  if (receipt.redo > 0) {  // by an order, or at the desk that answered it
    job.attempt = 2 * receipt.redo + 1;
    if (receipt.order.empty() && !std::exchange(job.asked, true)) {
      job.ordered = false;
      deal(Call::asked, job, "seat/1", now);
    }
    return true;
  }
  job.ordered = receipt.state != city::ReceiptState::received;
  if (receipt.kind == "consult") {
    if (!std::exchange(job.asked, true)) deal(Call::consulted, job, "seat/1", now);
    return true;
  }
  if (receipt.about.empty() && !std::exchange(job.unplaced, true)) {
    const bool nobodys = city_.meant_by(receipt.receipt).empty();
    deal(nobodys ? Call::nobodys : Call::unplaced, job, "seat/1", now);
  }
  if (job.ordered)
    job.asked = false;  // should it be recalled, a seat answers
  else if (!receipt.about.empty() && !std::exchange(job.asked, true))
    desk_.emplace(now + kOrderSoon, job.id);
  return true;
}

// Whoever has the answer is called back, each time there is one. `attempt` tells the phases apart:
// what a seat meant to say before the reply is no longer said.
void Crews::see_answer(Job& job, const city::Receipt& receipt, Time now) {
  if (!std::exchange(job.told, true)) city_.replied(receipt.receipt, now);
  job.over = receipt.state == city::ReceiptState::closed;
  job.asked = false;
  const int phase = 2 * receipt.redo + 2;
  const bool replied = receipt.state == city::ReceiptState::replied ||
                       receipt.state == city::ReceiptState::answered_directly;
  if (std::exchange(job.attempt, phase) == phase || !replied) return;
  deal(Call::answered, job, "seat/1", now);
}

bool Crews::see_matter(streams::JsonReader& in, Time now) {
  city::Matter matter;
  std::string where;
  if (!streams::read_json(in, matter, where)) return false;
  Job& job = jobs_[matter.id];
  const bool opened = job.id.empty();
  tally_.count("matter states", streams::name_of(matter.state));
  job.over = matter.state == city::MatterState::closed;
  if (!opened) return true;
  job.id = matter.id;
  job.entity = matter.party;
  job.of_matter = true;
  const bool first = matter.proposal.what == "exempt";
  deal(first ? Call::first_violation : Call::violation_again, job, matter.found_by, now);
  return true;
}

void Crews::look_at_desk(Time until) {
  for (; !desk_.empty() && desk_.begin()->first <= until; desk_.erase(desk_.begin())) {
    const auto& [at, id] = *desk_.begin();
    const Job& job = jobs_.find(id)->second;
    if (!job.over && !job.ordered) deal(Call::asked, job, "seat/1", at);
  }
}

bool Crews::see_notice(streams::JsonReader& in) {
  city::Notice notice;
  std::string where;
  if (!streams::read_json(in, notice, where)) return false;
  tally_.count("notices", notice.kind);
  return true;
}

// ---- acting -------------------------------------------------------------------------------------

void Crews::deal(Call call, const Job& job, std::string actor, Time now) {
  Deck& deck = calls_[static_cast<std::size_t>(call)];
  if (deck.empty()) return;
  const std::size_t play = deck.deal();
  tally_.played(play);
  Act act;
  act.job = job.id;
  act.play = play;
  act.actor = std::move(actor);
  act.attempt = job.attempt;
  act.at = now;
  go_on(std::move(act));
}

// Puts the act's next move where it will be made.
void Crews::go_on(Act act) {
  const Play& play = options_.table.plays[act.play];
  if (act.move == play.moves.size()) return;
  const Move& move = play.moves[act.move];
  if (move.by == By::nobody) return;
  act.at += dice_.between(std::max(move.from, 1) * 1000, std::max(move.to, 1) * 1000) * 1ms;
  act.sequence = sequence_++;
  if (move.step == "work") {
    act.recorded = act.at;
    return working_.push(std::move(act));
  }
  act.recorded = act.at + dice_.between(80, 900) * 1ms;
  speaking_.push(std::move(act));
}

/// Whether there is still something to say: the order open, and the same attempt; of a complaint
/// that a seat would answer: no order does.
bool Crews::stands(const Act& act) const {
  const Job& job = jobs_.find(act.job)->second;
  const Call call = options_.table.plays[act.play].call;
  if ((call == Call::asked || call == Call::consulted) && job.ordered) return false;
  return !job.over && act.attempt == job.attempt;
}

std::optional<Time> Crews::next() {
  while (!speaking_.empty() && !stands(speaking_.top())) speaking_.pop();
  Time first = speaking_.empty() ? Time::max() : speaking_.top().recorded;
  if (!repeats_.empty()) first = std::min(first, repeats_.begin()->first);
  if (first == Time::max()) return std::nullopt;
  return first;
}

void Crews::take(Time until, std::vector<Arrival>& out) {
  look_at_desk(until);
  while (!working_.empty() && working_.top().recorded <= until) {
    Act act = working_.top();
    working_.pop();
    if (!stands(act)) continue;
    work(act);
    ++act.move;
    go_on(std::move(act));
  }
  for (auto first = next(); first && *first <= until; first = next()) {
    if (!repeats_.empty() && repeats_.begin()->first == *first) {
      Repeat repeat = std::move(repeats_.begin()->second);
      repeats_.erase(repeats_.begin());
      stamp(repeat.bytes, *first);
      out.push_back({*first, std::string{topic_of(Door::feedback)}, std::move(repeat.subject),
                     std::move(repeat.bytes)});
      continue;
    }
    Act act = speaking_.top();
    speaking_.pop();
    const Job& job = jobs_.find(act.job)->second;
    const Move& move = options_.table.plays[act.play].moves[act.move];
    std::string bytes = speak(act, job, move);
    if ((move.flags & kTwice) != 0)
      repeats_.emplace(act.recorded + 2s, Repeat{act.recorded + 2s, job.entity, bytes});
    stamp(bytes, act.recorded);
    out.push_back(
        {act.recorded, std::string{topic_of(Door::feedback)}, job.entity, std::move(bytes)});
    ++act.move;
    go_on(std::move(act));
  }
}

void Crews::work(const Act& act) {
  const Job& job = jobs_.find(act.job)->second;
  for (const Finding& finding : options_.table.findings)
    if (finding.matter == job.matter && finding.real) return do_what(job, finding, act.at);
}

}  // namespace simulate
