#pragma once

// DoorClock: until when everything that came to any door has been forwarded, by whomever: a door is
// at its end, or its reader has noted with its committed offset when the last record before it was
// recorded. Without the note, doors that are never empty would hold the city's clock back. One
// thread.

#include "connectors/kafka/consumer.h"

namespace connectors::kafka {

class DoorClock {
 public:
  explicit DoorClock(std::vector<streams::Partition> doors) : doors_(std::move(doors)) {}

  /// What a reader notes with the offset behind a record.
  static std::string note(streams::Time recorded);

  const std::vector<streams::Partition>& doors() const { return doors_; }
  /// `committed`, then `ends`, were asked for at `asked` or later. Not later than `asked`; never
  /// goes back for a door whose offsets do not.
  streams::Time until(streams::Time asked, const CommittedOffsets& committed,
                      const Positions& ends);

 private:
  std::vector<streams::Partition> doors_;
  std::map<streams::Partition, streams::Time> known_;
};

}  // namespace connectors::kafka
