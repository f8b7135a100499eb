#include "connectors/kafka/door_clock.h"

#include <algorithm>
#include <charconv>

namespace connectors::kafka {

using streams::Time;

namespace {

Time time_of(const std::string& note) {
  std::int64_t count = 0;
  std::from_chars(note.data(), note.data() + note.size(), count);
  return Time{streams::Duration{count}};
}

}  // namespace

std::string DoorClock::note(Time recorded) {
  return std::to_string(recorded.time_since_epoch().count());
}

Time DoorClock::until(Time asked, const CommittedOffsets& committed, const Positions& ends) {
  Time until = asked;
  for (const streams::Partition& door : doors_) {
    const auto one = committed.find(door);
    const std::int64_t next = one == committed.end() ? 0 : one->second.offset;
    Time& known = known_.try_emplace(door, Time{}).first->second;
    if (next >= ends.at(door))
      known = asked;
    else if (one != committed.end())
      known = std::max(known, time_of(one->second.note));
    until = std::min(until, known);
  }
  return until;
}

}  // namespace connectors::kafka
