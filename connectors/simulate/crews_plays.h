#pragma once

// The rows of the crews' table, by who acts: put together by crew_table().

#include "connectors/simulate/crews_table.h"

namespace simulate {

std::span<const Play> elevator_plays();
std::span<const Play> premises_plays();
std::span<const Play> office_plays();

}  // namespace simulate
