#include "tests/unit/connectors/simulate/desk.h"

#include "connectors/json/json_reader.h"

namespace simulate {
namespace {

using city::Feedback;
using city::Order;
using city::OrderState;
using city::Warning;
using city::WarningState;

city::Responder responder(int level, std::string unit, std::string role) {
  city::Responder made;
  made.level = level;
  made.unit = std::move(unit);
  made.role = std::move(role);
  return made;
}

}  // namespace

Desk::Desk(const City& city) : city_(city) {
  for (const Incident& incident : city.incidents()) {
    const std::string entity = city.elevators()[incident.elevator].subject;
    const Time seen_at = incident.at + 90s;
    const auto kind = incident.trouble.kind;
    if (incident.what == Incident::What::ebike || incident.what == Incident::What::phantom)
      at(seen_at,
         [this, entity] { ++numbers_ % 3 == 0 ? screen(entity) : open(entity, "elevator.ebike"); });
    if (incident.what == Incident::What::outage)
      for (const Duration after : {Duration{6min}, Duration{100min}})
        at(incident.at + after, [this] { open_outages(); });
    if (incident.what != Incident::What::trouble) continue;
    if (kind == Trouble::Kind::entrapment || kind == Trouble::Kind::stuck_sensor)
      at(seen_at, [this, entity] {
        urgent(entity);
        open(entity, "elevator.rescue");
      });
    if (kind == Trouble::Kind::fault)
      at(seen_at, [this, entity] { open(entity, "elevator.repair"); });
  }
  for (std::size_t i = 0; i < 180 && i < city.elevators().size(); ++i)
    for (const char* item :
         {"elevator.maintenance", "elevator.inspection", "elevator.rectification"})
      at(city.end() - 23h,
         [this, entity = city.elevators()[i].subject, item] { open(entity, item); });
  plan_premises();
}

void Desk::plan_premises() {
  for (const Lapse& lapse : city_.trade().lapses()) {
    if (!lapse.sure) continue;
    const char* item = lapse.what == Lapse::What::goods    ? "street.check"
                       : lapse.what == Lapse::What::rodent ? "kitchen.rodent"
                                                           : "kitchen.hygiene";
    at(lapse.at + 1min, [this, entity = city_.trade().premises()[lapse.premises].subject, item] {
      open(entity, item);
    });
  }
}

LockstepPorts Desk::ports() {
  LockstepPorts ports;
  ports.append = [this](std::vector<Arrival> arrivals) -> streams::Result<void> {
    for (Arrival& arrival : arrivals) {
      if (arrival.topic == "field.feedback") waiting_.push_back(std::move(arrival));
      if (arrival.topic == "hotline.complaints") complaints_.push_back(std::move(arrival));
    }
    return {};
  };
  ports.next_tick = [this](std::optional<Time> next) -> streams::Result<std::optional<Time>> {
    if (!next) return std::optional<Time>{};
    if (!due_.empty()) next = std::min(*next, due_.begin()->first);
    return std::optional{std::max(streams::tick_at_or_after(*next), now_ + streams::kTickInterval)};
  };
  ports.run_epoch = [this](Time tick,
                           const std::function<void(Seen)>& see) -> streams::Result<void> {
    now_ = tick;
    outputs_.clear();
    for (const Arrival& complaint : std::exchange(complaints_, {})) receive(complaint);
    for (Arrival& arrival : std::exchange(waiting_, {})) {
      process(arrival);
      feedback.push_back(std::move(arrival));
    }
    while (!due_.empty() && due_.begin()->first <= tick) {
      const Work work = std::move(due_.begin()->second);
      due_.erase(due_.begin());
      work();
    }
    for (const Output& output : outputs_) see({output.topic, output.json});
    return {};
  };
  return ports;
}

/// Of the last building that is dark; where none is, of that which was.
void Desk::open_outages() {
  for (const Elevator& elevator : city_.elevators())
    if (city_.scene(elevator.building, Matter::outage, now_).real) last_dark_ = elevator.building;
  if (!last_dark_.empty()) open(last_dark_, "building.outage");
}

template <class T>
void Desk::publish(std::string topic, const T& value, std::string_view cause) {
  std::string json =
      "{\"specversion\":\"1.0\",\"causationid\":\"" + std::string{cause} + "\",\"data\":";
  streams::append_json(json, value);
  outputs_.push_back({std::move(topic), json + "}"});
}

void Desk::open(const std::string& entity, const std::string& item) {
  for (const auto& [id, known] : orders_)
    if (known.entity == entity && known.item == item && known.state < OrderState::closed) return;
  Order order;
  order.id = "o-" + std::to_string(orders_.size() + 1);
  order.entity = entity;
  order.item = item;
  seen.emplace(order.id, now_);
  call(orders_[order.id] = order, 1);
  publish("dispatch.orders", orders_[order.id]);
}

void Desk::call(Order& order, int level) {
  for (const city::Responder& known : order.responders)
    if (known.level >= level) return;
  const bool hygiene = order.item == "kitchen.hygiene";
  if (hygiene && level == 2)
    order.responders.push_back(responder(2, "unit/food", "food"));
  else if (hygiene && order.attempt == 1)
    order.responders = {responder(1, "unit/merchant", "use_unit")};
  if (hygiene)
    at(now_ + 30min, [this, id = order.id, level] {
      Order& late = orders_[id];
      if (late.state != OrderState::dispatched || level == 2) return;
      call(late, 2);
      publish("dispatch.orders", late);
    });
  if (hygiene && !order.responders.empty()) return;
  if (order.item != "elevator.rescue") {
    order.responders = {
        responder(1, "unit/doer-" + std::to_string(order.attempt), "maintenance_unit")};
    return;
  }
  if (level == 1)
    order.responders = {responder(1, "unit/duty", "use_unit"),
                        responder(1, "unit/m", "maintenance_unit")};
  if (level == 2) order.responders.push_back(responder(2, "unit/station", "station"));
  if (level == 3) order.responders.push_back(responder(3, "unit/119", "fire"));
  at(now_ + 5min, [this, id = order.id, level] {
    Order& late = orders_[id];
    if (late.state != OrderState::dispatched || level == 3) return;
    call(late, level + 1);
    publish("dispatch.orders", late);
  });
}

void Desk::screen(const std::string& entity) {
  Warning warning;
  warning.id = "w-" + std::to_string(warnings_.size() + 1);
  warning.entity = entity;
  warning.state = WarningState::screening;
  warning.priority = city::Priority::P2;
  warning.order = city::OrderRequest{"elevator.ebike", {}, {}, {}};
  seen.emplace(warning.id, now_);
  publish("warnings", warnings_[warning.id] = warning);
}

void Desk::urgent(const std::string& entity) {
  Warning warning;
  warning.id = "w-" + std::to_string(warnings_.size() + 1);
  warning.entity = entity;
  warning.state = WarningState::dispatched;
  warning.priority = city::Priority::P1;
  seen.emplace(warning.id, now_);
  publish("warnings", warnings_[warning.id] = warning);
}

/// Who names nothing is not placed; the rest is known at once.
void Desk::receive(const Arrival& arrival) {
  city::Complaint complaint;
  std::string where;
  connectors::SimdJsonReader reader{arrival.bytes};
  reader.object([&](std::string_view name, streams::JsonReader& member) {
    return name != "data" || streams::read_json(member, complaint, where);
  });
  city::Receipt receipt;
  receipt.id = "c-" + arrival.subject;
  receipt.receipt = arrival.subject;
  receipt.kind = complaint.kind;
  receipt.revision = 2;
  const std::string meant = city_.meant_by(arrival.subject);
  if (!complaint.about.empty()) receipt.about = meant;
  if (meant.starts_with("kitchen/") && complaint.kind != "consult") open(meant, "kitchen.check");
  publish("complaints", receipts_[receipt.id] = receipt);
}

const char* Desk::apply(city::Receipt& receipt, const Feedback& said) {
  if (said.step == "resolve_entity") {
    if (said.entity.empty()) return "which?";
    receipt.about = said.entity;
  }
  if (said.step == "finding") {
    if (said.text.empty()) return "no text";
    receipt.state = city::ReceiptState::answered_directly;
    receipt.reply = city::Reply{now_, "", {said.text, said.text}};
  }
  if (said.step == "dismiss") {
    receipt.state = city::ReceiptState::declined;
    receipt.reply = city::Reply{now_, "", {said.reason, said.reason}};
  }
  if (said.step == "revisited" && said.result != "satisfied" && said.result != "dissatisfied")
    return "satisfied or not?";
  if (said.step == "revisited") receipt.state = city::ReceiptState::closed;
  if (said.step == "reopen" || said.result == "dissatisfied") {
    receipt.state = city::ReceiptState::redo;
    ++receipt.redo;
  }
  ++receipt.revision;
  publish("complaints", receipt);
  return nullptr;
}

void Desk::process(const Arrival& arrival) {
  Feedback said;
  std::string id, where;
  connectors::SimdJsonReader reader{arrival.bytes};
  reader.object([&](std::string_view name, streams::JsonReader& member) {
    if (name == "id") return member.text(id);
    return name != "data" || streams::read_json(member, said, where);
  });
  const char* why = nullptr;
  if (!said.warning.empty()) {
    why = apply(warnings_[said.warning], said);
  } else if (!said.complaint.empty()) {
    why = apply(receipts_[said.complaint], said);
  } else if (!said.matter.empty()) {
    why = apply(matters_[said.matter], said);
  } else {
    if (said.order.empty())
      for (const auto& [open_id, open] : orders_)
        if (open.entity == arrival.subject && open.item == said.item &&
            open.state < OrderState::closed)
          said.order = open_id;
    const auto found = orders_.find(said.order);
    why = found == orders_.end() ? "no such order" : apply(found->second, said);
    if (why == nullptr) publish("dispatch.orders", found->second);
  }
  if (why == nullptr) return;
  city::Rejected rejected;
  rejected.step = said.step;
  rejected.reason.code = why;
  publish("rejected", rejected, id);
}

/// Every second one is the party's first.
void Desk::open_matter(const Order& order) {
  city::Matter matter;
  matter.id = "m-" + std::to_string(++numbers_);
  matter.party = "enterprise/" + order.entity;
  matter.found_by = order.verdict->by;
  matter.proposal.what = numbers_ % 2 == 0 ? "exempt" : "penalty";
  publish("matters", matters_[matter.id] = matter);
}

const char* Desk::apply(city::Matter& matter, const Feedback& said) {
  using State = city::MatterState;
  if (matter.id.empty()) return "no such matter";
  if (said.step == "notified") matter.state = State::notified;
  if (said.step == "corrected") matter.state = State::corrected;
  if (said.step == "exempt") {
    if (matter.state != State::corrected || matter.proposal.what != "exempt") return "not exempt";
    matter.state = State::closed;
  }
  if (said.step == "paid") matter.state = State::closed;
  publish("matters", matter);
  return nullptr;
}

const char* Desk::apply(Warning& warning, const Feedback& said) {
  if (warning.id.empty()) return "no such warning";
  const bool urgent = warning.priority == city::Priority::P1;
  if (said.step == "dismiss" && said.reason.empty()) return "no reason";
  if (said.step == "shelve" && urgent) return "P1 is never shelved";
  if (said.step == "dismiss" && !urgent) warning.state = WarningState::dismissed;
  if (said.step == "confirm" || said.step == "dispatch") warning.state = WarningState::dispatched;
  if (said.step == "reopen") {
    warning.state = WarningState::screening;
    ++warning.reopened;
  }
  publish("warnings", warning);
  return nullptr;
}

const char* Desk::apply(Order& order, const Feedback& said) {
  const bool life = order.item == "elevator.rescue";
  if (order.state >= OrderState::closed) return "over";
  if (said.step == "arrived" && said.by.starts_with("officer/"))
    order.responders.push_back(responder(1, said.by, "officer"));
  city::Responder* own = nullptr;
  for (city::Responder& known : order.responders)
    if (known.unit == said.by) own = &known;
  const auto go_on = [&](OrderState state) {
    if (own == nullptr) return "not called";
    own->state = state;
    order.state = std::max(order.state, state);
    if (life && said.injured.value_or(0) > 0) call(order, 3);
    return static_cast<const char*>(nullptr);
  };
  order.history.push_back({now_, said.step, said.by, {}});
  if (said.step == "accept") return go_on(OrderState::accepted);
  if (said.step == "en_route" && said.by.starts_with("officer/")) return nullptr;
  if (said.step == "en_route") return go_on(OrderState::en_route);
  if (said.step == "arrived") return go_on(OrderState::arrived);
  if (said.step == "finding" || said.step == "rectified") {
    if (said.step == "finding" && said.action.empty()) return "no action";
    if (said.step == "finding" && (own == nullptr || own->state < OrderState::arrived))
      return "not arrived";
    order.verdict = city::Verdict{said.finding, said.action, said.by, now_, 0, 0, "", ""};
    order.state = life ? order.state : OrderState::handled;
    if (life && (said.action == "rescued" || said.finding != "confirmed"))
      order.state = OrderState::closed;
  } else if (said.step == "return") {
    if (!life && said.evidence.empty()) return "no evidence";
    if (life) call(order, own == nullptr ? 2 : own->level + 1);
  } else if (said.step == "return_accepted") {
    ++order.attempt;
    ++order.returns;
    order.responders.clear();
    call(order, 1);
  } else if (said.step == "pause" && life) {
    return "a rescue is never paused";
  } else if (said.step == "extend_request") {
    order.extension = city::Extension{said.by, said.reason, *said.until, false};
  } else if (said.step == "verify") {
    if (said.by.starts_with("unit/")) return "wrong sender";
    order.state = OrderState::closed;
    if (order.verdict && order.verdict->finding == "violation") open_matter(order);
  } else if (said.step == "reject_result") {
    order.state = OrderState::accepted;
    for (city::Responder& known : order.responders) known.state = OrderState::accepted;
  } else if (said.step == "supervise") {
    order.supervision = city::Supervision{3, said.by, "leader/x", now_, said.reply_by, ""};
  } else if (said.step == "supervise_reply") {
    order.supervision->answer = said.text;
  } else if (said.step == "recall") {
    order.state = OrderState::recalled;
  }
  closed += order.state == OrderState::closed;
  return nullptr;
}

}  // namespace simulate
