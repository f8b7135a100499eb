#pragma once

// Once: passes each event on the first time it comes to its entity. Doors deliver at least once;
// what a duplicate says is counted and has no effect. Telemetry and camera alerts also may come too
// late: older than kTooLate on arrival they are counted and have no effect. First operator of the
// city.
//
// Telemetry and cameras are the same when source and id are, within kTooLate; the others when their
// ids are, within kIdsKept, and after that when time and data are.

#include <cstdint>
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

struct Seen {
  std::uint64_t id = 0;  // hash of source and id
  streams::Time until{};
  static constexpr auto fields() {
    return std::tuple{field("id", &Seen::id), field("until", &Seen::until)};
  }
};

struct SeenBefore {
  std::vector<Seen> ids;                // in the order of arrival
  std::vector<std::uint64_t> contents;  // of permits, complaints, feedback: hashes, oldest first
  static constexpr auto fields() {
    return std::tuple{field("ids", &SeenBefore::ids), field("contents", &SeenBefore::contents)};
  }
};

class Once : public streams::Operator<Event(Event)> {
 public:
  streams::Value<SeenBefore> seen = value<SeenBefore>("seen");
  Count duplicates = count("duplicates");
  Count too_late = count("too_late");

  void process(const Record<Event>& in, Emit<Event>& out) override;
};

}  // namespace see
