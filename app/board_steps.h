#pragma once

// board_steps: one step of a timeline as JSON, out of a record of the board. Pure; the board's
// thread.

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

}  // namespace app
