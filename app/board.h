#pragma once

// Board: what screens and queries see. It follows the committed output topics from the log, keeps
// the latest record of every open warning, order, receipt and matter (at its bound of the most
// urgent ones: board_rows.h), the last closed ones and each entity's timeline, and gives JSON;
// records pass through as they were written. poll() is called by one thread (app/api.h); everything
// else by any thread. Nothing here is state of the engine: it can be read anew at any time.

#include <algorithm>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/board_rows.h"
#include "streams/log.h"

namespace app {

struct BoardLimits {
  RowLimits rows = {};                    // of warnings, and as many orders, receipts, matters
  std::size_t shown_closed = 200;         // in one answer
  std::size_t origins = 32;               // of dead letters, counted one by one
  std::size_t rules = 2'000;              // counted one by one
  std::size_t kept_letters = 50;          // last of `rejected` and of `dead.letters`
  std::size_t kept_refusals = 20;         // last `rejected` of one order
  std::size_t timeline_steps = 200;       // of one entity
  std::size_t timeline_bytes = 64 << 20;  // of all; the entity longest unchanged goes first
  std::size_t change_bytes = 4 << 20;     // changes that a reader of the stream can resume from
  std::size_t fetch_bytes = 1 << 20;
};

class Board {
 public:
  struct Options {
    int partitions = 1;     // of every output topic
    std::string run = "0";  // names this run in the stream's ids: those of another start anew
    int seats = 1;          // a flood is counted for each
    std::map<streams::Partition, std::int64_t> from = {};  // where to begin; else at 0
    BoardLimits limits = {};
  };
  /// `lookups`: of the same log, reads a record at any place at once; null: `log` does.
  Board(streams::Reader& log, Options options, streams::Reader* lookups = nullptr);

  /// How far the task that owns the entities of one partition has come, whoever runs it.
  struct Clock {
    Time committed{};  // its clock at its last commit
    Time readable{};   // at the last one of which everything can be read
  };
  using Clocks = std::map<int, Clock>;  // by partition; one that is not there is not known
  /// Reads all that is committed and not read yet; how many records that was. Advance notices that
  /// the task of their entity, once past them, has not confirmed are dropped.
  streams::Result<std::size_t> poll(Clocks clocks = {});

  struct Change {
    std::uint64_t number = 0;
    // "warning", "void" (a notice, not confirmed), "hide" (a row that makes way), "order", …
    std::string_view kind;
    std::shared_ptr<const std::string> event;
  };
  std::uint64_t last_change() const;
  /// Nothing where they are no longer kept: load the whole board.
  std::optional<std::vector<Change>> changes_after(std::uint64_t number) const;
  /// "<run>.<number>", as ids of the stream; `number` is nothing for an id of another run.
  std::string stream_id(std::uint64_t number) const;
  std::optional<std::uint64_t> number_of(std::string_view stream_id) const;

  /// Members id, warnings, orders, complaints, matters, closed ones, entities. Warnings come
  /// without their evidence: see warning().
  void append_rows(streams::JsonMembers& member) const;
  /// {"warnings": {…}, "orders": {…}, "rules": {…}, …}; overdue as of `now`.
  std::string counts_json(Time now) const;
  /// {"entity": …, "status": …, "warnings": […], "orders": […], "complaints": […],
  /// "matters": […], "timeline": […]}
  std::string entity_json(const std::string& entity) const;
  std::string letters_json() const;  // {"rejected": […], "deadLetters": […]}
  /// {"text": …, "places": […], "warnings": […], …, "rejected": […], "deadLetters": […]}: what has
  /// the text in it, what is open first (board_find.cpp).
  std::string find_json(const std::string& text) const;

  /// One order with what belongs to it, as records.
  struct OrderRecord {
    OrderView view;
    Text event, status;  // status: of its entity; may be null
    std::vector<Text> warnings, refusals;
  };
  /// The record of a warning, whole; null where it is not known, or no longer kept.
  Text warning(const std::string& id) const;
  /// Nothing where it is not known, or no longer kept.
  std::optional<OrderRecord> order(const std::string& id) const;

  struct Counters {
    std::uint64_t records = 0, unreadable = 0, rejected = 0, notices = 0;
    std::uint64_t dropped_warnings = 0, dropped_orders = 0, dropped_receipts = 0,
                  dropped_matters = 0;  // forgotten, of those without a row
    std::uint64_t dropped_timelines = 0;
    /// Open ones without a row, by priority or, where there is none, by state; counted below too.
    std::map<std::string, std::uint64_t> warnings_hidden, orders_hidden, receipts_hidden,
        matters_hidden;
    std::uint64_t void_notices = 0;
    std::map<std::string, std::uint64_t> warnings_open, orders_open, orders_overdue, receipts_open,
        matters_open;
    std::map<std::pair<std::string, std::string>, std::uint64_t> warnings;  // priority, rule: ever
    std::map<std::string, std::uint64_t> orders;                            // priority: ever
    std::map<std::string, std::uint64_t> dead_letters;                      // origin: ever
    std::uint64_t shelved = 0;
    bool flood = false;
  };
  Counters counters(Time now) const;

 private:
  struct Notice {
    std::string id;
    int partition = 0;
    Time at{};  // recorded
  };
  struct Entity {
    Text status;
    std::deque<std::string> timeline;
    std::size_t bytes = 0;
    std::list<std::string>::iterator age;
  };
  using EntitiesShown = std::map<std::string, const Entity*>;

  void take(const RecordPlace& at, std::string_view bytes);
  void take_warning(const Envelope& envelope, Text event, RecordPlace at);
  void drop_void();
  void count_warning(const WarningView& view, Time at);
  void take_order(const Envelope& envelope, Text event, RecordPlace at);
  void take_receipt(const Envelope& envelope, Text event, RecordPlace at);
  void take_matter(const Envelope& envelope, Text event, RecordPlace at);
  void take_status(const Envelope& envelope, Text event);
  void take_letter(const Envelope& envelope, Text event, std::string_view kind,
                   std::deque<Text>& kept);
  template <class View>
  void make_room(BoardRows<View>& rows);
  template <class View>
  streams::Result<void> bring_back(BoardRows<View>& rows);
  void add_change(std::string_view kind, Text event);
  void tell_place(const std::string& name);
  Entity& entity(const std::string& name);
  void add_step(const std::string& entity, std::string step);
  void trim_timelines();
  void count_flood(Time raised);
  std::size_t seats() const { return static_cast<std::size_t>(std::max(options_.seats, 1)); }
  template <class View>
  void append_open(std::string& out, const BoardRows<View>& rows, EntitiesShown& entities) const;
  template <class View>
  void append_closed(std::string& out, const BoardRows<View>& rows, EntitiesShown& entities) const;
  void add_known(const std::string& name, EntitiesShown& entities) const;

  streams::Reader &log_, &lookups_;
  const Options options_;
  std::map<streams::Partition, std::int64_t> next_;

  mutable std::mutex mutex_;  // guards what follows
  BoardRows<WarningView> warnings_;
  BoardRows<OrderView> orders_;
  BoardRows<ReceiptView> receipts_;
  BoardRows<MatterView> matters_;
  std::unordered_map<std::string, Entity> entities_;
  std::list<std::string> ages_;  // of entities, longest unchanged first
  std::size_t timeline_bytes_ = 0;
  std::deque<Text> rejected_, dead_letters_;
  Clocks clocks_;
  std::vector<Notice> notices_;  // wait for the engine's word
  std::deque<Change> changes_;
  std::size_t changes_bytes_ = 0;
  std::uint64_t last_change_ = 0;
  std::multiset<Time> raised_;  // within the flood's window
  bool flood_ = false;          // as of the last one raised
  Counters counters_;
};

}  // namespace app
