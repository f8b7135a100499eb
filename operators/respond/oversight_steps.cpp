// What those who oversee an order say about it: decisions on a return or an extension, transfer,
// verification, supervision, recall. Legality by the table: city/steps.h; dispatch of steps:
// field_steps.cpp.

#include <algorithm>

#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "operators/respond/dispatch.h"
#include "operators/respond/order_states.h"

namespace city {

// Dispatched anew, to whom the dispatcher names or to the next whom the duty list has. The second
// return goes to a leader, whose designation stands (托底).
Dispatch::Answer Dispatch::return_accepted(OpenOrder& open, const Feedback& said, Out&) {
  Order& order = open.order;
  if (!order.returning)
    return {because("return.none", {"没有待决定的退单", "no return waits for a decision"})};
  const bool designates = order.returns + 1 >= 2;
  if (designates && (kind_of(said.by) != "leader" || said.to.empty()))
    return {because("return.leader", {"第二次退单须由领导指定承办单位（托底）：须填写去向",
                                      "after the second return a leader designates the unit, and "
                                      "names it in 'to'"})};
  const std::string returned_by = order.returning->by;
  order.returning.reset();
  order.pause.reset();
  order.extension.reset();
  order.verdict.reset();
  order.responders.clear();
  ++order.returns;
  ++order.attempt;
  start_clock(open);
  move(open, OrderState::dispatched);
  record(open, "return_accepted", said.by,
         designates ? words("第{}次退单，领导{}指定{}承办，不得再退",
                            "return {}: leader {} designates {}, for good",
                            {order.returns, said.by, said.to})
                    : words("同意{}退单，重新派发（第{}次派单）",
                            "the return by {} is accepted: dispatched anew, attempt {}",
                            {returned_by, order.attempt}));
  const Item& item = item_of(open);
  const Level& numbers = item.level(1);
  const LevelClock clock = clock_of(open, 1, now());
  open.clocks.push_back(clock);
  if (!said.to.empty()) {
    add_responder(open, 1, with_kind("unit", said.to), {"unit", false}, clock,
                  designates ? "designated" : "transfer");
  } else {
    for (const Role& role : numbers.responders)
      for (const std::string& unit : units_of(open, role.name))
        if (unit != returned_by) add_responder(open, 1, unit, role, clock, "rule");
    if (order.responders.empty())
      for (const std::string& unit : units_of(open, item.department))
        add_responder(open, 1, unit, {item.department, false}, clock, "refused");
  }
  std::vector<std::string> units;
  for (const Responder& responder : order.responders) units.push_back(responder.unit);
  if (units.empty()) {
    record(open, "no_unit", "rule",
           {"登记与值班表中没有可派单位，请指定去向",
            "neither the registration nor the duty list has a unit"});
    return {};
  }
  record(
      open, "call", "rule",
      words("通知{}：{}内签收、{}内到场", "called: {}: to accept within {}, to be there within {}",
            {listed(units), spoken(numbers.accept), spoken(numbers.arrive)}));
  return {};
}

Dispatch::Answer Dispatch::return_refused(OpenOrder& open, const Feedback& said, Out&) {
  Order& order = open.order;
  if (!order.returning)
    return {because("return.none", {"没有待决定的退单", "no return waits for a decision"})};
  record(open, "return_refused", said.by,
         words("驳回{}的退单：{}，时限照计", "the return by {} is refused: {}; the clock went on",
               {order.returning->by, said.reason}));
  order.returning.reset();
  return {};
}

// Passed on by the unit itself, or by a seat for whoever owns it; the attempt stays the same.
Dispatch::Answer Dispatch::transfer(OpenOrder& open, const Feedback& said, Out&) {
  Order& order = open.order;
  const bool by_seat = kind_of(said.by) == "seat";
  const Responder* owner = by_seat ? owner_of(order) : responder_of(order, said.by);
  if (owner == nullptr)
    return {because("by.not_called", words("“{}”不是本单的响应单位",
                                           "'{}' was not called to this order", {said.by}))};
  const std::string to = with_kind("unit", said.to);
  if (responder_of(order, to) != nullptr)
    return {because("transfer.same",
                    words("{}已是本单的响应单位", "{} is called to it already", {to}))};
  const std::string from = owner->unit;
  Responder& heir = *responder_of(order, from);
  heir.unit = to;
  heir.state = OrderState::dispatched;
  heir.eta.reset();
  heir.why = "transfer";
  const LevelClock anew = clock_of(open, heir.level, now());
  heir.accept_by = anew.accept_by;
  for (LevelClock& clock : open.clocks)
    if (clock.level == heir.level) {
      clock.called = anew.called;
      clock.accept_by = anew.accept_by;
      clock.accept_done = false;
    }
  OrderState furthest = OrderState::dispatched;
  for (const Responder& responder : order.responders)
    furthest = std::max(furthest, responder.state);
  move(open, furthest);
  record(open, "transfer", said.by,
         words("由{}转办至{}：{}；到场与办结时限不变",
               "from {} to {}: {}; arrival and finish stay as they were", {from, to, said.reason}));
  return {};
}

Dispatch::Answer Dispatch::extend_grant(OpenOrder& open, const Feedback& said, Out&) {
  Order& order = open.order;
  if (!order.extension)
    return {because("extension.none", {"没有待批准的延期", "no extension was asked for"})};
  order.extension->granted = true;
  order.finish_by = order.extension->until;
  open.rung = kNone;
  open.reminded = 0;
  for (const int percent : item_of(open).ladder.remind)
    open.reminded += share_of_clock(open, percent) <= now();
  record(open, "extend_grant", said.by, words("{}批准延期", "{} grants the extension", {said.by}));
  return {};
}

Dispatch::Answer Dispatch::verify(OpenOrder& open, const Feedback& said, Out& out) {
  move(open, OrderState::verified);
  record(open, "verify", said.by, words("{}核查通过", "{} verified the result", {said.by}));
  publish(open, out);
  const Verdict& verdict = *open.order.verdict;
  close(open, said.by,
        words("核查通过，办结：{}，{}", "verified and closed: {}, {}",
              {text_of(*finding_of(verdict.finding)), text_of(*action_of(verdict.action))}),
        out);
  return {std::nullopt, true};
}

Dispatch::Answer Dispatch::reject_result(OpenOrder& open, const Feedback& said, Out&) {
  Order& order = open.order;
  order.verdict.reset();
  for (Responder& responder : order.responders)
    if (responder.state == OrderState::handled) responder.state = OrderState::accepted;
  move(open, OrderState::accepted);
  record(open, "reject_result", said.by,
         words("{}核查不通过：{}，退回原单位重办",
               "{} rejects the result: {}; the unit does it again", {said.by, said.reason}));
  return {};
}

Dispatch::Answer Dispatch::supervise(OpenOrder& open, const Feedback& said, Out&) {
  if (*said.reply_by <= now())
    return {because("supervise.replyBy",
                    {"答复期限须晚于现在", "the answer must be due later than now"})};
  const std::vector<std::string> leaders = units_of(open, "leader");
  const Responder* owner = owner_of(open.order);
  std::string to = with_kind("leader", said.to);
  if (to.empty() && !leaders.empty()) to = leaders.front();
  if (to.empty() && owner != nullptr) to = owner->unit;
  const Text cause = said.reason.empty() ? words("{}决定", "by decision of {}", {said.by})
                                         : words("{}", "{}", {said.reason});
  supervise_leader(open, said.by, std::move(to), *said.reply_by, cause);
  return {};
}

Dispatch::Answer Dispatch::supervise_reply(OpenOrder& open, const Feedback& said, Out&) {
  std::optional<Supervision>& supervision = open.order.supervision;
  if (!supervision || supervision->level < kSupervised)
    return {because("supervision.none", {"本单未被督办", "this order is not supervised"})};
  supervision->answer = said.text;
  record(open, "supervise_reply", said.by,
         words("{}书面答复督办：{}", "{} answers: {}", {said.by, said.text}));
  return {};
}

Dispatch::Answer Dispatch::recall(OpenOrder& open, const Feedback& said, Out& out) {
  const Text why = words("{}撤回：{}", "recalled by {}: {}", {said.by, said.reason});
  move(open, OrderState::recalled);
  open.order.returning.reset();
  open.order.pause.reset();
  open.ended = now();
  record(open, "recall", said.by, why);
  publish(open, out);
  tell(open, why);
  return {std::nullopt, true};
}

Dispatch::Answer Dispatch::call_logged(OpenOrder& open, const Feedback& said, Out&) {
  record(open, "call_logged", said.by,
         words("{}致电{}：{}", "{} called {}: {}", {said.by, said.who, said.result}));
  return {};
}

}  // namespace city
