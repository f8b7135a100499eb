// The third layer of the table: what goes to the store and comes back from it.

#include <algorithm>

#include "streams/check.h"
#include "streams/entity_table.h"
#include "streams/hash.h"

namespace streams {

std::vector<StoreWrite> EntityTable::take_flush() {
  CHECK(!cut_open_);
  std::vector<StoreWrite> batch;
  batch.reserve(unflushed_.size() + unflushed_.size() / 8);
  for (Entity* entity : unflushed_) {
    if (entity->committed.data() != nullptr) {
      write_wake(*entity, batch);
      StoreWrite row{row_key(partition_, entity->key), std::nullopt};
      if (!entity->committed.empty()) {
        row.value = std::string{entity->committed};
        ByteWriter{*row.value}.fixed(entity->stored_wake.time_since_epoch().count());
      }
      batch.push_back(std::move(row));
    }
    const std::string prefix = entity->committed_entries.empty() ? "" : entry_prefix(entity->key);
    for (const auto& [tagged, value] : entity->committed_entries)
      batch.push_back({prefix + tagged, value});
  }
  std::sort(batch.begin(), batch.end(),
            [](const StoreWrite& a, const StoreWrite& b) { return a.key < b.key; });
  return batch;
}

/// Brings the entity's entry in the store's time index to where its committed row needs it.
void EntityTable::write_wake(Entity& entity, std::vector<StoreWrite>& batch) {
  const Time earliest = earliest_timer_of_row(entity.committed);
  if (entity.stored_wake != kNever && (entity.stored_wake > earliest || earliest == kNever)) {
    batch.push_back({index_key(entity.stored_wake, entity.key), std::nullopt});
    entity.stored_wake = kNever;
  }
  if (entity.stored_wake == kNever && earliest != kNever) {
    batch.push_back({index_key(earliest, entity.key), ""});
    entity.stored_wake = earliest;
  }
}

void EntityTable::flushed() {
  CHECK(!cut_open_);
  for (Entity* entity : unflushed_) {
    entity->unflushed = false;
    entity->committed = {};
    entity->committed_entries.clear();
  }
  unflushed_.clear();
  blocks_.clear();
  block_bytes_ = 0;
}

void EntityTable::evict() {
  const std::size_t mask = places_.size() - 1;
  for (std::size_t steps = 0; decoded_bytes_ > limit_bytes_ && steps < 2 * places_.size();
       ++steps) {
    Entity* entity = places_[hand_ &= mask].entity;
    if (entity == nullptr || entity->touched || entity->unflushed) {
      ++hand_;
    } else if (entity->referenced) {
      entity->referenced = false;
      ++hand_;
    } else {
      remove(hand_);  // another may have moved here: look again
    }
  }
}

Result<void> EntityTable::restore() {
  const std::string prefix = space_prefix(kIndexSpace, partition_);
  return store_.scan(prefix, [&](std::string_view key, std::string_view) {
    key.remove_prefix(prefix.size());
    const std::uint64_t at = read_sortable(key) ^ (1ull << 63);
    wakes_.push({Time{Duration{static_cast<Duration::rep>(at)}}, std::string{key.substr(8)}});
    return true;
  });
}

Result<void> EntityTable::replay(ChangeBlock block) {
  RowReader reader{*block};
  for (ChangedRow row; reader.next(row);) {
    if (row.space == row_space::kEntry) replay_entry(row);
    if (row.space != row_space::kEntity) continue;
    if (Result<void> replayed = replay_row(row); !replayed) return replayed;
  }
  if (reader.damaged())
    return Error{Error::Kind::fatal,
                 "a change block of partition " + std::to_string(partition_) + " is damaged"};
  block_bytes_ += block->size();
  blocks_.push_back(std::move(block));
  return {};
}

Result<void> EntityTable::replay_row(const ChangedRow& row) {
  const std::uint64_t hash = hash64(row.key);
  Entity* entity = places_[place_of(hash, row.key)].entity;
  if (entity == nullptr) entity = insert(row.key, hash);
  if (entity->committed.data() == nullptr) {  // its entry in the stored index must be known
    const Result<std::optional<std::string>> stored = store_.get(row_key(partition_, row.key));
    if (!stored) return stored.error();
    if (*stored && (*stored)->size() >= kRowSuffix) {
      ByteReader suffix{std::string_view{**stored}.substr((*stored)->size() - kRowSuffix)};
      entity->stored_wake = Time{Duration{suffix.fixed<Duration::rep>()}};
    }
  }
  commit_row(*entity, row.value);
  const Time earliest = earliest_timer_of_row(row.value);
  if (earliest != kNever) wakes_.push({earliest, std::string{row.key}});
  return {};
}

// Its entity's row comes in the same commit, but where rows were left out perhaps later.
void EntityTable::replay_entry(const ChangedRow& row) {
  ByteReader reader{row.key};
  const std::string_view key = reader.text();
  if (!reader.good()) return;
  const std::uint64_t hash = hash64(key);
  Entity* entity = places_[place_of(hash, key)].entity;
  if (entity == nullptr) entity = insert(key, hash);
  note_unflushed(*entity);
  entity->committed_entries[std::string{reader.rest()}] =
      row.gone ? std::optional<std::string>{} : std::optional<std::string>{row.value};
}

}  // namespace streams
