#pragma once

// EntityTable: the keyed state of one task in three layers: decoded entities (1), their committed
// but unstored rows (2, views into change blocks), the Store (3). Called by the task, on its
// thread.
//
//   touch ──> cut() ──> the commit travels ──> confirm() or rollback()
//   every few seconds, between commits: take_flush() ──> Store::write ──> flushed()
//
// A crash loses layers 1 and 2; restore() reads the time index and replay() the change blocks of
// the commits that the store had not yet taken in. The time index itself is never in a change
// block: it is derived, lazily corrected, and lives in the store beside the rows.

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "streams/change_block.h"
#include "streams/entity.h"
#include "streams/result.h"
#include "streams/store.h"

namespace streams {

class EntityTable {
 public:
  /// `limit_bytes` bounds the decoded entities (an estimate: rows are counted at their encoded
  /// size).
  EntityTable(const StateLayout& layout, Store& store, int partition, std::size_t limit_bytes);
  ~EntityTable();

  Result<void> restore();
  /// Takes in the entities' rows of a committed block; rows of other spaces are left to the task.
  Result<void> replay(ChangeBlock block);

  /// The entity, loaded; null when the store failed: see error(). One whose row can't be read is
  /// set aside, and its row stays as it is.
  Entity* find(std::string_view key);
  bool failed() const { return error_.has_value(); }
  const Error& error() const { return *error_; }
  /// The task can't go on: `abort_task` until rollback(), anything else for good.
  bool fail(Error error);

  using Names = std::set<std::string, std::less<>>;
  /// These entities are set aside, and no others but those that can't be read.
  void keep_aside(Names names);
  /// Those, and why not.
  const std::map<std::string, std::string, std::less<>>& unreadable() const { return unreadable_; }

  void touch(Entity& entity) {
    if (entity.touched) return;
    entity.touched = true;
    touched_.push_back(&entity);
    touched_bytes_ += kTouchedOverhead + entity.row_bytes;
  }
  void set_timer(Entity& entity, int timer, Time at);

  /// The earliest timer of any entity, exactly; nothing when there is none or the store failed.
  std::optional<Time> next_timer();
  /// The entity and timer that is due first, at or before `now`, taken off; ties by key, then by
  /// declaration. Nothing when none is due or the store failed.
  struct Due {
    Entity* entity;
    int timer;
    Time at;
  };
  std::optional<Due> take_due(Time now);
  /// Likewise of one entity: due behind `after`, and a tick would have come before `before`.
  std::optional<Due> take_due_of(Entity& entity, Time after, Time before);

  /// Changed rows since the last cut, added to the task's own; at most one cut may be unconfirmed.
  ChangeBlock cut(std::string own_rows);
  void confirm();
  /// Back to the last confirmed cut: the unconfirmed cut, if any, and all changes since are undone.
  void rollback();

  /// Every confirmed row that the store does not have yet, sorted. Not while a cut is unconfirmed.
  std::vector<StoreWrite> take_flush();
  void flushed();
  std::size_t unflushed_bytes() const { return block_bytes_; }
  /// What the next cut will write, about.
  std::size_t touched_bytes() const { return touched_bytes_; }

  /// Drops cold entities that are in the store until the estimate is below the limit again.
  void evict();
  std::size_t entities() const { return count_; }
  std::size_t decoded_bytes() const { return decoded_bytes_; }

  static std::string row_key(int partition, std::string_view entity);

  /// Store keys of a partition begin with a space and the partition.
  static constexpr char kIndexSpace = 't';
  static constexpr std::array<char, 6> kSpaces{row_space::kHead,   row_space::kVersions,
                                               row_space::kAside,  row_space::kEntity,
                                               row_space::kEntry,  kIndexSpace};
  static std::string space_prefix(char space, int partition);

 private:
  struct Wake {
    Time at;
    std::string key;
    auto operator<=>(const Wake&) const = default;
  };
  struct Undo {  // what an unconfirmed cut replaced
    Entity* entity;
    std::string_view committed;
    EntryRows entries;
  };
  struct Place {
    std::uint64_t hash = 0;
    Entity* entity = nullptr;
  };

  std::size_t place_of(std::uint64_t hash, std::string_view key) const;
  Entity* insert(std::string_view key, std::uint64_t hash);
  void remove(std::size_t place);
  void grow();
  bool load(Entity& entity);
  bool load_row(Entity& entity, std::string_view row);
  bool load_entries(Entity& entity, std::string& damage);
  std::string lost_entries(const Entity& entity) const;
  static Time next_wake(const Entity& entity);  // kNever: none, or none that may fire
  Due take_timer(Entity& entity, Time at);
  void commit_row(Entity& entity, std::string_view row);
  void note_unflushed(Entity& entity);
  void write_wake(Entity& entity, std::vector<StoreWrite>& batch);
  void write_entries(Entity& entity, RowWriter& rows);
  Result<void> replay_row(const ChangedRow& row);
  void replay_entry(const ChangedRow& row);
  void weigh(Entity& entity, std::size_t row_bytes);
  bool settle_top();  // false: no timer at all
  void push_wake(Entity& entity, Time at);
  std::string entry_prefix(std::string_view entity) const;
  std::string index_key(Time at, std::string_view entity) const;

  static constexpr std::size_t kTouchedOverhead = 64;  // of a row, beside its bytes
  // A stored row ends with the time of its entry in the store's time index: never in a block.
  static constexpr std::size_t kRowSuffix = sizeof(Duration::rep);

  const StateLayout& layout_;
  Store& store_;
  const int partition_;
  const std::size_t limit_bytes_;
  const bool has_maps_;
  std::optional<Error> error_;
  Names aside_;
  std::map<std::string, std::string, std::less<>> unreadable_;

  std::vector<Place> places_;  // open addressing, linear probing; size is a power of two
  std::size_t count_ = 0;
  std::size_t hand_ = 0;
  std::size_t decoded_bytes_ = 0;

  std::vector<Entity*> touched_;
  std::size_t touched_bytes_ = 0;
  std::vector<Undo> undo_;
  bool cut_open_ = false;
  std::vector<Entity*> unflushed_;
  std::deque<ChangeBlock> blocks_;
  std::size_t block_bytes_ = 0;
  std::size_t usual_block_ = 0;  // size of the last one

  std::priority_queue<Wake, std::vector<Wake>, std::greater<>> wakes_;
};

}  // namespace streams
