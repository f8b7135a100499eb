#pragma once

// The state machine of an order: which state may follow which. The one table; dispatch moves an
// order only through it. Supervision, pause, extension and a pending return are beside the state.

#include "operators/city/steps.h"

namespace city {

inline constexpr std::array<Bits, 8> kOrderMoves = [] {
  using namespace steps;
  std::array<Bits, 8> to{};
  const auto from = [&to](O state) -> Bits& { return to[static_cast<std::size_t>(state)]; };
  // The furthest responder gives the state; who takes an acceptance back sets it back.
  for (const O under_way : {O::dispatched, O::accepted, O::en_route, O::arrived})
    from(under_way) = kUnderWay | in(O::handled, O::closed);  // closed: by a record or the device
  for (const O early : {O::dispatched, O::accepted, O::en_route}) from(early) |= in(O::recalled);
  from(O::handled) = in(O::verified, O::accepted, O::closed);  // accepted: the result was rejected
  from(O::verified) = in(O::closed);
  return to;
}();

constexpr bool may_become(OrderState from, OrderState to) {
  return (kOrderMoves[static_cast<std::size_t>(from)] >> static_cast<Bits>(to) & 1) != 0;
}
constexpr bool is_under_way(OrderState state) {
  return (steps::kUnderWay >> static_cast<Bits>(state) & 1) != 0;
}

}  // namespace city
