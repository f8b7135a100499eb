#pragma once

// Once: passes each event on the first time it comes to its entity. Doors deliver at least once;
// what a duplicate says is counted and has no effect. Telemetry and camera alerts also may come too
// late: older than kTooLate on arrival they are counted and have no effect. First operator of the
// city.
//
// Telemetry and cameras are the same when source and id are, within kTooLate at least; the others
// when their ids are, within kIdsKept, and after that when time and data are. Ids of signals stand
// in rows of kSignalsInRow: an elevator that speaks every second has 300 of them, and each commit
// must write only what is new.

#include <cstdint>
#include <string_view>
#include <vector>

#include "streams/operator.h"

namespace see {

using streams::Emit;
using streams::Event;
using streams::field;
using streams::Record;

inline constexpr streams::Duration kTooLate = std::chrono::minutes{5};
inline constexpr streams::Duration kIdsKept = std::chrono::hours{48};
inline constexpr std::size_t kContentsKept = 256;  // per entity
inline constexpr std::size_t kSignalsInRow = 16;

/// What devices say, often; the rest people and registers say.
inline bool is_signal(std::string_view type) {
  return type == "city.elevator.telemetry.v1" || type == "city.camera.alert.v1";
}
inline bool is_too_late(const Event& event) {
  return is_signal(event.type) && event.time + kTooLate < event.recorded;
}

struct Seen {
  std::uint64_t id = 0;  // hash of source and id
  streams::Time until{};
  static constexpr auto fields() {
    return std::tuple{field("id", &Seen::id), field("until", &Seen::until)};
  }
};

/// Of permits, complaints, feedback.
struct SeenBefore {
  std::vector<Seen> ids;                // in the order of arrival
  std::vector<std::uint64_t> contents;  // hashes, oldest first
  static constexpr auto fields() {
    return std::tuple{field("ids", &SeenBefore::ids), field("contents", &SeenBefore::contents)};
  }
};

/// Signals that came one after the other.
struct Signals {
  streams::Time last{};            // when the newest of them was recorded
  std::vector<std::uint64_t> ids;  // hashes of source and id
  static constexpr auto fields() {
    return std::tuple{field("last", &Signals::last), field("ids", &Signals::ids)};
  }
};

class Once : public streams::Operator<Event(Event)> {
 public:
  streams::Value<SeenBefore> seen = value<SeenBefore>("seen");
  streams::Map<std::uint64_t, Signals> signals = map<std::uint64_t, Signals>("signals");
  Count duplicates = count("duplicates");
  Count too_late = count("too_late");

  void process(const Record<Event>& in, Emit<Event>& out) override;

 private:
  bool is_new_signal(std::uint64_t id, streams::Time recorded);
  bool is_new(std::uint64_t id, const Event& event);
};

}  // namespace see
