#pragma once

// The state machine of a warning: which state may follow which. The one table; judge moves a
// warning only through it. Claim, shelving and the condition are beside the state.

#include "operators/city/steps.h"

namespace city {

inline constexpr std::array<Bits, 8> kWarningMoves = [] {
  using namespace steps;
  std::array<Bits, 8> to{};
  const auto from = [&to](W state) -> Bits& { return to[static_cast<std::size_t>(state)]; };
  from(W::raised) = in(W::screening, W::confirmed, W::dispatched) | kEnded;
  from(W::screening) = in(W::confirmed, W::dispatched) | kEnded;
  from(W::confirmed) = in(W::dispatched) | kEnded;
  from(W::dispatched) = in(W::confirmed) | kEnded;  // confirmed: its order was recalled
  for (const W ended : {W::resolved, W::dismissed, W::merged, W::suppressed})
    from(ended) = in(W::raised);           // reopened, or its parent is over
  from(W::suppressed) |= in(W::resolved);  // it ended before its parent did
  return to;
}();

constexpr bool may_become(WarningState from, WarningState to) {
  return (kWarningMoves[static_cast<std::size_t>(from)] >> static_cast<Bits>(to) & 1) != 0;
}
constexpr bool is_over(WarningState state) {
  return (steps::kEnded >> static_cast<Bits>(state) & 1) != 0;
}

}  // namespace city
