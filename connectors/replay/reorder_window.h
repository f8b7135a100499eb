#pragma once

// ReorderWindow: gives the records of one file without `recordedtime` an order and a recorded time.
// FileStream pushes what it decoded in the order of the file; what comes out is sorted by (time,
// source, id, bytes) within the disorder bound, so a file shuffled within it gives the same records
// in the same order; recorded = the running maximum of time. Exact duplicates stay. One thread.
//
// The clock is that running maximum. A record ahead of it by more than the bound is a jump: after
// a night everyone jumps; a broken clock jumps alone. So a jump waits until eight more records (of
// other lines) have been read, and counts only if more than half of them are of its time too (not
// more than the bound behind it). If it does not count, the record passes with the clock as it
// stands as its recorded time: one broken clock harms only itself. At the end of the file fewer
// witnesses do; with none, a jump counts if one as long did before. Six broken clocks in a row
// would pass as a night.
//
// What comes later than the bound passes at once with the clock reached so far.

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "streams/time.h"

namespace connectors {

struct Arrived {
  streams::Time time{};
  std::string source, id, bytes;
  std::string topic, subject;
  std::int64_t line = 0;
};

struct Ordered {
  streams::Time recorded{};
  Arrived record;
};

class ReorderWindow {
 public:
  static constexpr streams::Duration kBound = std::chrono::seconds{10};
  static constexpr int kWitnesses = 8;
  /// Beyond this the earliest passes, though others might still come before it.
  static constexpr std::size_t kMaxHeldBytes = 256 << 20;

  void push(Arrived record);
  /// No more will come.
  void end();
  /// The next record whose place is certain; nothing: push more, or after end(): that was all.
  std::optional<Ordered> pop();

  /// Records that passed before others were certain not to come, because too much was held.
  std::int64_t early() const { return early_; }

 private:
  struct Held {
    streams::Time at;  // its place: its time, or the clock's for a broken one
    Arrived record;
    auto key() const {
      return std::tie(at, record.time, record.source, record.id, record.bytes);
    }
    bool operator<(const Held& other) const { return key() < other.key(); }
  };
  struct Jump {
    Arrived record;
    int witnesses = 0;
    int agree = 0;
  };

  bool beyond(streams::Time time) const { return !clock_ || time > *clock_ + kBound; }
  void accept(Arrived record);
  void hold(streams::Time at, Arrived record);
  void absorb();
  void judge();
  bool counts(const Jump& jump) const;

  std::optional<streams::Time> clock_;
  streams::Duration longest_{};  // of the jumps that counted
  std::deque<Jump> jumps_;
  std::multiset<Held> held_;
  std::size_t held_bytes_ = 0;
  std::optional<streams::Time> recorded_;
  bool ended_ = false;
  std::int64_t early_ = 0;
};

}  // namespace connectors
