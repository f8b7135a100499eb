#pragma once

// board_steps: one step of a timeline as JSON, out of a record of the board. Pure; the board's
// thread.

#include <algorithm>
#include <span>
#include <string>

#include "app/board_views.h"

namespace app {

/// What a screen calls the change; empty: evidence alone, no step of its own.
std::string_view change_of(const WarningView& now, const WarningView* before);

std::string warning_step(const WarningView& view, std::string_view change, Time at);
/// A step of an order's, a receipt's or a matter's history; `at` where it has no time of its own.
std::string order_step(const OrderView& order, const StepView& step, Time at);
std::string receipt_step(const ReceiptView& receipt, const StepView& step, Time at);
std::string matter_step(const MatterView& matter, const StepView& step, Time at);

/// The steps of a row's history that no revision before had. Where it omits some of them, they are
/// in no timeline: they stand in revisions that nobody has read here.
template <class Row>
std::span<const StepView> new_steps(Row& row) {
  const std::vector<StepView>& history = row.view.history;
  const std::size_t ever =
      history.size() + static_cast<std::size_t>(std::max(row.view.history_omitted, 0));
  const std::size_t fresh = ever - std::min(row.steps_seen, ever);
  row.steps_seen = ever;
  return std::span{history}.last(std::min(fresh, history.size()));
}

}  // namespace app
