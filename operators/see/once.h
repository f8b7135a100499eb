#pragma once

// Once: passes each event on the first time it comes to its entity. Doors deliver at least once;
// what a duplicate says is counted and has no effect. The same id for other content is no
// duplicate: it has no effect either, but is answered on `rejected`. Telemetry and camera alerts
// also may come too late: older than kTooLate on arrival they are counted and have no effect. First
// operator of the city.
//
// Telemetry and cameras are the same when source and id are, within kTooLate at least; the others
// when their ids are, within kIdsKept, and after that when time and data are. Ids of signals stand
// in rows of kSignalsInRow: an elevator that speaks every second has 300 of them, and each commit
// must write only what is new. Content is the time that its source stated, and the bytes of `data`.

#include <cstdint>
#include <string_view>
#include <vector>

#include "operators/city/feedback.h"
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
  std::uint64_t id = 0;       // hash of source and id
  std::uint64_t content = 0;  // its hash
  streams::Time until{};
  static constexpr auto fields() {
    return std::tuple{field("id", &Seen::id), field("content", &Seen::content),
                      field("until", &Seen::until)};
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
  streams::Time last{};                 // when the newest of them was recorded
  std::vector<std::uint64_t> ids;       // hashes of source and id
  std::vector<std::uint32_t> contents;  // of each its hash, short
  static constexpr auto fields() {
    return std::tuple{field("last", &Signals::last), field("ids", &Signals::ids),
                      field("contents", &Signals::contents)};
  }
};

class Once : public streams::Operator<Event(Event)> {
 public:
  explicit Once(std::string city = {}) : city_(std::move(city)) {}

  streams::Value<SeenBefore> seen = value<SeenBefore>("seen");
  streams::Map<std::uint64_t, Signals> signals = map<std::uint64_t, Signals>("signals");
  streams::Side<city::Rejected> rejected = side<city::Rejected>("rejected");
  Count duplicates = count("duplicates");
  Count reused_ids = count("reused_ids");
  Count too_late = count("too_late");

  void process(const Record<Event>& in, Emit<Event>& out) override;

 private:
  enum class Known { no, same, other };
  Known take_signal(std::uint64_t id, std::uint64_t content, streams::Time recorded);
  Known take(std::uint64_t id, std::uint64_t content, streams::Time recorded);
  void refuse(const Event& event, std::uint64_t content);

  const std::string city_;
};

}  // namespace see
