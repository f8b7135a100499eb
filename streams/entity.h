#pragma once

// Entity: everything one elevator, rule or seat remembers in this task: its decoded cells and its
// timers, in one row. Owned by the EntityTable; operators reach it through Value, Map and Timer.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "streams/cell.h"
#include "streams/time.h"

namespace streams {

inline constexpr Time kNever = Time::max();

struct PendingTimer {
  int timer;  // index in the layout
  Time at;
};

/// Changed map entries of one entity, by "<cell tag><entry key>"; nothing means erased.
using EntryRows = std::map<std::string, std::optional<std::string>>;

struct Entity {
  Entity(const StateLayout& state_layout, std::string_view name, std::uint64_t name_hash);
  ~Entity();
  Entity(const Entity&) = delete;
  Entity& operator=(const Entity&) = delete;

  Time earliest_timer() const;
  const Time* timer(int index) const;
  void set_timer(int index, Time at);
  bool cancel_timer(int index);  // false: it was not set

  /// Forgets everything decoded; the committed rows stay.
  void unload();
  /// True when there is nothing to remember.
  bool blank() const;

  const StateLayout& layout;
  const std::string key;
  const std::uint64_t hash;

  bool loaded = false;      // the members below are decoded
  bool touched = false;     // changed since the last cut
  bool referenced = false;  // used since the eviction hand last came by
  bool aside = false;       // set aside: no event is delivered, no timer fires
  bool unreadable = false;  // and that because its row can't be read, which is kept as it is
  std::unique_ptr<void*[]> cells;
  std::vector<PendingTimer> timers;
  Time wake = kNever;  // an entry of the time index at or before the earliest timer

  // Layer 2: the last committed row that is not yet in the store (view into a change block; empty
  // but not null: a tombstone), and its map entries.
  std::string_view committed;
  EntryRows committed_entries;
  bool unflushed = false;       // either of them is there: the table's flush knows of it
  std::uint32_t row_bytes = 0;  // of the last row read or written
  Time stored_wake = kNever;    // time of this entity's entry in the store's time index
};

/// The entity's row: version, present cells, timers. Empty for a blank entity.
void encode_row(const Entity& entity, std::string& out);
/// False: the row is damaged or newer than this program.
[[nodiscard]] bool decode_row(std::string_view row, Entity& entity);

/// Earliest timer of a row without decoding its cells; kNever when none.
Time earliest_timer_of_row(std::string_view row);

inline constexpr std::uint8_t kRowVersion = 3;

/// No entity, and so no row's key, is longer; a letter to one can't be sent.
inline constexpr std::size_t kLongestName = 512;
/// Whether an entity can have this name: `<kind>/<id>` without control characters, in the bound.
bool is_entity_name(std::string_view name);

}  // namespace streams
