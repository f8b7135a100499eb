#pragma once

// Task: one partition's deterministic function. It is stepped from outside, one record or tick at a
// time; what it emits depends on those and on nothing else. Its clock is the last tick. What breaks
// an invariant costs nothing until it happens: the task then asks to be rolled back, is fed again,
// and sets the entity aside (set_aside.h) where it broke. Used by one thread at a time; no I/O but
// through its Store.

#include <memory>
#include <string>
#include <vector>

#include "streams/log.h"
#include "streams/topology.h"

namespace streams {

/// An event dated further ahead of its arrival than this is clamped to it and counted: a broken
/// clock harms only its own entity.
inline constexpr Duration kDisorderBound = 10s;

struct TaskOptions {
  std::string city;
  int partition = 0;
  std::size_t memory_bytes = 64 << 20;  // for decoded entities
};

class Task {
 public:
  Task(const Topology& topology, Store& store, std::unique_ptr<Decoder> decoder,
       const TaskOptions& options);

  /// Restoring: load() the store's copy, take_in() every change since, in order (the store may be
  /// brought up to date in between), then ready().
  Result<void> load();
  Result<void> take_in(const ChangeBlock& block);
  void ready();

  /// An event, letter or version; what can't be read goes to `dead.letters`.
  void process(const std::string& topic, const LogRecord& record);
  /// Activates a version: where its record stands, or before the first record of all.
  void adopt(const Version& version);
  /// Moves the clock and fires what is due.
  void tick(Time now);

  Time clock() const { return head_.clock; }
  std::optional<Time> next_timer() { return table_.next_timer(); }
  /// What came out since the last call: outputs in order, then letters in order.
  std::vector<Output>& outputs() { return graph_->outputs; }
  std::vector<Output>& letters() { return graph_->letters; }

  /// Head and changed rows since the last cut. See EntityTable for the order of these calls.
  ChangeBlock cut();
  void confirm();
  void rollback();
  std::vector<StoreWrite> take_flush();
  void flushed() { table_.flushed(); }
  std::size_t unflushed_bytes() const { return table_.unflushed_bytes(); }
  /// What the next cut will write, about.
  std::size_t touched_bytes() const { return table_.touched_bytes(); }
  void evict() { table_.evict(); }

  /// True: this task can't go on; error() says why. `abort_task`: an invariant broke; after a
  /// rollback and the same input again it goes on. Anything else: the store failed.
  bool failed() const { return table_.failed(); }
  const Error& error() const { return table_.error(); }

  struct Counts {
    std::uint64_t events = 0, letters = 0, timers = 0, dead = 0, clamped = 0;
  };
  Counts counts() const {
    Counts counts = counts_;
    counts.dead = graph_->buried();
    return counts;
  }
  const Graph& graph() const { return *graph_; }
  const std::vector<Version>& versions() const { return head_.versions; }
  const std::vector<SetAside>& set_aside() const { return head_.aside; }
  const EntityTable& table() const { return table_; }

 private:
  struct Head {
    Time clock{};
    std::vector<Version> versions;  // active ones
    std::vector<SetAside> aside;
  };
  struct StoredClock {
    Time clock{};
    static constexpr auto fields() { return std::tuple{field("clock", &StoredClock::clock)}; }
  };
  struct StoredVersions {
    std::vector<Version> versions;
    static constexpr auto fields() {
      return std::tuple{field("versions", &StoredVersions::versions)};
    }
  };
  struct StoredAside {
    std::vector<SetAside> aside;
    static constexpr auto fields() { return std::tuple{field("aside", &StoredAside::aside)}; }
  };
  /// What was in hand when an invariant broke: a record, or a timer.
  struct Broken {
    std::string topic{};  // empty: a timer
    std::int64_t offset = 0;
    std::string entity{};  // empty: none in particular
    int timer = 0;
    Time at{};
    std::string why{};
    bool reached = false, cut = false;  // since the last rollback; and a cut has it
    bool same(const Broken& other) const {
      if (!topic.empty()) return topic == other.topic && offset == other.offset;
      return entity == other.entity && timer == other.timer && at == other.at;
    }
  };
  bool take(const std::string& topic, const LogRecord& record);
  void deliver(const Event& event, const std::string& topic, const LogRecord& record);
  void fire(const EntityTable::Due& due, Time recorded);
  void fire_earlier(Entity& entity, Time recorded);
  void breaks(Broken broken, const char* why);
  Broken* broke_before(const Broken& at);
  void pass_by(const Broken& broken, const std::string& topic, const LogRecord& record);
  void mark_aside(std::string entity, Time since, std::string reason);
  void mark_unreadable();
  void keep_away(const Event& event, const std::string& topic, const LogRecord& record);
  void restore(const Event& event, const std::string& topic, const LogRecord& record);
  void tell(AsideNews news, Entity* entity, Time at);
  SetAside* mark_of(std::string_view entity);
  EntityTable::Names names_aside() const;
  void begin_context(Entity* entity, Time at, Time recorded);
  void activate(const Event& event, const std::string& topic, const LogRecord& record);
  void bury(const std::string& topic, const LogRecord& record, const Reject& reject);
  void refresh_fields();
  Result<void> take_in(char space, std::string_view row);
  std::string own_row(char space, const Head& head) const;
  std::string own_key(char space) const;

  const TaskOptions options_;
  Store& store_;
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<Graph> graph_;
  EntityTable table_;
  Head head_;
  Head committed_;                 // at the last confirmed cut
  Head cut_head_;                  // at the unconfirmed cut
  bool versions_changed_ = false, aside_changed_ = false;  // since the last cut
  std::vector<Broken> broken_;                              // since the last commit
  Counts counts_;
  Event event_;
};

}  // namespace streams
