#include "operators/see/marks.h"

#include <algorithm>

namespace see {

using streams::Time;

std::size_t insert_by_time(std::vector<Mark>& marks, Mark mark) {
  const auto behind =
      std::upper_bound(marks.begin(), marks.end(), mark.evidence.time,
                       [](Time time, const Mark& one) { return time < one.evidence.time; });
  const auto place = behind - marks.begin();
  marks.insert(behind, std::move(mark));
  return static_cast<std::size_t>(place);
}

void insert_moment(std::vector<Time>& seen, Time at) {
  const auto place = std::lower_bound(seen.begin(), seen.end(), at);
  if (place != seen.end() && *place == at) return;
  seen.insert(place, at);
  if (seen.size() <= kSeenKept) return;
  for (std::size_t i = seen.size() - 2; i < seen.size(); i -= 2)
    seen.erase(seen.begin() + static_cast<std::ptrdiff_t>(i));
}

std::optional<std::size_t> full_window(std::span<const Mark> marks, std::size_t place,
                                       std::size_t count, streams::Duration within) {
  for (std::size_t last = std::max(place, count - 1); last < std::min(marks.size(), place + count);
       ++last) {
    const std::size_t first = last + 1 - count;
    if (marks[last].evidence.time - marks[first].evidence.time <= within) return first;
  }
  return std::nullopt;
}

std::vector<std::size_t> full_sequence(std::span<const Mark> marks, std::size_t steps,
                                       streams::Duration within) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const bool begun = !found.empty();
    if (begun && marks[i].evidence.time - marks[found.front()].evidence.time > within)
      found.clear();
    if (!found.empty() && static_cast<std::size_t>(marks[i].part) == found.size()) {
      found.push_back(i);
      if (found.size() == steps + 1) return found;
    } else if (marks[i].part == 0) {
      found = {i};
    }
  }
  return {};
}

void drop_old(std::vector<Mark>& marks, Time since, std::size_t most) {
  std::erase_if(marks, [&](const Mark& mark) { return mark.evidence.time < since; });
  if (marks.size() > most)
    marks.erase(marks.begin(), marks.end() - static_cast<std::ptrdiff_t>(most));
}

void drop_surplus(std::vector<Mark>& marks, int part) {
  const auto of_part = [part](const Mark& mark) { return mark.part == part; };
  if (std::count_if(marks.begin(), marks.end(), of_part) <=
      static_cast<std::ptrdiff_t>(kStepMarksKept))
    return;
  marks.erase(std::find_if(marks.begin(), marks.end(), of_part));
}

}  // namespace see
