#pragma once

// Mail: events on their way from a device or an office to a door. Sent in the order of their own
// time, given out in the order in which they arrive: (recorded, door, sequence). One thread.

#include <optional>
#include <queue>
#include <vector>

#include "connectors/simulate/wire.h"

namespace simulate {

class Mail {
 public:
  /// `bytes` are stamped with `recorded` when they are handed over.
  void send(Door door, std::string_view subject, std::string bytes, Time recorded);
  /// Broken bytes, as they are.
  void send_unstamped(Door door, std::string_view subject, std::string bytes, Time recorded);

  std::optional<Time> next() const;
  void take(Time until, std::vector<Arrival>& out);

 private:
  struct Letter {
    std::uint32_t slot;
    std::uint64_t sequence;
    Time recorded;
    Door door;
    bool operator<(const Letter& other) const;  // arrives later
  };
  struct Content {
    std::string subject, bytes;
    bool stamped = true;
  };
  void put(Door door, std::string_view subject, std::string bytes, Time recorded, bool stamped);

  std::priority_queue<Letter> letters_;
  std::vector<Content> contents_;  // by slot: what the queue moves about stays small
  std::vector<std::uint32_t> free_;
  std::uint64_t sequence_ = 0;
};

}  // namespace simulate
