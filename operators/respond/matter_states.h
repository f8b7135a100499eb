#pragma once

// The state machine of a matter: which state may follow which. The one table; matters moves a
// matter only through it. An objection stands beside the state in which it came, and whatever is
// legal there follows it.

#include "operators/city/steps.h"

namespace city {

inline constexpr std::array<Bits, 11> kMatterMoves = [] {
  using namespace steps;
  std::array<Bits, 11> to{};
  const auto from = [&to](M state) -> Bits& { return to[static_cast<std::size_t>(state)]; };
  from(M::opened) = in(M::notified, M::objection, M::corrected, M::case_filed);
  from(M::notified) = in(M::objection, M::corrected, M::not_corrected, M::case_filed);
  from(M::corrected) = in(M::objection, M::exempted, M::case_filed);
  from(M::not_corrected) = in(M::objection, M::corrected, M::case_filed);
  from(M::case_filed) = in(M::objection, M::decided);
  from(M::objection) = in(M::objection, M::notified, M::corrected, M::not_corrected, M::exempted,
                          M::case_filed, M::decided);
  from(M::decided) = in(M::served);
  from(M::served) = in(M::paid);
  from(M::paid) = in(M::closed);
  from(M::exempted) = in(M::closed);
  return to;
}();

constexpr bool may_become(MatterState from, MatterState to) {
  return (kMatterMoves[static_cast<std::size_t>(from)] >> static_cast<Bits>(to) & 1) != 0;
}

}  // namespace city
