#pragma once

// SetAside: an entity whose state can't be gone on with: a record or timer broke an invariant of
// the program there, or its row can't be read. That record's effects are undone; what comes for the
// entity later goes to `dead.letters`, its timers stand still, and the rest of the city goes on.
// The marks are the task's own state, so a restart and a replay set the same entities aside at the
// same place. `watchfire entity restore` takes a mark away. Kept by the Task, told to operators
// that ask for it (Topology::set_asides). One task's thread.

#include <string>
#include <vector>

#include "streams/event.h"
#include "streams/event_text.h"

namespace streams {

/// More marks than these a task does not keep: the record is buried, its entity goes on as it was.
inline constexpr std::size_t kMostSetAside = 1000;

struct SetAside {
  std::string entity;
  Time since{};
  std::string reason;
  std::int64_t buried = 0;  // events and letters that came since
  static constexpr auto fields() {
    using S = SetAside;
    return std::tuple{field("entity", &S::entity), field("since", &S::since),
                      field("reason", &S::reason), field("buried", &S::buried)};
  }
};

/// What became of it, as operators are told.
struct AsideNews {
  enum class What { begun, buried, ended };
  What what = What::begun;
  const SetAside& mark;
  const Event* event = nullptr;  // of `buried`: what came
};

inline constexpr std::string_view kRestoreType = "city.entity.restored.v1";

/// The record that lets the entity go on with what it remembers.
inline std::string restore_event(std::string_view entity, Time at) {
  return begin_event({"restore/" + format_time(at), "/watchfire", kRestoreType, entity, at}) +
         "{}}";
}

}  // namespace streams
