#pragma once

// BoardRows: the open and the lately closed records of one kind on the board. Rows are bounded: at
// the bound the least urgent goes, and of those the one longest unchanged; for P1 the bound gives
// way, up to one of its own. Of a row that has gone it stays known how to count it and where its
// record stands in the log, so that it comes back when there is room. Board owns one for each kind,
// under its lock.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/board_views.h"
#include "streams/log.h"

namespace app {

struct RowLimits {
  std::size_t open = 20'000;
  std::size_t life = 40'000;     // as many where all are P1
  std::size_t hidden = 200'000;  // known without a row; beyond it the least urgent is forgotten
  std::size_t closed = 1'000;
};

using Text = std::shared_ptr<const std::string>;

/// Where a record stands in the log, and when it came there.
struct RecordPlace {
  const streams::Partition* partition = nullptr;  // the reader's
  std::int64_t offset = 0;
  Time recorded{};
};

template <class View>
class BoardRows {
 public:
  struct Row {
    View view;
    Text event;
    RecordPlace place{};
    std::size_t steps_seen = 0;   // of its history
    std::deque<Text> refusals{};  // of an order: last `rejected` that named it
    std::uint64_t changed = 0;    // the later, the higher
  };
  using Map = std::unordered_map<std::string, Row>;
  /// What is known of one without a row.
  struct Hidden {
    RecordPlace place;
    int revision = 0, rank = 0;
    bool shelved = false;
    std::size_t steps_seen = 0;
    std::uint64_t changed = 0;
    Time due = Time::max();
    const std::string* label = nullptr;     // what it is counted by
    const std::string* priority = nullptr;  // empty where it has none
  };

  explicit BoardRows(const RowLimits& limits) : limits_(limits) {}

  struct Placed {
    Row* row = nullptr;  // null: an older revision
    bool known = false;  // some revision was there before
    Row before{};        // of one without a row, revision and steps seen alone
  };
  /// Puts the newest revision where it belongs.
  Placed place(View view, Text event, RecordPlace at);
  /// Takes away the rows for which there is no room; their records.
  std::vector<Text> make_room();
  /// Those that come back now that there is room, most urgent first.
  std::vector<std::pair<std::string, RecordPlace>> returning(std::size_t most) const;
  /// It comes back; null: it was changed meanwhile. Without an event the log no longer has it.
  const Row* restore(const std::string& id, View view, Text event);
  /// Takes one out that never was; its record, where it had a row.
  Text remove(const std::string& id);

  Row* find(const std::string& id);
  const Row* find(const std::string& id) const { return const_cast<BoardRows*>(this)->find(id); }
  const Map& open() const { return open_; }
  const Map& closed() const { return closed_; }
  const std::deque<std::string>& closed_order() const { return closed_order_; }  // oldest first
  const std::unordered_map<std::string, Hidden>& hidden() const { return hidden_; }
  std::uint64_t forgotten() const { return forgotten_; }

 private:
  using Order = std::pair<int, std::uint64_t>;  // least urgent, then longest unchanged, first
  template <class T>
  static Order order_of(const T& one, int rank) {
    return {-rank, one.changed};
  }
  void add_open(Row row);
  void erase_open(typename Map::iterator it);
  void hide(typename Map::iterator it);
  void erase_hidden(typename std::unordered_map<std::string, Hidden>::iterator it);
  const std::string* word(const std::string& text) { return &*words_.insert(text).first; }

  const RowLimits limits_;
  Map open_, closed_;
  std::map<Order, const std::string*> open_order_;  // ids
  std::deque<std::string> closed_order_;
  std::unordered_map<std::string, Hidden> hidden_;
  std::map<Order, const std::string*> hidden_order_;  // ids
  std::set<std::string> words_;                       // labels and priorities
  std::uint64_t changes_ = 0, forgotten_ = 0;
};

// ---- implementation -----------------------------------------------------------------------------

template <class View>
typename BoardRows<View>::Placed BoardRows<View>::place(View view, Text event, RecordPlace at) {
  Placed placed;
  if (const Row* row = find(view.id)) {
    if (row->view.revision >= view.revision) return placed;
    placed.known = true;
    if (const auto it = open_.find(view.id); it != open_.end()) {
      placed.before = std::move(it->second);
      open_order_.erase(order_of(placed.before, placed.before.view.rank()));
      open_.erase(it);
    } else {
      const auto closed = closed_.find(view.id);
      placed.before = std::move(closed->second);
      std::erase(closed_order_, view.id);
      closed_.erase(closed);
    }
  } else if (const auto hidden = hidden_.find(view.id); hidden != hidden_.end()) {
    if (hidden->second.revision >= view.revision) return placed;
    placed.known = true;
    placed.before.view.revision = hidden->second.revision;
    placed.before.steps_seen = hidden->second.steps_seen;
    erase_hidden(hidden);
  }
  const std::string id = view.id;
  const bool open = view.open();
  Row row{std::move(view),          std::move(event),       at,
          placed.before.steps_seen, placed.before.refusals, ++changes_};
  if (open) {
    add_open(std::move(row));
    placed.row = &open_.at(id);
    return placed;
  }
  closed_order_.push_back(id);
  if (closed_order_.size() > limits_.closed) {
    closed_.erase(closed_order_.front());
    closed_order_.pop_front();
  }
  placed.row = &(closed_[id] = std::move(row));
  return placed;
}

template <class View>
void BoardRows<View>::add_open(Row row) {
  const Order order = order_of(row, row.view.rank());
  const auto it = open_.insert_or_assign(row.view.id, std::move(row)).first;
  open_order_.emplace(order, &it->first);
}

template <class View>
std::vector<Text> BoardRows<View>::make_room() {
  std::vector<Text> gone;
  while (open_.size() > limits_.open) {
    const auto least = open_.find(*open_order_.begin()->second);
    if (least->second.view.rank() == 1 && open_.size() <= limits_.life) break;
    gone.push_back(least->second.event);
    hide(least);
  }
  while (hidden_.size() > limits_.hidden) {
    erase_hidden(hidden_.find(*hidden_order_.begin()->second));
    ++forgotten_;
  }
  return gone;
}

template <class View>
void BoardRows<View>::hide(typename Map::iterator it) {
  const Row& row = it->second;
  Hidden hidden;
  hidden.place = row.place;
  hidden.revision = row.view.revision;
  hidden.rank = row.view.rank();
  hidden.shelved = row.view.is_shelved();
  hidden.steps_seen = row.steps_seen;
  hidden.changed = row.changed;
  hidden.due = row.view.due();
  hidden.label = word(row.view.label());
  hidden.priority = word(row.view.priority_label());
  const auto [at, is_new] = hidden_.insert_or_assign(it->first, hidden);
  hidden_order_.emplace(order_of(hidden, hidden.rank), &at->first);
  erase_open(it);
}

template <class View>
void BoardRows<View>::erase_open(typename Map::iterator it) {
  open_order_.erase(order_of(it->second, it->second.view.rank()));
  open_.erase(it);
}

template <class View>
void BoardRows<View>::erase_hidden(typename std::unordered_map<std::string, Hidden>::iterator it) {
  hidden_order_.erase(order_of(it->second, it->second.rank));
  hidden_.erase(it);
}

template <class View>
std::vector<std::pair<std::string, RecordPlace>> BoardRows<View>::returning(
    std::size_t most) const {
  std::vector<std::pair<std::string, RecordPlace>> found;
  std::size_t rows = open_.size();
  for (auto it = hidden_order_.rbegin(); it != hidden_order_.rend() && found.size() < most; ++it) {
    const Hidden& hidden = hidden_.at(*it->second);
    if (rows++ >= (hidden.rank == 1 ? limits_.life : limits_.open)) break;
    found.emplace_back(*it->second, hidden.place);
  }
  return found;
}

template <class View>
const typename BoardRows<View>::Row* BoardRows<View>::restore(const std::string& id, View view,
                                                              Text event) {
  const auto it = hidden_.find(id);
  if (it == hidden_.end()) return nullptr;
  const Hidden hidden = it->second;
  erase_hidden(it);
  if (event == nullptr) {
    ++forgotten_;
    return nullptr;
  }
  Row row{std::move(view), std::move(event), hidden.place, hidden.steps_seen, {}, hidden.changed};
  add_open(std::move(row));
  return &open_.at(id);
}

template <class View>
Text BoardRows<View>::remove(const std::string& id) {
  if (const auto it = hidden_.find(id); it != hidden_.end()) erase_hidden(it);
  const auto it = open_.find(id);
  if (it == open_.end()) return nullptr;
  const Text event = it->second.event;
  erase_open(it);
  return event;
}

template <class View>
typename BoardRows<View>::Row* BoardRows<View>::find(const std::string& id) {
  for (Map* kept : {&open_, &closed_})
    if (const auto it = kept->find(id); it != kept->end()) return &it->second;
  return nullptr;
}

}  // namespace app
