#include "connectors/json/raw_slots.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "connectors/json/raw_list.h"

namespace connectors {
namespace {

using streams::Slot;

/// A slot that outlives the list it was read from.
Slot kept(const Slot& slot, cel::Arena& arena) {
  if (slot.is(Slot::Kind::raw)) return read_raw_slot(slot.view(), arena);
  if (!slot.is(Slot::Kind::text)) return slot;
  const std::string_view copy = arena.copy(slot.view());
  return copy.data() == nullptr ? cel::fault(cel::kOutOfMemory) : Slot::text(copy);
}

Slot list_in(const std::vector<Slot>& slots, cel::Arena& arena) {
  Slot* items = arena.array<Slot>(slots.size());
  if (items == nullptr) return cel::fault(cel::kOutOfMemory);
  std::copy(slots.begin(), slots.end(), items);
  return cel::list_of({items, slots.size()});
}

Slot map_in(const std::vector<cel::Entry>& members, cel::Arena& arena) {
  cel::Entry* entries = arena.array<cel::Entry>(members.size());
  if (entries == nullptr) return cel::fault(cel::kOutOfMemory);
  std::copy(members.begin(), members.end(), entries);
  return cel::map_of({entries, members.size()});
}

}  // namespace

Slot read_raw_slot(std::string_view json, cel::Arena& arena) {
  RawList reader;
  std::vector<Slot> slots;
  if (reader.for_each_element(json, [&](Slot slot) { slots.push_back(kept(slot, arena)); }))
    return list_in(slots, arena);
  std::vector<cel::Entry> members;
  std::unordered_map<std::string_view, std::size_t> places;  // an object may have thousands
  const bool object = reader.for_each_member(json, [&](std::string_view name, Slot slot) {
    const cel::Entry entry{kept(Slot::text(name), arena), kept(slot, arena)};
    const auto [place, added] = places.try_emplace(entry.key.view(), members.size());
    if (added)
      members.push_back(entry);
    else
      members[place->second].value = entry.value;
  });
  return object ? map_in(members, arena) : cel::fault("not a list or map");
}

}  // namespace connectors
