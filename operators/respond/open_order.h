#pragma once

// OpenOrder: what dispatch remembers of one order beside what it publishes, and what of it falls
// due next. Kept while the order is open and 48 h longer, so that late words are answered.

#include "operators/city/matter.h"
#include "operators/duty/duty_list.h"

namespace city {

inline constexpr streams::Duration kKeepClosed = std::chrono::hours{48};

/// A warning that the order answers: whom its verdict is told.
struct Source {
  std::string warning, rule, device;
  streams::Time begun{};  // the newest that said its condition holds: no older word ends it
  static constexpr auto fields() {
    return std::tuple{field("warning", &Source::warning), field("rule", &Source::rule),
                      field("device", &Source::device), field("begun", &Source::begun)};
  }
};

/// A complaint about the entity that no order answers yet.
struct WaitingReceipt {
  std::string receipt;
  streams::Time since{};
  bool screening = false;  // it has been told that a warning is being looked at
  streams::Time came{};    // when the complaint came in
  static constexpr auto fields() {
    return std::tuple{field("receipt", &WaitingReceipt::receipt),
                      field("since", &WaitingReceipt::since),
                      field("screening", &WaitingReceipt::screening),
                      field("came", &WaitingReceipt::came)};
  }
};

/// A complaint that the order answers, unless it came in after what was found.
struct HeldReceipt {
  std::string receipt;  // "complaint/…"
  streams::Time came{};
  static constexpr auto fields() {
    return std::tuple{field("receipt", &HeldReceipt::receipt), field("came", &HeldReceipt::came)};
  }
};

/// By when a level of responders has to answer and to be there.
struct LevelClock {
  int level = 1;
  streams::Time called{}, accept_by{}, arrive_by{};
  bool accept_done = false, arrive_done = false;  // looked at when it was due
  static constexpr auto fields() {
    using L = LevelClock;
    return std::tuple{field("level", &L::level),
                      field("called", &L::called),
                      field("acceptBy", &L::accept_by),
                      field("arriveBy", &L::arrive_by),
                      field("acceptDone", &L::accept_done),
                      field("arriveDone", &L::arrive_done)};
  }
};

/// Rungs of the ladder, as `supervision.level` has them.
enum Rung : int { kNone = 0, kReminded = 1, kUrged = 2, kSupervised = 3, kReported = 4 };

/// Who said last, and when, that a unit of the registration uses or maintains the entity.
struct NamedUnits {
  streams::Time use_unit{}, maintenance_unit{};  // when it was told to the city
  std::string use_unit_by, maintenance_unit_by;
  static constexpr auto fields() {
    using N = NamedUnits;
    return std::tuple{field("useUnit", &N::use_unit),
                      field("maintenanceUnit", &N::maintenance_unit),
                      field("useUnitBy", &N::use_unit_by),
                      field("maintenanceUnitBy", &N::maintenance_unit_by)};
  }
};

struct OpenOrder {
  Order order;
  std::vector<Source> sources;
  std::vector<LevelClock> clocks;
  streams::Time dispatched{};  // this attempt
  streams::Time started{};     // of the clock that runs to finish_by; a pause moves it
  int reminded = 0;            // of the ladder's percentages
  int rung = kNone;            // highest that the finish deadline has led to
  bool life = false;
  bool exercise = false;
  std::string cause;                 // the event that last changed it
  std::optional<streams::Time> due;  // of the record whose overdue it answers
  std::optional<streams::Time> ended;
  std::vector<HeldReceipt> receipts;  // whom its end is told
  std::vector<Ground> grounds;        // the first and the last 15 of its warnings' evidence
  std::string party;                  // who used the place when it was found

  static constexpr auto fields() {
    using O = OpenOrder;
    return std::tuple{field("order", &O::order),       field("sources", &O::sources),
                      field("clocks", &O::clocks),     field("dispatched", &O::dispatched),
                      field("started", &O::started),   field("reminded", &O::reminded),
                      field("rung", &O::rung),         field("life", &O::life),
                      field("exercise", &O::exercise), field("cause", &O::cause),
                      field("due", &O::due),           field("ended", &O::ended),
                      field("receipts", &O::receipts), field("grounds", &O::grounds),
                      field("party", &O::party)};
  }
};

struct OrderDue {
  enum What { unpause, accept, arrive, remind, urge, supervise, reply, report, forget };
  streams::Time at = streams::Time::max();
  What what = forget;
  int level = 0;  // of accept, arrive
};

/// The earliest of what waits; `at` is Time::max() where nothing does. A pause holds all the rest.
/// `hours`: of the order's service, in which the ladder is climbed.
OrderDue next_due(const OpenOrder& open, const Ladder& ladder, const Calendar& calendar,
                  std::string_view hours);

/// When `percent` of the way to the finish deadline has gone.
inline streams::Time share_of_clock(const OpenOrder& open, int percent) {
  return open.started + (*open.order.finish_by - open.started) * percent / 100;
}

}  // namespace city
