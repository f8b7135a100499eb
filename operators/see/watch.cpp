#include "operators/see/watch.h"

#include <cstring>

namespace see {

using streams::Slot;

Scalar Scalar::of(const Slot& slot) {
  Scalar scalar;
  switch (slot.kind) {
    case Slot::Kind::text:
      scalar.text = slot.view();
      break;
    case Slot::Kind::boolean:
      scalar.bits = slot.b ? 1 : 0;
      break;
    case Slot::Kind::integer:
    case Slot::Kind::natural:
    case Slot::Kind::number:
      std::memcpy(&scalar.bits, &slot.i, sizeof scalar.bits);
      break;
    case Slot::Kind::duration:
    case Slot::Kind::timestamp:
      scalar.size = slot.size;
      scalar.bits = slot.i;
      break;
    default:
      return scalar;  // absent: nothing else is worth keeping
  }
  scalar.kind = static_cast<std::uint8_t>(slot.kind);
  return scalar;
}

Slot Scalar::slot() const {
  const auto slot_kind = static_cast<Slot::Kind>(kind);
  if (slot_kind == Slot::Kind::text) return Slot::text(text);
  if (slot_kind == Slot::Kind::boolean) return Slot::boolean(bits != 0);
  Slot slot;
  slot.kind = slot_kind;
  slot.size = size;
  slot.i = bits;
  return slot;
}

const RuleState* Watch::find(std::uint64_t rule) const {
  for (const RuleState& state : rules)
    if (state.rule == rule) return &state;
  return nullptr;
}

const Ended* Watch::end_of(std::uint64_t rule) const {
  for (const Ended& end : ended)
    if (end.rule == rule) return &end;
  return nullptr;
}

}  // namespace see
