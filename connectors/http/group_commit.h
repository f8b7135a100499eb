#pragma once

// GroupCommit: what comes through the HTTP door waits here until it is durable. One thread of its
// own takes all that has come together and appends it with one call, so that many callers share one
// disk flush. The queue is bounded: a full one says so at once, and the door answers 429. The last
// part of it is kept for what people say and what is life.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "streams/log.h"

namespace connectors {

/// Appends all, in order; returns when they are durable. May block. Called on one thread.
using Ingest = std::function<streams::Result<void>(std::vector<streams::Append>)>;

class GroupCommit {
 public:
  struct Limits {
    std::size_t waiting_bytes = 32 << 20;
    std::size_t kept_bytes = 8 << 20;  // beside them, for Urgency::first
    std::size_t group_bytes = 4 << 20;
  };
  using Done = std::function<void(streams::Result<void>)>;
  enum class Urgency { ordinary, first };

  explicit GroupCommit(Ingest ingest) : GroupCommit(std::move(ingest), Limits{}) {}
  GroupCommit(Ingest ingest, Limits limits);
  ~GroupCommit();  // after what was taken is appended and answered

  /// False: full, and `done` is never called. Else it is, once, on this thread's own.
  [[nodiscard]] bool submit(std::vector<streams::Append> records, Done done,
                            Urgency urgency = Urgency::ordinary);
  /// Whether there is no room for so many bytes of what is not first.
  bool full(std::size_t bytes) const;
  std::size_t waiting_records() const;

  /// The earliest `recorded` of what is not appended yet: no tick may be later (architecture,
  /// "Time").
  std::optional<streams::Time> oldest_waiting() const;
  std::uint64_t refused() const;

 private:
  struct Waiting {
    std::vector<streams::Append> records;
    std::size_t bytes;
    Done done;
  };
  void run();
  streams::Result<void> take_in(std::vector<streams::Append> group) const;

  Ingest ingest_;
  Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0, waiting_records_ = 0;
  std::optional<streams::Time> in_hand_;  // oldest `recorded` of the group being appended
  std::uint64_t refused_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace connectors
