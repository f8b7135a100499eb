#pragma once

// marks: the events that counting rules and sequences keep, in the order of their own times, so
// that one that comes late takes its place among the others. What is too old to matter goes; the
// number has a bound. Pure; used by see/detect.

#include <optional>
#include <span>
#include <vector>

#include "operators/see/watch.h"

namespace see {

inline constexpr std::size_t kMarksKept = 64;      // of a rule; more where it counts further
inline constexpr std::size_t kStepMarksKept = 16;  // of one step of a sequence
inline constexpr std::size_t kSeenKept = 64;       // moments of a hold that is opening

/// Behind those of the same time; its place.
std::size_t insert_by_time(std::vector<Mark>& marks, Mark mark);

/// Of the moments at which a condition was so, oldest first. Beyond kSeenKept every second one
/// goes, but for the newest.
void insert_moment(std::vector<streams::Time>& seen, streams::Time at);

/// The first `count` marks in a row within that time, the one at `place` among them; the place of
/// their first.
std::optional<std::size_t> full_window(std::span<const Mark> marks, std::size_t place,
                                       std::size_t count, streams::Duration within);

/// The marks that complete a sequence of `when` and `steps` more, by their places; as if they had
/// come in the order of their times. Empty: none do.
std::vector<std::size_t> full_sequence(std::span<const Mark> marks, std::size_t steps,
                                       streams::Duration within);

/// What is older than `since`, and the oldest beyond `most`, goes.
void drop_old(std::vector<Mark>& marks, streams::Time since, std::size_t most);
/// The oldest of a step beyond kStepMarksKept goes.
void drop_surplus(std::vector<Mark>& marks, int part);

}  // namespace see
