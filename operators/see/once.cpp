#include "operators/see/once.h"

#include <algorithm>

#include "operators/city/words.h"
#include "streams/hash.h"

namespace see {

void Once::process(const Record<Event>& in, Emit<Event>& out) {
  const Event& event = in.value;
  if (is_too_late(event)) {
    ++too_late;
    return;
  }
  const std::uint64_t id = streams::hash64(event.source, event.id);
  const auto stated = static_cast<std::uint64_t>(event.stated.time_since_epoch().count());
  const std::uint64_t content = streams::hash64(event.data, stated);
  switch (is_signal(event.type) ? take_signal(id, content, event.recorded)
                                : take(id, content, event.recorded)) {
    case Known::no:
      return out(event);
    case Known::same:
      ++duplicates;
      return;
    case Known::other:
      ++reused_ids;
      return refuse(event, content);
  }
}

Once::Known Once::take_signal(std::uint64_t id, std::uint64_t content, streams::Time recorded) {
  const auto short_content = static_cast<std::uint32_t>(content);
  const auto& rows = signals.all();
  for (const auto& [number, row] : rows) {
    if (row.last + kTooLate < recorded) continue;
    const auto known = std::find(row.ids.begin(), row.ids.end(), id);
    if (known == row.ids.end()) continue;
    const auto place = static_cast<std::size_t>(known - row.ids.begin());
    return row.contents[place] == short_content ? Known::same : Known::other;
  }
  std::uint64_t newest = rows.empty() ? 0 : rows.rbegin()->first;
  if (!rows.empty() && rows.rbegin()->second.ids.size() >= kSignalsInRow) {
    ++newest;
    while (!rows.empty() && rows.begin()->second.last + kTooLate < recorded)
      signals.erase(std::uint64_t{rows.begin()->first});
  }
  Signals& row = signals.edit(newest);
  row.last = std::max(row.last, recorded);
  row.ids.push_back(id);
  row.contents.push_back(short_content);
  return Known::no;
}

Once::Known Once::take(std::uint64_t id, std::uint64_t content, streams::Time recorded) {
  const SeenBefore& before = seen.get();
  for (const Seen& one : before.ids)
    if (one.id == id && one.until >= recorded)
      return one.content == content ? Known::same : Known::other;
  if (std::find(before.contents.begin(), before.contents.end(), content) != before.contents.end())
    return Known::same;
  SeenBefore& mine = seen.edit();
  std::erase_if(mine.ids, [&](const Seen& one) { return one.until < recorded; });
  mine.ids.push_back({id, content, recorded + kIdsKept});
  if (mine.contents.size() == kContentsKept) mine.contents.erase(mine.contents.begin());
  mine.contents.push_back(content);
  return Known::no;
}

void Once::refuse(const Event& event, std::uint64_t content) {
  city::Rejected refused;
  refused.id = streams::make_id("x-", {city_, "reused", event.source, event.id, key(),
                                       std::to_string(content)});
  refused.target = event.id;
  refused.reason = city::because(
      "id.reused", city::words("来源“{}”的编号“{}”已用于另一内容：本次内容不予采纳，请换新编号重发",
                               "'{}' has used the id '{}' for other content: this has no effect; "
                               "send it with an id of its own",
                               {event.source, event.id}));
  rejected(refused);
}

}  // namespace see
