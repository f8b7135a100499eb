#pragma once

// raw_slots: how expressions look into an event's arrays and objects: JSON text becomes a list or
// map in the evaluation's arena. Any thread.

#include <string_view>

#include "operators/rules/cel/environment.h"

namespace connectors {

/// A cel::ReadRaw: nothing in the answer is raw; an error slot where the arena is too small.
streams::Slot read_raw_slot(std::string_view json, cel::Arena& arena);

}  // namespace connectors
