#include "streams/entity.h"

#include <algorithm>
#include <utility>

#include "streams/check.h"

namespace streams {

Entity::Entity(const StateLayout& state_layout, std::string_view name, std::uint64_t name_hash)
    : layout(state_layout),
      key(name),
      hash(name_hash),
      cells(std::make_unique<void*[]>(state_layout.cells.size())) {}

Entity::~Entity() {
  unload();
}

Time Entity::earliest_timer() const {
  Time earliest = kNever;
  for (const PendingTimer& timer : timers) earliest = std::min(earliest, timer.at);
  return earliest;
}

const Time* Entity::timer(int index) const {
  for (const PendingTimer& timer : timers)
    if (timer.timer == index) return &timer.at;
  return nullptr;
}

void Entity::set_timer(int index, Time at) {
  for (PendingTimer& timer : timers)
    if (timer.timer == index) {
      timer.at = at;
      return;
    }
  timers.push_back({index, at});
}

bool Entity::cancel_timer(int index) {
  return std::erase_if(timers, [index](const PendingTimer& t) { return t.timer == index; }) > 0;
}

void Entity::unload() {
  for (std::size_t i = 0; i < layout.cells.size(); ++i)
    if (cells[i] != nullptr) layout.cells[i].destroy(std::exchange(cells[i], nullptr));
  timers.clear();
  loaded = false;
}

bool Entity::blank() const {
  if (!timers.empty()) return false;
  for (std::size_t i = 0; i < layout.cells.size(); ++i)
    if (cells[i] != nullptr) return false;
  return true;
}

// Row: version, timers (count, then tag and time each), cells (tag, size, bytes) to the end. Timers
// come first, so that the time index can be made from rows without reading their cells.
void encode_row(const Entity& entity, std::string& out) {
  if (entity.blank()) return;
  ByteWriter writer{out};
  writer.fixed(kRowVersion);
  writer.varint(entity.timers.size());
  for (const PendingTimer& timer : entity.timers) {
    writer.fixed(entity.layout.timers[static_cast<std::size_t>(timer.timer)].tag);
    writer.fixed(timer.at.time_since_epoch().count());
  }
  for (std::size_t i = 0; i < entity.layout.cells.size(); ++i) {
    if (entity.cells[i] == nullptr) continue;
    const Cell& cell = entity.layout.cells[i];
    writer.fixed(cell.tag);
    const std::size_t size_at = out.size();
    writer.fixed(std::uint32_t{0});
    cell.encode(entity.cells[i], writer);
    const auto size = static_cast<std::uint32_t>(out.size() - size_at - sizeof(std::uint32_t));
    std::memcpy(out.data() + size_at, &size, sizeof size);
  }
}

bool decode_row(std::string_view row, Entity& entity) {
  ByteReader reader{row};
  if (reader.fixed<std::uint8_t>() != kRowVersion) return false;
  const std::uint64_t timers = reader.varint();
  for (std::uint64_t i = 0; i < timers && reader.good(); ++i) {
    const auto tag = reader.fixed<std::uint32_t>();
    const Time at{Duration{reader.fixed<Duration::rep>()}};
    // A timer or cell that this program no longer has is dropped with the operator that had it.
    for (std::size_t t = 0; t < entity.layout.timers.size(); ++t)
      if (entity.layout.timers[t].tag == tag) entity.timers.push_back({static_cast<int>(t), at});
  }
  while (reader.good() && !reader.empty()) {
    const auto tag = reader.fixed<std::uint32_t>();
    ByteReader bytes{reader.take(reader.fixed<std::uint32_t>())};
    for (std::size_t i = 0; i < entity.layout.cells.size(); ++i) {
      const Cell& cell = entity.layout.cells[i];
      if (cell.tag != tag) continue;
      entity.cells[i] = cell.create();
      if (!cell.decode(entity.cells[i], bytes)) return false;
    }
  }
  return reader.good();
}

bool is_entity_name(std::string_view name) {
  const std::size_t slash = name.find('/');
  return slash != 0 && slash < name.size() - 1 && name.size() <= kLongestName &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

Time earliest_timer_of_row(std::string_view row) {
  ByteReader reader{row};
  Time earliest = kNever;
  if (row.empty() || reader.fixed<std::uint8_t>() != kRowVersion) return earliest;
  const std::uint64_t timers = reader.varint();
  for (std::uint64_t i = 0; i < timers && reader.good(); ++i) {
    (void)reader.fixed<std::uint32_t>();
    earliest = std::min(earliest, Time{Duration{reader.fixed<Duration::rep>()}});
  }
  return earliest;
}

}  // namespace streams
