#pragma once

// field_order: the one order that a link opens, as JSON for the phone: what happened, where, why,
// what is asked for, and what became of this unit's own steps. Records pass through as they were
// written, but only the members named here: no other order, no receipt, no evidence, nobody's
// name. The words for findings and actions come along, so that the phone has them without a
// network. Any thread.

#include <string>

#include "app/field_link.h"

namespace app {

struct CityClock {
  Time now{};
  double speed = 1;  // city seconds per second
};

/// Whether it is part of a drill: so are the steps on it.
bool is_drill(const Board::OrderRecord& order);

/// {"unit", "expires", "clock", "speed", "time", "exercise", "order": {…}, "place": {…},
///  "warnings": […], "refusals": […], "findings": […], "actions": […]}
std::string field_order_json(const FieldLink& link, const Board::OrderRecord& order,
                             const CityClock& clock);

}  // namespace app
