#pragma once

// City: a seeded city on virtual time, as its doors see it: its elevators' telemetry, cameras,
// registers, with the troubles of devices and networks (silence, lateness, duplicates, a wrong
// clock, broken bytes); its kitchens and shops (Trade) and its callers (Callers). Made by the
// simulate subcommand, scenario runs and tests, driven by Lockstep. The same seed and options give
// the same bytes on any machine, as long as it is asked in the same steps. One thread.

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "connectors/simulate/callers.h"
#include "connectors/simulate/incidents.h"
#include "connectors/simulate/mail.h"
#include "connectors/simulate/records.h"
#include "connectors/simulate/scene.h"

namespace simulate {

struct CityOptions {
  std::uint64_t seed = 1;
  Time start{};
  int hours = 24;
  int elevators = 1000;
  CitySize size = CitySize::of(1000);  // of all else
  std::vector<District> districts;     // deploy/city/<city>/districts.csv
};

class City {
 public:
  explicit City(CityOptions options);
  City(const City&) = delete;
  City& operator=(const City&) = delete;

  Time end() const { return span_.end; }
  /// Recorded time of the next event up to end().
  std::optional<Time> next();
  /// All events recorded at or before `until` (and end()), in recorded order.
  void take(Time until, std::vector<Arrival>& out);

  const std::vector<Elevator>& elevators() const { return elevators_; }
  const std::vector<Incident>& incidents() const { return incidents_; }
  const Trade& trade() const { return trade_; }

  // For crews, who come later than what they look at. An unknown entity: nothing is there.
  Scene scene(std::string_view entity, Matter matter, Time at) const;
  /// What a caller meant; empty: no such receipt, or nothing that the city knows.
  std::string meant_by(std::string_view receipt) const;
  /// People are out, the fault is repaired, the sensor free: telemetry shows it soon after; of a
  /// rescue (`trapped`) it also says the end of the alarm. A building (`outage`) has power again.
  void repaired(std::string_view entity, Matter matter, Time at);
  /// The work that a register waits for is done: its record follows.
  void completed(std::string_view entity, Record record, Time at);
  /// What was found in a kitchen or in front of a shop is so no more.
  void corrected(std::string_view entity, Matter matter, Time at);
  /// The complainant has the answer.
  void replied(std::string_view receipt, Time at);

  using Count = Trade::Count;
  /// By kind: what has been sent so far (duplicates and broken ones also under their own names).
  std::vector<Count> counts() const;

 private:
  enum Counted {
    kStatus,
    kRegistration,
    kMaintenance,
    kInspection,
    kRectification,
    kEbike,
    kPhantom,
    kSmoke,
    kAlarmButton,
    kAlarmEnd,
    kFault,
    kUnheard,
    kDuplicate,
    kLate,
    kTooLate,
    kAhead,
    kMalformed,
    kCounted,
  };
  struct Site {
    std::string source_id;  // how its devices' event ids begin
    Lift lift;
    std::int64_t reports = 0;
    Time silent_until = Time::min();
    Time dark_until = Time::min();  // the whole building
    bool held_back = false;         // what is not heard now comes later
    bool ebike = false;             // at the last sighting
  };
  struct Wake {
    Time at;
    std::size_t elevator;
    bool operator<(const Wake& other) const {
      return std::tie(other.at, other.elevator) < std::tie(at, elevator);
    }
  };
  struct Due {
    enum class What { incident, sighting, call, retirement };
    Time at;
    std::uint64_t sequence;
    What what;
    std::size_t elevator;
    std::size_t incident;
    int again;  // how often before
    bool operator<(const Due& other) const {
      return std::tie(other.at, other.sequence) < std::tie(at, sequence);
    }
  };

  std::optional<Time> next_happening() const;
  void happen();
  void wake(Wake wake);
  void report(std::size_t elevator, Time now);
  void deliver(std::size_t elevator, Sheet& sheet, Time now);
  void spoil(std::size_t elevator, std::string bytes, Time recorded);
  void on_due(const Due& due);
  void begin(const Due& due);
  /// First and behind the last.
  std::pair<std::size_t, std::size_t> building_of(std::size_t elevator) const;
  void go_dark(std::size_t elevator, Time until);
  void sight(const Due& due);
  void call(const Due& due);
  void change(const Records::Change& change);
  void later(Due::What what, Time at, std::size_t elevator, std::size_t incident, int again = 0);
  std::optional<std::size_t> find(std::string_view entity) const;
  std::string new_id(std::string_view kind);

  CityOptions options_;
  RecordSpan span_;
  std::vector<Elevator> elevators_;
  std::unordered_map<std::string_view, std::size_t> by_subject_;
  Records records_;
  Trade trade_;
  Callers callers_;
  std::vector<Incident> incidents_;
  std::vector<Site> sites_;
  std::priority_queue<Wake> wakes_;
  std::priority_queue<Due> dues_;
  Mail mail_;
  Random network_;
  Random people_;
  std::size_t clock_ahead_;  // this elevator's clock is 3 h ahead
  Time horizon_;             // everything before it has happened
  std::uint64_t sequence_ = 0;
  std::int64_t ids_ = 0;
  std::array<std::int64_t, kCounted> counts_{};
};

}  // namespace simulate
