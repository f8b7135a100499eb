#pragma once

// Inbox: the one ordered input of a task that reads several doors: their records in (recorded time,
// door, offset) order, and the letters that wait for the next epoch. Epochs owns one per task; the
// task's thread reads it.

#include <deque>
#include <limits>
#include <string>
#include <vector>

#include "streams/log.h"

namespace streams {

class Inbox {
 public:
  Inbox(Log& log, const std::vector<std::string>& doors, int partition);

  struct Next {
    const std::string* topic = nullptr;
    const LogRecord* record = nullptr;  // null: all doors are at their end
  };
  /// The door record that comes next; valid until take().
  Result<Next> peek();
  void take();

  /// Waiting letters, oldest first: raw records of `city.events`.
  struct Letter {
    Time recorded;  // the tick of the epoch that wrote it
    std::string bytes;
  };
  std::deque<Letter> letters;
  void letter_taken() {
    letters.pop_front();
    ++letters_next_;
  }
  std::int64_t letters_next() const { return letters_next_; }

  /// Continue behind what a commit consumed.
  Result<void> seek(const Offsets& consumed);
  /// From now to the next seek() the doors end there: what came behind was not there then.
  void end_at(const Offsets& consumed);
  /// Door records behind which the next peek() looks, of all doors together.
  std::int64_t taken() const;
  void add_positions(Offsets& consumed) const;

 private:
  struct Door {
    Partition partition;
    Batch batch{};
    std::size_t at = 0;
    std::int64_t next = 0;
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
  };
  Result<void> refill(Door& door);

  Log& log_;
  int partition_;
  std::vector<Door> doors_;
  Door* first_ = nullptr;  // whose record peek() gave
  std::int64_t letters_next_ = 0;
};

}  // namespace streams
