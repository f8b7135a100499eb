#include "operators/respond/dispatch.h"

#include <algorithm>
#include <map>
#include <utility>

#include "operators/city/bounds.h"
#include "operators/city/field_words.h"
#include "operators/city/notices.h"
#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "operators/respond/order_states.h"

namespace city {
namespace {

using streams::make_id;
using streams::Record;
using streams::Time;

/// A receipt that no order answered by then is its own operator's care.
constexpr streams::Duration kReceiptWaits = std::chrono::hours{48};

template <class List, class Value>
bool contains(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// What else stands about the entity, in the judge's words; null: nothing.
const Reason* story_of(const Warning& warning) {
  for (const Reason& reason : warning.reasons)
    if (reason.code == kSecondSignal) return &reason;
  return nullptr;
}

Source source_of(const Warning& warning) {
  return {warning.id, warning.rule, warning.device, warning.since};
}

}  // namespace

// ---- opening ------------------------------------------------------------------------------------

void Dispatch::process(const Record<Warning>& in, Out& out) {
  const Warning& warning = in.value;
  if (warning.state != WarningState::dispatched || !warning.order)
    return tell_without_order(warning);
  const std::string& item = warning.order->item;
  std::string id = make_id("o-", {city_, "order", item, warning.id});
  if (warning.dispatches > 1)  // reopened, or sent out anew after a recall
    id = make_id("o-", {city_, "order", item, warning.id, std::to_string(warning.dispatches)});
  std::string holder, neighbour;
  for (const auto& [known_id, known] : orders.all()) {
    if (known.ended) continue;
    if (contains(known.order.warnings, warning.id)) holder = known_id;
    if (known.order.item == item && known.order.story == warning.story) neighbour = known_id;
  }
  if (!holder.empty()) {
    const OpenOrder& known = *orders.find(holder);
    bool changed = known.exercise && !context().exercise;  // a drill has turned real
    OpenOrder& held = orders.edit(holder);
    take_grounds(held, warning);
    held.exercise = held.exercise && context().exercise;
    changed = take_priority(held, warning) || changed;
    changed = take_story(held, warning) || changed;
    changed = take_receipts(held, warning) || changed;
    if (changed) publish(held, out);
  } else if (const OpenOrder* over = orders.find(id); over != nullptr) {
    answer_after_end(*over, warning, out);  // the judge will read of its end in the next epoch
  } else if (!neighbour.empty()) {
    join(orders.edit(neighbour), warning, out);
  } else {
    open(id, warning, out);
  }
  arm();
}

OpenOrder& Dispatch::begin(const std::string& id, const std::string& item, Priority priority,
                           std::string_view district) {
  OpenOrder& opened = orders.edit(id);
  Order& order = opened.order;
  order.id = id;
  order.entity = std::string{key()};
  order.item = item;
  order.title = item_of(opened).title;
  order.priority = priority;
  order.district = district;
  order.duty_version = duty_.version;
  order.calendar_version = calendar_.version;
  opened.life = item_of(opened).life;
  opened.exercise = context().exercise;
  start_clock(opened);
  return opened;
}

void Dispatch::open(const std::string& id, const Warning& warning, Out& out) {
  const OrderRequest& request = *warning.order;
  OpenOrder& opened = begin(id, request.item, warning.priority, warning.district);
  Order& order = opened.order;
  order.story = warning.story;
  order.warnings = {warning.id};
  if (order.title.zh.empty()) order.title = warning.title;
  opened.due = warning.due;
  opened.sources = {source_of(warning)};
  take_grounds(opened, warning);
  if (request.finish) order.finish_by = opened.started + *request.finish;
  const bool by_person = warning.screened && kind_of(warning.screened->by) != "rule";
  record(opened, "dispatch", by_person ? std::string_view{warning.screened->by} : "rule",
         words("{}预警“{}”，派发“{}”", "{} warning '{}': '{}' is dispatched",
               {streams::name_of(warning.priority), warning.title, order.title}));
  take_story(opened, warning);
  say_waiting(opened);
  call_level(opened, 1, "rule", {});
  if (request.accept || request.arrive) {  // the rule's own deadlines, of the first level
    LevelClock& clock = opened.clocks.front();
    if (request.accept) clock.accept_by = opened.started + *request.accept;
    if (request.arrive) clock.arrive_by = opened.started + *request.arrive;
    for (Responder& responder : order.responders) {
      if (responder.level != clock.level) continue;
      responder.accept_by = clock.accept_by;
      responder.arrive_by = clock.arrive_by;
    }
  }
  take_receipts(opened, warning);
  publish(opened, out);
}

// One story, one order per item: the newcomer adds its urgency, not a second trip.
void Dispatch::join(OpenOrder& open, const Warning& warning, Out& out) {
  Order& order = open.order;
  open.exercise = open.exercise && context().exercise;  // a drill can become the real thing
  add_link(order.warnings, warning.id);
  open.sources.push_back(source_of(warning));
  take_grounds(open, warning);
  record(open, "join", "rule",
         words("同一事件的预警“{}”并入本单", "warning '{}' of the same story joins this order",
               {warning.title}));
  take_priority(open, warning);
  if (warning.order->finish && order.finish_by)
    order.finish_by = std::min(*order.finish_by, now() + *warning.order->finish);
  take_receipts(open, warning);
  publish(open, out);
}

bool Dispatch::take_priority(OpenOrder& open, const Warning& warning) {
  Order& order = open.order;
  if (warning.priority >= order.priority) return false;
  record(
      open, "priority", "rule",
      words("预警“{}”为{}，本单由{}提高", "warning '{}' is {}: this order rises from {}",
            {warning.title, streams::name_of(warning.priority), streams::name_of(order.priority)}));
  order.priority = warning.priority;
  if (open.started > now() && hours_of(open) == kAlways) {
    start_at_once(open);
    record(
        open, "urgent", "rule",
        {"一、二级不等服务时间，立即起计时", "P1 and P2 wait for no hours: its clocks start now"});
  }
  return true;
}

bool Dispatch::take_story(OpenOrder& open, const Warning& warning) {
  const Reason* story = story_of(warning);
  if (story == nullptr) return false;
  for (const Step& step : open.order.history)
    if (step.step == "story" && step.why.zh == story->zh) return false;
  record(open, "story", "rule", {story->zh, story->en});
  return true;
}

// ---- closing ------------------------------------------------------------------------------------

// A device's own end of alarm ends its rescue; that a condition cleared ends nothing, and nothing
// in a drill ends what is real.
void Dispatch::process(const Record<Conclusion>& in, Out& out) {
  const Conclusion& conclusion = in.value;
  if (conclusion.what == Conclusion::What::fired || conclusion.what == Conclusion::What::more)
    return note_begun(conclusion);
  if (conclusion.what != Conclusion::What::ended) return;
  std::vector<std::string> ended;
  for (const auto& [id, open] : orders.all()) {
    const auto of_rule = [&](const Source& source) { return source.rule == conclusion.rule; };
    const auto newer = [&](const Source& source) { return source.begun > conclusion.at; };
    if (std::any_of(open.sources.begin(), open.sources.end(), newer)) continue;
    if (!open.ended && open.life && (open.exercise || !context().exercise) &&
        (conclusion.rule.empty() || std::any_of(open.sources.begin(), open.sources.end(), of_rule)))
      ended.push_back(id);
  }
  for (const std::string& id : ended)
    close(orders.edit(id), "rule",
          conclusion.reasons.empty()
              ? Text{"设备自身发出报警结束信号，救援工单办结",
                     "the device itself declared the alarm over: the rescue is closed"}
              : Text{conclusion.reasons.front().zh, conclusion.reasons.front().en},
          out);
  arm();
}

/// What has been said to hold since: a rescue that began later is not ended by older word.
void Dispatch::note_begun(const Conclusion& conclusion) {
  std::vector<std::string> ids;
  for (const auto& [id, open] : orders.all())
    for (const Source& source : open.sources)
      if (!open.ended && source.rule == conclusion.rule && source.begun < conclusion.at)
        ids.push_back(id);
  for (const std::string& id : ids)
    for (Source& source : orders.edit(id).sources)
      if (source.rule == conclusion.rule) source.begun = std::max(source.begun, conclusion.at);
}

void Dispatch::process(const Record<PermitChange>& in, Out& out) {
  const PermitChange& change = in.value;
  if (change.record == "registration") {
    if (change.action == "deregistered") return registration.clear();
    const Registration before = registration.get();
    registration.put(Registration::of(change));
    const std::string by{change.by.empty() ? std::string{context().cause_source}
                                           : with_kind("unit", change.by)};
    if (before.use_unit != change.use_unit) {
      named.edit().use_unit = now();
      named.edit().use_unit_by = by;
    }
    if (before.maintenance_unit != change.maintenance_unit) {
      named.edit().maintenance_unit = now();
      named.edit().maintenance_unit_by = by;
    }
    call_registered(out);
    return arm();
  }
  std::vector<std::pair<std::string, std::string>> closing;  // order, action of its verdict
  for (const auto& [id, open] : orders.all()) {
    if (open.ended || (context().exercise && !open.exercise)) continue;
    const std::vector<ClosingRecord>& closers = item_of(open).closed_by;
    const auto closer = std::find_if(closers.begin(), closers.end(), [&](const auto& one) {
      return one.record == change.record && one.closes_by(change.action);
    });
    if (closer != closers.end()) closing.emplace_back(id, closer->action);
  }
  for (const auto& [id, action] : closing) {
    OpenOrder& open = orders.edit(id);
    const std::optional<Time> on = change.done_on();
    const bool in_time = on && open.due && *on <= *open.due;
    const std::string by = change.by.empty() ? "record" : with_kind("unit", change.by);
    open.order.verdict = Verdict{.finding = in_time ? "record_late" : "confirmed",
                                 .action = action,
                                 .by = by,
                                 .at = context().time,
                                 .people = 0,
                                 .injured = 0,
                                 .cause = {},
                                 .note = change.no};
    close(
        open, by,
        words("登记记录已更新（{} {}）：{}，{}", "the record itself is valid again ({} {}): {}, {}",
              {spoken_code("record", change.record), change.no,
               text_of(*finding_of(open.order.verdict->finding)),
               action_of(action) == nullptr ? Text{action, action} : text_of(*action_of(action))}),
        out);
  }
  arm();
}

void Dispatch::close(OpenOrder& open, std::string_view by, Text why, Out& out) {
  move(open, OrderState::closed);
  open.order.pause.reset();
  open.order.returning.reset();
  open.ended = now();
  record(open, "close", by, why);
  name_party(open);
  std::vector<HeldReceipt> later = take_later(open);
  publish(open, out);
  tell(open, why);
  accuse(open);
  if (!later.empty()) go_again(OpenOrder{open}, std::move(later), out);
}

// Word of the end: to the entity's own judge, to each rule and each device that saw it.
void Dispatch::tell(const OpenOrder& open, const Text& why) {
  const Exercise mark = exercise(open.exercise);
  const Order& order = open.order;
  const std::string finding = order.verdict ? order.verdict->finding : "";
  letters().send(key(), OrderNews{.order = order.id,
                                  .item = order.item,
                                  .warnings = order.warnings,
                                  .state = order.state,
                                  .finding = finding,
                                  .action = order.verdict ? order.verdict->action : "",
                                  .attempt = order.attempt,
                                  .why = why});
  tell_receipts(open, open.receipts, why);
  if (open.exercise || finding.empty() || order.state != OrderState::closed) return;
  std::map<std::string, std::string> whom;  // and who saw it
  for (const Source& source : open.sources) {
    whom["rule/" + source.rule] = source.device.empty() ? order.entity : source.device;
    if (!source.device.empty()) whom[source.device] = source.device;
  }
  for (const auto& [to, seen_by] : whom)
    letters().send(to, TrustLetter{order.id, finding, seen_by});
}

// ---- common -------------------------------------------------------------------------------------

void Dispatch::process(const Record<streams::Version>& in, Out&) {
  const streams::Version& version = in.value;
  if (version.name == kDutyVersion && !duty_.take(version)) ++bad_versions;
  if (version.name == kCalendarVersion && !calendar_.take(version)) ++bad_versions;
}

Responder* responder_of(Order& order, std::string_view unit) {
  for (Responder& responder : order.responders)
    if (responder.unit == unit) return &responder;
  return nullptr;
}

const Responder* responder_of(const Order& order, std::string_view unit) {
  return responder_of(const_cast<Order&>(order), unit);
}

const Responder* owner_of(const Order& order) {
  for (const Responder& responder : order.responders)
    if (responder.state != OrderState::dispatched) return &responder;
  return order.responders.empty() ? nullptr : &order.responders.front();
}

void Dispatch::move(OpenOrder& open, OrderState to) {
  CHECK(may_become(open.order.state, to));
  open.order.state = to;
}

void Dispatch::record(OpenOrder& open, std::string_view step, std::string_view by, Text why) {
  add_step(open.order, {context().time, std::string{step}, std::string{by}, with_names(why)});
}

void Dispatch::publish(OpenOrder& open, Out& out) {
  const Exercise mark = exercise(open.exercise);
  if (!context().cause_id.empty()) open.cause = context().cause_id;
  ++open.order.revision;
  bound_texts(open.order);
  out(open.order, open.cause);
}

void Dispatch::notify(const OpenOrder& open, std::string_view to, std::string_view kind,
                      Text text) {
  if (to.empty() || open.exercise) return;
  notices(make_notice(city_, context(), to, kind, "", open.order.id, with_names(text)));
}

void Dispatch::arm() {
  Time next = Time::max();
  for (const auto& [id, open] : orders.all()) next = std::min(next, due_of(open).at);
  for (const auto& [event, waiting] : receipts.all())
    next = std::min(next, waiting.since + kReceiptWaits);
  if (next == Time::max())
    wake.cancel();
  else if (wake.due() != next)
    wake.set(next);
}

void Dispatch::on_wake(Out& out) {
  const Time at = context().time;
  std::vector<std::string> ids;
  for (const auto& [id, open] : orders.all())
    if (due_of(open).at <= at) ids.push_back(id);
  for (const std::string& id : ids) {
    OpenOrder& open = orders.edit(id);
    bool changed = false;
    OrderDue due = due_of(open);
    for (; due.at <= at && due.what != OrderDue::forget; due = due_of(open))
      changed = on_due(open, due) || changed;
    if (due.at <= at)
      orders.erase(id);
    else if (changed)
      publish(open, out);
  }
  std::vector<std::string> waited;
  for (const auto& [event, waiting] : receipts.all())
    if (waiting.since + kReceiptWaits <= at) waited.push_back(event);
  for (const std::string& event : waited) receipts.erase(event);
  arm();
}

}  // namespace city
