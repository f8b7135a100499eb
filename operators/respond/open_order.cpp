#include "operators/respond/open_order.h"

namespace city {

OrderDue next_due(const OpenOrder& open, const Ladder& ladder, const Calendar& calendar,
                  std::string_view hours) {
  using D = OrderDue;
  const Order& order = open.order;
  D due;
  const auto consider = [&due](streams::Time at, D::What what, int level = 0) {
    if (at < due.at) due = {at, what, level};
  };
  if (open.ended) return {*open.ended + kKeepClosed, D::forget, 0};
  if (order.pause) return {order.pause->until, D::unpause, 0};
  for (const LevelClock& clock : open.clocks) {
    if (!clock.accept_done) consider(clock.accept_by, D::accept, clock.level);
    if (!clock.arrive_done) consider(clock.arrive_by, D::arrive, clock.level);
  }
  const bool handled = order.state == OrderState::handled || order.state == OrderState::verified;
  const auto climb = [&](const Span& after, D::What rung) {
    consider(calendar.end_of(hours, *order.finish_by, after), rung);
  };
  if (order.finish_by && !handled) {  // the rest is the checker's time, not the unit's
    if (static_cast<std::size_t>(open.reminded) < ladder.remind.size())
      consider(
          calendar.opening(
              hours, share_of_clock(open, ladder.remind[static_cast<std::size_t>(open.reminded)])),
          D::remind);
    if (open.rung < kUrged) climb(ladder.urge, D::urge);
    if (open.rung < kSupervised) climb(ladder.supervise, D::supervise);
    if (open.rung < kReported) climb(ladder.report, D::report);
  }
  const std::optional<Supervision>& supervision = order.supervision;
  if (supervision && supervision->reply_by && supervision->answer.empty() && open.rung < kReported)
    consider(*supervision->reply_by, D::reply);
  return due;
}

}  // namespace city
