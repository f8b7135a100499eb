#include "operators/see/once.h"

#include <algorithm>

#include "streams/hash.h"

namespace see {
void Once::process(const Record<Event>& in, Emit<Event>& out) {
  const Event& event = in.value;
  if (is_too_late(event)) {
    ++too_late;
    return;
  }
  const std::uint64_t id = streams::hash64(event.source, event.id);
  if (is_signal(event.type) ? is_new_signal(id, event.recorded) : is_new(id, event))
    out(event);
  else
    ++duplicates;
}

bool Once::is_new_signal(std::uint64_t id, streams::Time recorded) {
  const auto& rows = signals.all();
  for (const auto& [number, row] : rows)
    if (row.last + kTooLate >= recorded &&
        std::find(row.ids.begin(), row.ids.end(), id) != row.ids.end())
      return false;
  std::uint64_t newest = rows.empty() ? 0 : rows.rbegin()->first;
  if (!rows.empty() && rows.rbegin()->second.ids.size() >= kSignalsInRow) {
    ++newest;
    while (!rows.empty() && rows.begin()->second.last + kTooLate < recorded)
      signals.erase(std::uint64_t{rows.begin()->first});
  }
  Signals& row = signals.edit(newest);
  row.last = std::max(row.last, recorded);
  row.ids.push_back(id);
  return true;
}

bool Once::is_new(std::uint64_t id, const Event& event) {
  const std::uint64_t content = streams::hash64(streams::format_time(event.time), event.data);
  const SeenBefore& before = seen.get();
  const bool known_id = std::any_of(before.ids.begin(), before.ids.end(), [&](const Seen& one) {
    return one.id == id && one.until >= event.recorded;
  });
  if (known_id ||
      std::find(before.contents.begin(), before.contents.end(), content) != before.contents.end())
    return false;
  SeenBefore& mine = seen.edit();
  std::erase_if(mine.ids, [&](const Seen& one) { return one.until < event.recorded; });
  mine.ids.push_back({id, event.recorded + kIdsKept});
  if (mine.contents.size() == kContentsKept) mine.contents.erase(mine.contents.begin());
  mine.contents.push_back(content);
  return true;
}

}  // namespace see
