#include "streams/entity_table.h"

#include <algorithm>
#include <utility>

#include "streams/check.h"
#include "streams/hash.h"

namespace streams {
namespace {

constexpr std::size_t kFirstPlaces = 64;
constexpr std::size_t kEntityOverhead = 320;  // bytes of a decoded entity beside its row, estimated

}  // namespace

// Store keys: r<partition><entity> rows, m<partition><entity's length><entity><tag><entry key> map
// entries, t<partition><time><entity> the time index.
std::string EntityTable::space_prefix(char space, int partition) {
  std::string key{space};
  key.push_back(static_cast<char>(partition >> 8));
  key.push_back(static_cast<char>(partition));
  return key;
}

std::string EntityTable::row_key(int partition, std::string_view entity) {
  return space_prefix(row_space::kEntity, partition).append(entity);
}

std::string EntityTable::entry_prefix(std::string_view entity) const {
  std::string key = space_prefix(row_space::kEntry, partition_);
  ByteWriter{key}.text(entity);
  return key;
}

std::string EntityTable::index_key(Time at, std::string_view entity) const {
  std::string key = space_prefix(kIndexSpace, partition_);
  append_sortable(key, static_cast<std::uint64_t>(at.time_since_epoch().count()) ^ (1ull << 63));
  return key.append(entity);
}

EntityTable::EntityTable(const StateLayout& layout, Store& store, int partition,
                         std::size_t limit_bytes)
    : layout_(layout),
      store_(store),
      partition_(partition),
      limit_bytes_(limit_bytes),
      has_maps_(std::any_of(layout.cells.begin(), layout.cells.end(),
                            [](const Cell& cell) { return cell.is_map; })),
      places_(kFirstPlaces) {}

EntityTable::~EntityTable() {
  for (const Place& place : places_) delete place.entity;
}

bool EntityTable::fail(Error error) {
  if (!error_) error_ = std::move(error);
  return false;
}

// ---- finding ------------------------------------------------------------------------------------

std::size_t EntityTable::place_of(std::uint64_t hash, std::string_view key) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  while (places_[at].entity != nullptr &&
         (places_[at].hash != hash || places_[at].entity->key != key))
    at = (at + 1) & mask;
  return at;
}

Entity* EntityTable::find(std::string_view key) {
  const std::uint64_t hash = hash64(key);
  const std::size_t at = place_of(hash, key);
  Entity* entity = places_[at].entity;
  if (entity == nullptr) entity = insert(key, hash);
  if (!entity->loaded && !load(*entity)) return nullptr;
  entity->referenced = true;
  return entity;
}

Entity* EntityTable::insert(std::string_view key, std::uint64_t hash) {
  if ((count_ + 1) * 2 > places_.size()) grow();
  const std::size_t at = place_of(hash, key);
  places_[at] = {hash, new Entity{layout_, key, hash}};
  places_[at].entity->aside = aside_.contains(key);
  ++count_;
  decoded_bytes_ += kEntityOverhead;
  return places_[at].entity;
}

void EntityTable::grow() {
  std::vector<Place> old = std::exchange(places_, std::vector<Place>(places_.size() * 2));
  for (const Place& place : old)
    if (place.entity != nullptr) places_[place_of(place.hash, place.entity->key)] = place;
}

void EntityTable::remove(std::size_t place) {
  const std::size_t mask = places_.size() - 1;
  decoded_bytes_ -= kEntityOverhead + places_[place].entity->row_bytes;
  delete std::exchange(places_[place].entity, nullptr);
  --count_;
  // Close the gap, so that probing needs no tombstones.
  for (std::size_t at = (place + 1) & mask; places_[at].entity != nullptr; at = (at + 1) & mask) {
    const std::size_t home = places_[at].hash & mask;
    if (((at - home) & mask) < ((at - place) & mask)) continue;
    places_[place] = std::exchange(places_[at], Place{});
    place = at;
  }
}

bool EntityTable::load(Entity& entity) {
  if (entity.committed.data() != nullptr) {
    if (!load_row(entity, entity.committed)) return false;
  } else {
    Result<std::optional<std::string>> row = store_.get(row_key(partition_, entity.key));
    if (!row) return fail(row.error());
    if (*row && (*row)->size() >= kRowSuffix) {
      const std::string_view bytes{**row};
      ByteReader suffix{bytes.substr(bytes.size() - kRowSuffix)};
      entity.stored_wake = Time{Duration{suffix.fixed<Duration::rep>()}};
      if (!load_row(entity, bytes.substr(0, bytes.size() - kRowSuffix))) return false;
    }
  }
  entity.loaded = true;
  entity.wake = std::min(entity.wake, next_wake(entity));
  return true;
}

bool EntityTable::load_row(Entity& entity, std::string_view row) {
  if (row.empty()) return true;
  weigh(entity, row.size());
  std::string damage;
  if (!decode_row(row, entity))
    damage = "its row is damaged, or of another version of this program";
  else if (has_maps_ && !load_entries(entity, damage))
    return false;
  if (damage.empty()) {
    if (std::exchange(entity.unreadable, false)) unreadable_.erase(entity.key);
    return true;
  }
  entity.unload();
  entity.aside = entity.unreadable = true;
  unreadable_[entity.key] = std::move(damage);
  return true;
}

bool EntityTable::load_entries(Entity& entity, std::string& damage) {
  bool wanted = false;
  for (std::size_t i = 0; i < layout_.cells.size(); ++i)
    wanted = wanted || (layout_.cells[i].is_map && entity.cells[i] != nullptr);
  if (!wanted) return true;
  const auto load_entry = [&](std::string_view tagged, std::string_view value) {
    ByteReader reader{tagged};
    const auto tag = reader.fixed<std::uint32_t>();
    for (std::size_t i = 0; i < layout_.cells.size(); ++i)
      if (layout_.cells[i].tag == tag && entity.cells[i] != nullptr)
        if (!layout_.cells[i].load(entity.cells[i], tagged.substr(sizeof tag), value)) return false;
    return true;
  };
  const std::string prefix = entry_prefix(entity.key);
  bool readable = true;
  const Result<void> scanned =
      store_.scan(prefix, [&](std::string_view key, std::string_view value) {
        const std::string tagged{key.substr(prefix.size())};
        if (!entity.committed_entries.contains(tagged)) readable = load_entry(tagged, value);
        return readable;
      });
  if (!scanned) return fail(scanned.error());
  for (const auto& [tagged, value] : entity.committed_entries)
    if (value) readable = readable && load_entry(tagged, *value);
  damage = readable ? lost_entries(entity) : "an entry of one of its maps is damaged";
  return true;
}

std::string EntityTable::lost_entries(const Entity& entity) const {
  for (std::size_t i = 0; i < layout_.cells.size(); ++i) {
    if (!layout_.cells[i].is_map || entity.cells[i] == nullptr) continue;
    const auto [loaded, written] = layout_.cells[i].counts(entity.cells[i]);
    if (loaded != written)
      return "it has " + std::to_string(loaded) + " of " + std::to_string(written) +
             " entries of " + layout_.cells[i].name + ": some were lost";
  }
  return {};
}

// ---- set aside ----------------------------------------------------------------------------------

Time EntityTable::next_wake(const Entity& entity) {
  return entity.aside ? kNever : entity.earliest_timer();
}

void EntityTable::keep_aside(Names names) {
  aside_.swap(names);
  for (const std::string& name : aside_)
    if (Entity* entity = places_[place_of(hash64(name), name)].entity) entity->aside = true;
  for (const std::string& name : names) {
    if (aside_.contains(name)) continue;
    Entity* entity = places_[place_of(hash64(name), name)].entity;
    if (entity != nullptr) {
      entity->aside = false;
      if (entity->unreadable) entity->loaded = false;  // once more: perhaps by another program
    }
    entity = find(name);
    if (entity != nullptr && next_wake(*entity) != kNever) push_wake(*entity, next_wake(*entity));
  }
}

// ---- timers -------------------------------------------------------------------------------------
// For every timer there is an entry in wakes_ at or before it. An entry that comes up too early is
// put back where its entity's earliest timer is; equal entries come up together and are one.

void EntityTable::set_timer(Entity& entity, int timer, Time at) {
  touch(entity);
  entity.set_timer(timer, at);
  if (at < entity.wake) push_wake(entity, at);
}

void EntityTable::push_wake(Entity& entity, Time at) {
  entity.wake = at;
  wakes_.push({at, entity.key});
}

bool EntityTable::settle_top() {
  while (!wakes_.empty()) {
    const Wake& top = wakes_.top();
    Entity* entity = find(top.key);
    if (entity == nullptr) return false;
    const Time earliest = next_wake(*entity);
    if (earliest == top.at) return true;
    const Wake gone = top;
    do wakes_.pop();
    while (!wakes_.empty() && wakes_.top() == gone);
    entity->wake = kNever;
    if (earliest != kNever) push_wake(*entity, earliest);
  }
  return false;
}

std::optional<Time> EntityTable::next_timer() {
  if (!settle_top()) return std::nullopt;
  return wakes_.top().at;
}

std::optional<EntityTable::Due> EntityTable::take_due(Time now) {
  if (!settle_top() || wakes_.top().at > now) return std::nullopt;
  return take_timer(*find(wakes_.top().key), wakes_.top().at);
}

std::optional<EntityTable::Due> EntityTable::take_due_of(Entity& entity, Time after, Time before) {
  Time first = kNever;
  for (const PendingTimer& timer : entity.timers)
    if (timer.at > after && tick_at_or_after(timer.at) < before) first = std::min(first, timer.at);
  if (first == kNever) return std::nullopt;
  return take_timer(entity, first);
}

EntityTable::Due EntityTable::take_timer(Entity& entity, Time at) {
  int first = -1;
  for (const PendingTimer& timer : entity.timers)
    if (timer.at == at && (first < 0 || timer.timer < first)) first = timer.timer;
  CHECK(first >= 0);
  touch(entity);
  entity.cancel_timer(first);
  return {&entity, first, at};
}

// ---- commit -------------------------------------------------------------------------------------

void EntityTable::commit_row(Entity& entity, std::string_view row) {
  note_unflushed(entity);
  entity.committed = row;
}

/// In a restore an entry may come without its entity's row, which the store has already, or which
/// comes behind the next flush.
void EntityTable::note_unflushed(Entity& entity) {
  if (!std::exchange(entity.unflushed, true)) unflushed_.push_back(&entity);
}

ChangeBlock EntityTable::cut(std::string own_rows) {
  CHECK(!cut_open_);
  cut_open_ = true;
  auto block = std::make_shared<std::string>(std::move(own_rows));
  block->reserve(usual_block_ + usual_block_ / 8);
  // Where each row lies: the block still moves while it grows.
  std::vector<std::pair<std::size_t, std::uint32_t>> places;
  places.reserve(touched_.size());
  RowWriter rows{*block};
  for (Entity* entity : touched_) {
    undo_.push_back({entity, entity->committed, entity->committed_entries});
    rows.begin(row_space::kEntity, entity->key);
    encode_row(*entity, *block);
    const std::uint32_t size = rows.end();
    if (size == 0) rows.gone();
    places.emplace_back(rows.value_at(), size);
    weigh(*entity, size);
    write_entries(*entity, rows);
    entity->touched = false;
  }
  usual_block_ = block->size();
  if (block->capacity() > block->size() + block->size() / 4) block->shrink_to_fit();
  for (std::size_t i = 0; i < touched_.size(); ++i)
    commit_row(*touched_[i], {block->data() + places[i].first, places[i].second});
  touched_.clear();
  touched_bytes_ = 0;
  block_bytes_ += block->size();
  blocks_.push_back(block);
  return block;
}

void EntityTable::write_entries(Entity& entity, RowWriter& rows) {
  if (!has_maps_) return;
  std::map<std::string, std::optional<std::string>> changed;
  for (std::size_t i = 0; i < layout_.cells.size(); ++i)
    if (layout_.cells[i].is_map && entity.cells[i] != nullptr)
      layout_.cells[i].drain(entity.cells[i], [&](std::string key, auto value) {
        std::string tagged;
        ByteWriter{tagged}.fixed(layout_.cells[i].tag);
        changed[tagged + key] = std::move(value);
      });
  std::string whole_key{row_space::kEntry};
  ByteWriter{whole_key}.text(entity.key);
  for (auto& [tagged, value] : changed) {
    rows.add(whole_key + tagged, value);
    entity.committed_entries[tagged] = std::move(value);
  }
}

void EntityTable::weigh(Entity& entity, std::size_t row_bytes) {
  decoded_bytes_ += row_bytes;
  decoded_bytes_ -= std::exchange(entity.row_bytes, static_cast<std::uint32_t>(row_bytes));
}

void EntityTable::confirm() {
  CHECK(cut_open_);
  cut_open_ = false;
  undo_.clear();
}

void EntityTable::rollback() {
  if (error_ && error_->kind == Error::Kind::abort_task) error_.reset();  // this answers it
  std::vector<Entity*> changed = std::exchange(touched_, {});
  touched_bytes_ = 0;
  for (Undo& undo : undo_) {
    undo.entity->committed = undo.committed;
    undo.entity->committed_entries = std::move(undo.entries);
    changed.push_back(undo.entity);
  }
  undo_.clear();
  if (cut_open_) {
    block_bytes_ -= blocks_.back()->size();
    blocks_.pop_back();
  }
  cut_open_ = false;
  std::erase_if(unflushed_, [](Entity* entity) {
    entity->unflushed =
        entity->committed.data() != nullptr || !entity->committed_entries.empty();
    return !entity->unflushed;
  });
  for (Entity* entity : changed) {
    entity->touched = false;
    entity->unload();
  }
  for (Entity* entity : changed) {
    if (entity->loaded || !load(*entity)) continue;
    // Its wake may have been moved past what it has to do again now.
    entity->wake = kNever;
    if (next_wake(*entity) != kNever) push_wake(*entity, next_wake(*entity));
  }
}

}  // namespace streams
