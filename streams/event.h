#pragma once

// Event: what came in through a door, as the engine sees it: the typed CloudEvents envelope, the
// raw `data`, and the slots that active rules read, filled once by the Decoder. All text is a view
// into the log's block or the decoder's buffer and lives until the next event is decoded. One
// task's thread.

#include <cstdint>
#include <span>
#include <string_view>

#include "streams/slot.h"
#include "streams/time.h"

namespace streams {

struct Event {
  std::string_view id;
  std::string_view source;
  std::string_view type;
  std::string_view subject;    // the entity, `<kind>/<id>`: the key
  std::string_view causation;  // the event that led to this one, or empty
  std::string_view vouched;    // units for which a door says that an officer answers, or empty
  std::string_view via;        // the entities that a letter came through, oldest first, a line each
  Time time{};                 // when it happened, by its source's clock (clamped, see task.h)
  Time recorded{};             // when it reached a door
  Time stated{};               // as its source's clock had it; without one: the epoch
  bool exercise = false;
  std::string_view data;  // JSON text
  std::span<const Slot>
      slots;  // by the type's field list; absent where the event has no such field
};

}  // namespace streams
