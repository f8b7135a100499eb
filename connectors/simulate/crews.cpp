#include "connectors/simulate/crews.h"

#include <algorithm>

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

constexpr std::string_view kUncalled = "unit/91310000MA1M000097";

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
  const bool receipts = topic == "complaints";
  if (!orders && !warnings && !receipts && !notices && !rejected) return true;
  bool good = true;
  std::string cause;
  reader_.start(record_json);
  const bool read = reader_.object([&](std::string_view name, streams::JsonReader& member) {
    if (rejected && name == "causationid") return member.text(cause);
    if (name != "data") return true;
    if (orders) return good = see_order(member, now);
    if (warnings) return good = see_warning(member, now);
    if (receipts) return good = see_receipt(member, now);
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
  for (const city::Responder& responder : order.responders)
    if (job.called.insert(std::to_string(order.attempt) + "/" + responder.unit).second)
      deal(call_of(item, responder), job, responder.unit, now);
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
    deal(Call::handled, job, order.verdict->by, now);
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

// A seat finds out which elevator is meant, and answers what nobody has to go there for.
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
  job.over = receipt.reply.has_value();
  const bool told = receipt.revision > 1;  // what it is about, or that nobody knows
  if (job.over || !told) return true;
  if (receipt.about.empty() && !std::exchange(job.unplaced, true))
    deal(Call::unplaced, job, "seat/1", now);
  const bool at_desk = !receipt.about.empty() && receipt.kind != "help" && receipt.order.empty();
  if (at_desk && !std::exchange(job.asked, true)) deal(Call::asked, job, "seat/1", now);
  return true;
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

/// Whether there is still something to say: the order open, and the same attempt.
bool Crews::stands(const Act& act) const {
  const Job& job = jobs_.find(act.job)->second;
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

// ---- speaking -----------------------------------------------------------------------------------

std::string Crews::sender(const Move& move, const Act& act) {
  const bool led = act.actor.starts_with("leader/"), seated = act.actor.starts_with("seat/");
  switch (move.by) {
    case By::unit:
      return act.actor;
    case By::other_unit:
      return std::string{kUncalled};
    case By::party:
      return "party/" + act.actor.substr(act.actor.find('/') + 1);
    case By::seat:
      return seated ? act.actor : "seat/1";
    case By::checker:
      return "checker/SH-0017";
    case By::leader:
      return led ? act.actor : "leader/shanghai-1";
    case By::nobody:
      break;
  }
  return {};
}

std::string Crews::speak(const Act& act, const Job& job, const Move& move) {
  std::string id = "f-";
  append_whole(id, static_cast<std::int64_t>(options_.seed));
  id += '-';
  append_whole(id, ++ids_);
  tally_.count("steps", move.step);
  if ((move.flags & kIllegal) != 0) {
    ++tally_.illegal;
    illegal_.insert(id);
  }
  Sheet sheet{Door::feedback, "/sh/field-app", id, job.entity, act.at};
  sheet.text("step", move.step);
  if (job.of_warning)
    sheet.text("warning", job.id);
  else if (job.of_receipt)
    sheet.text("complaint", job.id);
  else if ((move.flags & kByItem) != 0)
    sheet.text("item", job.item);
  else
    sheet.text("order",
               (move.flags & kWrongId) != 0 ? "o-00000000000000000000000000000000" : job.id);
  sheet.text("by", sender(move, act));
  if (job.of_receipt) {
    speak_of_receipt(sheet, job, move);
    return sheet.finish();
  }
  const Time until = act.at + move.minutes * 1min;
  if (move.step == "accept") {
    sheet.time("eta", until);
  } else if (move.step == "pause" || move.step == "extend_request" || move.step == "shelve") {
    sheet.time("until", until);
  } else if (move.step == "supervise") {
    sheet.time("replyBy", until);
  }
  if (move.step == "call_logged")
    sheet.text("who", move.other).text("result", move.word);
  else if (move.step == "supervise_reply")
    sheet.text("text", move.word);
  else if (!move.word.empty())
    sheet.text("reason", move.word);
  if (move.step == "return" && !move.other.empty()) sheet.text("evidence", move.other);
  if ((move.step == "transfer" || move.step == "return_accepted") && !move.other.empty())
    sheet.text("to", move.other);
  if (move.step == "rectified")
    do_what(job, {job.matter, true, "", "rectified_on_site", 0}, act.at);
  if (move.step == "arrived") {
    sheet.text("note", "已到场").raw("photos", "[\"https://media.example/sh/" + id + ".jpg\"]");
    // Whoever gets there says at once what calls for the fire service.
    const Scene scene = job.life ? city_.scene(job.entity, job.matter, act.at) : Scene{};
    if (scene.injured > 0) {
      sheet.whole("injured", scene.injured);
      tally_.count("on arrival", "injured");
    }
    if (scene.smoke) {
      sheet.text("cause", "smoke");
      tally_.count("on arrival", "smoke");
    }
  }
  if (move.step == "finding") tell_finding(sheet, act, job, move);
  return sheet.finish();
}

void Crews::speak_of_receipt(Sheet& sheet, const Job& job, const Move& move) const {
  if (move.step == "call_logged") {
    sheet.text("who", move.other).text("result", move.word);
  } else if (move.step == "resolve_entity") {
    if ((move.flags & kNoEntity) == 0) sheet.text("entity", city_.meant_by(job.entity));
  } else {
    sheet.text("finding", "no_violation").text("action", "answered");
    if (!move.word.empty()) sheet.text("text", move.word);
  }
}

void Crews::tell_finding(Sheet& sheet, const Act& act, const Job& job, const Move& move) {
  const Scene scene = city_.scene(job.entity, job.matter, act.at);
  Deck& deck = findings_[2 * static_cast<std::size_t>(job.matter) + scene.real];
  if (deck.empty()) return;
  const bool illegal = (move.flags & kIllegal) != 0;
  const std::size_t number = deck.deal();
  const Finding& finding = options_.table.findings[number];
  sheet.text("finding", finding.finding);
  if ((move.flags & kNoAction) == 0) sheet.text("action", finding.action);
  if (finding.action == "rescued") {
    sheet.whole("people", scene.people).whole("injured", scene.injured);
    sheet.text("cause", scene.smoke ? std::string_view{"smoke"} : scene.cause);
  }
  if (illegal) return;  // said, but not done
  tally_.found(number);
  do_what(job, finding, act.at);
}

// What the crew's hands have done, so that the city goes on from there.
void Crews::do_what(const Job& job, const Finding& finding, Time at) {
  const std::string_view action = finding.action;
  if (job.matter == Matter::trapped || action == "repaired")
    city_.repaired(job.entity, job.matter, at);
  if (job.matter == Matter::fault && action == "rectified_on_site")
    city_.repaired(job.entity, job.matter, at);
  if (job.matter == Matter::maintenance && action == "maintained")
    city_.completed(job.entity, Record::maintenance, at);
  if (job.matter == Matter::inspection && action == "inspected")
    city_.completed(job.entity, Record::inspection, at);
  if (job.matter == Matter::rectification && action == "rectified_on_site")
    city_.completed(job.entity, Record::rectification, at);
}

}  // namespace simulate
