#include "connectors/json/raw_list.h"

namespace connectors {

using streams::Slot;

/// The walker walks over a padded copy: its views are moved over to the original.
Slot RawList::in(std::string_view json, Slot slot) const {
  if (!slot.is(Slot::Kind::text) && !slot.is(Slot::Kind::raw)) return slot;
  const auto copy = reinterpret_cast<std::uintptr_t>(walker_.text());
  const auto chars = reinterpret_cast<std::uintptr_t>(slot.chars);
  if (chars >= copy && chars < copy + json.size()) slot.chars = json.data() + (chars - copy);
  return slot;
}

bool RawList::for_each_element(std::string_view json, const OnElement& element) {
  const Walker::Mark start = walker_.start_unpadded(json);
  if (start == nullptr || walker_.first(start) != '[') return false;
  const Walker::Mark end = walker_.array(start, [&](Walker::Mark at) {
    Slot value;
    const Walker::Mark next = walker_.value(at, value);
    if (next != nullptr) element(in(json, value));
    return next;
  });
  return walker_.finish(end);
}

bool RawList::for_each_member(std::string_view json, const OnMember& member) {
  const Walker::Mark start = walker_.start_unpadded(json);
  if (start == nullptr || walker_.first(start) != '{') return false;
  const Walker::Mark end = walker_.object(start, [&](std::string_view name, Walker::Mark at) {
    Slot value;
    const Walker::Mark next = walker_.value(at, value);
    if (next != nullptr) member(name, in(json, value));
    return next;
  });
  return walker_.finish(end);
}

}  // namespace connectors
