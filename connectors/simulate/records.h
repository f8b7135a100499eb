#pragma once

// Records: what the city's registers say about each elevator and when they change: registration,
// maintenance every 15 days, inspection every year, rectifications. Most is done in time; some
// late, some never, some done while its record comes late (so that overdue warnings come in one
// day, and a few of them are wrong). Asked by City; told by crews what they have done. One thread.

#include <optional>
#include <queue>
#include <tuple>
#include <vector>

#include "connectors/simulate/elevator.h"
#include "connectors/simulate/random.h"
#include "connectors/simulate/wire.h"

namespace simulate {

enum class Record { maintenance, inspection, rectification };
inline constexpr std::string_view kRecords[] = {"maintenance", "inspection", "rectification"};

struct RecordSpan {
  Time start, end;  // of the run
};

class Records {
 public:
  Records(std::uint64_t seed, const std::vector<Elevator>& elevators, RecordSpan span);

  /// A change in a register.
  struct Change {
    Time at{};
    std::size_t elevator = 0;
    std::string_view record;  // "registration" or one of kRecords
    std::string_view action;
    Time on{};
    std::optional<Time> valid_until;
    bool operator<(const Change& other) const {
      return std::tie(other.at, other.elevator, other.record) < std::tie(at, elevator, record);
    }
  };
  std::optional<Time> next() const;
  /// The changes up to here, in order.
  std::optional<Change> take(Time until);

  /// Visits of a mechanic that go with maintenance in the run.
  struct Visit {
    Time at;
    std::size_t elevator;
  };
  const std::vector<Visit>& visits() const { return visits_; }
  /// Elevators whose use ends in the run.
  const std::vector<Visit>& retirements() const { return retirements_; }

  /// Whether it has really been done, whatever the register says.
  bool done(std::size_t elevator, Record record, Time at) const;
  /// A crew has done it; the register learns of it soon after.
  void complete(std::size_t elevator, Record record, Time at);

 private:
  void plan_maintenance(std::size_t elevator);
  void plan_inspection(std::size_t elevator);
  void plan_rectification(std::size_t elevator);
  void plan_retirements();
  /// Draws whether and when it is done and the register learns of it; nothing: never.
  std::optional<Time> turn_out(std::size_t elevator, Record record, Time due);
  std::optional<Time> never(std::size_t elevator, Record record);
  void say(std::size_t elevator, Record record, Time at, std::string_view action, Time on,
           Time valid_until);

  Random dice_;
  RecordSpan span_;
  std::size_t count_;
  std::priority_queue<Change> changes_;
  std::vector<Time> done_;  // by elevator and record: since when; Time::max() while it is missing
  std::vector<Visit> visits_, retirements_;
};

/// The registration of an elevator, as `data` of a permit change; and any other change.
Sheet& write_registration(Sheet& sheet, const Elevator& elevator, std::string_view action, Time on);
/// Of the building in which `first` is the first elevator.
Sheet& write_building(Sheet& sheet, const Elevator& first, Time on);

}  // namespace simulate
