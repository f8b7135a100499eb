#include "operators/see/once.h"

#include <algorithm>

#include "streams/hash.h"

namespace see {
namespace {

bool is_signal(std::string_view type) {
  return type == "city.elevator.telemetry.v1" || type == "city.camera.alert.v1";
}

}  // namespace

void Once::process(const Record<Event>& in, Emit<Event>& out) {
  const Event& event = in.value;
  const bool signal = is_signal(event.type);
  if (signal && event.time + kTooLate < event.recorded) {
    ++too_late;
    return;
  }
  const std::uint64_t id = streams::hash64(event.source, event.id);
  const std::uint64_t content =
      signal ? 0 : streams::hash64(streams::format_time(event.time), event.data);
  const SeenBefore& before = seen.get();
  const bool known_id = std::any_of(before.ids.begin(), before.ids.end(), [&](const Seen& one) {
    return one.id == id && one.until >= event.recorded;
  });
  const bool known_content = !signal && std::find(before.contents.begin(), before.contents.end(),
                                                  content) != before.contents.end();
  if (known_id || known_content) {
    ++duplicates;
    return;
  }
  SeenBefore& mine = seen.edit();
  std::erase_if(mine.ids, [&](const Seen& one) { return one.until < event.recorded; });
  mine.ids.push_back({id, event.recorded + (signal ? kTooLate : kIdsKept)});
  if (!signal) {
    if (mine.contents.size() == kContentsKept) mine.contents.erase(mine.contents.begin());
    mine.contents.push_back(content);
  }
  out(event);
}

}  // namespace see
