#pragma once

// Lift: how one elevator moves and what its device reports: trips all day by a table of traffic,
// and now and then trouble: people trapped, a sensor stuck, a fault, a nervous door, a mechanic at
// work. City wakes it when it is due and sends the report. One thread.

#include "connectors/simulate/arrival.h"
#include "connectors/simulate/elevator.h"
#include "connectors/simulate/random.h"

namespace simulate {

/// What the device says (contract, "data" of elevator.telemetry).
struct Cabin {
  int floor = 1;
  int speed = 0;  // cm/s
  std::string_view direction = "none";
  std::string_view door = "closed";
  bool door_zone = true;
  int load = 0;  // kg
  bool occupied = false;
  std::string_view mode = "normal";
  std::string_view fault;  // empty: none
  bool alarm_button = false;
  bool alarm_end = false;
};

/// What is the matter with a lift. The causes' shares are those of Huai'an's 96333 centre
/// (external 149, human 145, door 51; research/domain.md, section 4).
struct Trouble {
  enum class Kind { none, entrapment, stuck_sensor, fault, nervous_door, visit };
  Kind kind = Kind::none;
  std::string_view fault;  // code
  std::string_view cause;  // of an entrapment
  int people = 0, injured = 0;
  bool smoke = false;
  bool alarm_button = false;  // somebody presses it
  bool passes = false;        // ends by itself after `lasts`, with the lift's own alarmEnd
  bool falls_silent = false;  // the device: 20 s into it
  Duration lasts{};           // at most: then the people have freed themselves, a mechanic came by
};

class Lift {
 public:
  Lift(const Elevator& facts, Random dice, Time start);

  Time wake() const { return status_at_ < phase_at_ ? status_at_ : phase_at_; }
  /// Does what is due at wake(); true: the device reports `cabin()`.
  bool step();
  const Cabin& cabin() const { return cabin_; }
  /// After a report: what was said once is over.
  void settle();

  /// False: it is not standing idle; try again in a moment.
  bool begin(const Trouble& trouble, Time now);
  /// Somebody has put it right: from `at` on it gets better.
  void put_right(Time at);
  /// Somebody at the lift presses its end of alarm: the next report from `at` on says so.
  void end_alarm(Time at) { end_alarm_at_ = at; }
  /// Taken out of use; says nothing more.
  void retire();

  const Trouble& trouble() const { return trouble_; }
  bool in_trouble() const { return trouble_.kind != Trouble::Kind::none; }
  /// Somebody is locked in (or will be in a moment).
  bool holds_people() const {
    return trouble_.kind == Trouble::Kind::entrapment && phase_ != Phase::let_out &&
           phase_ != Phase::checked;
  }
  /// The device is silent from here on as long as the trouble lasts.
  Time silent_from() const { return silent_from_; }

 private:
  enum class Phase {
    idle,
    coming,
    opening,
    boarding,
    riding,
    alighting,  // a trip
    failing,
    stuck,
    alarmed,
    let_out,
    checked,  // an entrapment
    faulty,
    nervous,
    visited,
    retired,
  };
  void trip();
  void plan_trip(Time from);
  void board();
  void move_to(int floor, bool occupied);
  void stand(std::string_view door);
  void troubled();
  void stop_dead();
  void end_trouble();
  void be_idle();
  void to(Phase phase, Duration after);

  const Elevator& facts_;
  Random dice_;
  Cabin cabin_;
  Trouble trouble_;
  Phase phase_ = Phase::idle;
  Time now_;
  Time status_at_;
  Time phase_at_{};
  Time silent_from_ = Time::max();
  Time ends_{};  // of the trouble
  Time end_alarm_at_ = Time::max();
  bool trip_due_ = false;
  bool helped_ = false;
  int origin_ = 1, target_ = 1;
  int repeats_ = 0;
};

/// 0 … 23, in this city.
inline int hour_of(Time time) {
  return static_cast<int>(((time.time_since_epoch() + 8h) / 1h) % 24);
}

}  // namespace simulate
