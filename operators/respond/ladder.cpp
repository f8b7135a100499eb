// Time: what happens to an order by itself. Reminders at shares of the clock, then the ladder: urge
// (催办), supervise the leader (督办; the unit keeps the order, its leader owes an answer), report
// to the district. Each rung names its cause in the history and tells whom it concerns.

#include "operators/city/words.h"
#include "operators/respond/dispatch.h"

namespace city {
namespace {

using streams::Duration;

LevelClock& level_clock(OpenOrder& open, int level) {
  for (LevelClock& clock : open.clocks)
    if (clock.level == level) return clock;
  CHECK(false);
  return open.clocks.front();
}

std::string owner_name(const Order& order) {
  const Responder* owner = owner_of(order);
  return owner == nullptr ? "" : owner->unit;
}

}  // namespace

bool Dispatch::on_due(OpenOrder& open, const OrderDue& due) {
  const int before = steps_of(open.order);
  const Item& item = item_of(open);
  const auto overdue = [&](const Span& after) {
    return after == Span{}
               ? words("办结时限（{}）已到，仍未处置",
                       "the time to finish ({}) is up and it is not handled", {spoken(item.finish)})
               : words("超过办结时限{}仍未处置", "not handled {} after the finish deadline",
                       {spoken(after)});
  };
  switch (due.what) {
    case OrderDue::unpause:
      end_pause(open, "rule",
                {"挂起期满，时限恢复计算", "the pause is over: the clock runs again"});
      break;
    case OrderDue::accept:
      on_acceptance_due(open, level_clock(open, due.level));
      break;
    case OrderDue::arrive:
      on_arrival_due(open, level_clock(open, due.level));
      break;
    case OrderDue::remind:
      remind(open, item.ladder, due.at);
      break;
    case OrderDue::urge:
      open.rung = kUrged;
      urge(open, overdue(item.ladder.urge));
      break;
    case OrderDue::supervise: {
      const std::vector<std::string> leaders = units_of(open, "leader");
      const std::string owner = owner_name(open.order);
      supervise_leader(open, "rule", leaders.empty() ? "leader/" + owner : leaders.front(),
                       calendar_->end_of(hours_of(open), due.at, item.ladder.reply),
                       overdue(item.ladder.supervise));
      break;
    }
    case OrderDue::reply:
      report(open, words("{}未在期限内书面答复督办", "{} did not answer the supervision in time",
                         {open.order.supervision->to}));
      break;
    case OrderDue::report:
      report(open, overdue(item.ladder.report));
      break;
    case OrderDue::forget:
      break;
  }
  return steps_of(open.order) != before || due.what == OrderDue::unpause;
}

// To the owner, never into a queue.
void Dispatch::remind(OpenOrder& open, const Ladder& ladder, streams::Time at) {
  const int percent = ladder.remind[static_cast<std::size_t>(open.reminded++)];
  const Text why = words("办结时限已用{}%，还剩{}", "{}% of the time to finish is gone, {} left",
                         {percent, spoken_roughly(*open.order.finish_by - at)});
  const std::string owner = owner_name(open.order);
  record(open, "remind", "rule", why);
  if (!open.order.supervision || open.order.supervision->level <= kReminded)
    open.order.supervision = Supervision{kReminded, "rule", owner, at, std::nullopt, {}};
  notify(open, owner, "reminder", words("“{}”：{}", "'{}': {}", {open.order.title, why}));
}

void Dispatch::urge(OpenOrder& open, const Text& cause) {
  record(open, "urge", "rule", words("催办：{}", "urged: {}", {cause}));
  if (!open.order.supervision || open.order.supervision->level <= kUrged)
    open.order.supervision =
        Supervision{kUrged, "rule", owner_name(open.order), context().time, std::nullopt, {}};
  for (const Responder& responder : open.order.responders)
    notify(open, responder.unit, "urge",
           words("“{}”催办：{}", "'{}' is urged: {}", {open.order.title, cause}));
}

void Dispatch::supervise_leader(OpenOrder& open, std::string_view by, std::string to,
                                streams::Time reply_by, const Text& cause) {
  open.rung = std::max(open.rung, static_cast<int>(kSupervised));
  const Text within = spoken_roughly(reply_by - context().time);
  record(open, "supervise", by,
         words("督办：{}；工单仍由原单位办理，{}须在{}内书面答复",
               "supervised: {}; the unit keeps the order, {} owes a written answer within {}",
               {cause, to, within}));
  notify(open, to, "supervision",
         words("“{}”督办：{}，请在{}内书面答复", "'{}' is supervised: {}; answer within {}",
               {open.order.title, cause, within}));
  open.order.supervision =
      Supervision{kSupervised, std::string{by}, std::move(to), context().time, reply_by, {}};
}

void Dispatch::report(OpenOrder& open, const Text& cause) {
  open.rung = kReported;
  const std::vector<std::string> regulators = units_of(open, "regulator");
  record(open, "report", "rule",
         words("上报{}：{}", "reported to {}: {}", {listed(regulators), cause}));
  std::string answer;
  std::optional<streams::Time> reply_by;
  if (open.order.supervision) {
    answer = open.order.supervision->answer;
    reply_by = open.order.supervision->reply_by;
  }
  open.order.supervision =
      Supervision{kReported,      "rule",   regulators.empty() ? "" : regulators.front(),
                  context().time, reply_by, std::move(answer)};
  for (const std::string& regulator : regulators)
    notify(open, regulator, "report",
           words("“{}”上报：{}", "'{}' is reported: {}", {open.order.title, cause}));
}

// Every deadline moves by as long as the clock stood.
void Dispatch::end_pause(OpenOrder& open, std::string_view by, const Text& why) {
  Order& order = open.order;
  const streams::Time end = std::min(order.pause->until, now());
  const Duration stood = std::max(Duration::zero(), end - order.pause->since);
  open.started += stood;
  if (order.finish_by) *order.finish_by += stood;
  for (LevelClock& clock : open.clocks) {
    clock.called += stood;
    if (!clock.accept_done) clock.accept_by += stood;
    if (!clock.arrive_done) clock.arrive_by += stood;
  }
  for (Responder& responder : order.responders) {
    if (responder.accept_by && *responder.accept_by > order.pause->since)
      *responder.accept_by += stood;
    if (responder.arrive_by && *responder.arrive_by > order.pause->since)
      *responder.arrive_by += stood;
  }
  record(open, "resume", by,
         words("{}（停计{}）", "{} (it stood for {})", {why, spoken_roughly(stood)}));
  order.pause.reset();
}

}  // namespace city
