#include "connectors/simulate/lift.h"

#include <algorithm>

namespace simulate {
namespace {

// Trips by hour of the day; they add up to 1004. Mornings and evenings, as everywhere.
constexpr int kTraffic[24] = {8,  4,  3,  3,  4,  10, 30, 75, 95, 60, 45, 55,
                              60, 45, 40, 42, 50, 85, 95, 70, 50, 38, 24, 13};
constexpr std::int64_t kTrafficSum = 1004;
constexpr int kTripsPerDay[] = {110, 140, 170, 70, 180, 220};  // by Exposure
constexpr int kLoads[] = {55, 62, 70, 75, 140, 150, 210, 280};
constexpr Duration kStatusEvery = 60s;
constexpr Duration kBeforeSilence = 20s;

}  // namespace

Lift::Lift(const Elevator& facts, Random dice, Time start)
    : facts_(facts), dice_(dice), now_(start), status_at_(start + dice_.between(1s, 60s)) {
  cabin_.floor = static_cast<int>(dice_.between(1, facts.floors));
  plan_trip(start);
}

void Lift::to(Phase phase, Duration after) {
  phase_ = phase;
  phase_at_ = now_ + after;
}

bool Lift::step() {
  now_ = wake();
  if (now_ >= end_alarm_at_) {
    cabin_.alarm_end = true;
    end_alarm_at_ = Time::max();
  }
  if (status_at_ <= phase_at_) {
    status_at_ += kStatusEvery;
    return true;
  }
  if (phase_ == Phase::idle && !trip_due_) {  // a new hour has begun
    plan_trip(now_);
    return false;
  }
  if (in_trouble())
    troubled();
  else
    trip();
  return true;
}

void Lift::settle() {
  const bool nervous = phase_ == Phase::nervous;
  if (nervous) cabin_.fault = {};
  if (cabin_.door == "opening" && !nervous) cabin_.door = "open";
  if (cabin_.door == "opening" || cabin_.door == "closing") cabin_.door = "closed";
  cabin_.alarm_end = false;
}

// ---- trips --------------------------------------------------------------------------------------

void Lift::plan_trip(Time from) {
  phase_ = Phase::idle;
  const int trips = kTripsPerDay[static_cast<std::size_t>(facts_.exposure)];
  const std::int64_t mean = std::chrono::milliseconds{1h}.count() * kTrafficSum /
                            (trips * kTraffic[static_cast<std::size_t>(hour_of(from))]);
  const Duration gap =
      std::max<Duration>(5s, Duration{dice_.between(mean / 10, mean * 19 / 10)} - 30s);
  const Time hour_end = std::chrono::floor<std::chrono::hours>(from) + 1h;
  trip_due_ = from + gap < hour_end;
  phase_at_ = trip_due_ ? from + gap : hour_end;
}

void Lift::stand(std::string_view door) {
  cabin_.speed = 0;
  cabin_.direction = "none";
  cabin_.door = door;
  cabin_.door_zone = true;
}

void Lift::move_to(int floor, bool occupied) {
  const int way = floor - cabin_.floor;
  cabin_.speed = facts_.floors > 12 ? 175 : 100;
  cabin_.direction = way > 0 ? "up" : "down";
  cabin_.door = "closed";
  cabin_.door_zone = false;
  cabin_.occupied = occupied;
}

void Lift::board() {
  stand("open");
  cabin_.load = dice_.pick(kLoads) + static_cast<int>(dice_.below(12));
  cabin_.occupied = true;
  to(Phase::boarding, dice_.between(4s, 9s));
}

void Lift::trip() {
  const auto ride = [this](int floor) {
    return Duration{(floor > cabin_.floor ? floor - cabin_.floor : cabin_.floor - floor) *
                    (facts_.floors > 12 ? 1800 : 3000)} +
           3s;
  };
  switch (phase_) {
    case Phase::idle: {
      // Down in the morning and up in the evening, from and to the entrance.
      const bool out = dice_.percent(hour_of(now_) < 12 ? 65 : 35);
      const int other = static_cast<int>(dice_.between(2, facts_.floors));
      origin_ = out ? other : 1;
      target_ = out ? 1 : other;
      if (origin_ == cabin_.floor) return board();
      const Duration way = ride(origin_);
      move_to(origin_, false);
      return to(Phase::coming, way);
    }
    case Phase::coming:
      cabin_.floor = origin_;
      if (!dice_.one_in(3)) return board();
      stand("opening");
      return to(Phase::opening, 2s);
    case Phase::opening:
      return board();
    case Phase::boarding: {
      const Duration way = ride(target_);
      move_to(target_, true);
      return to(Phase::riding, way);
    }
    case Phase::riding:
      cabin_.floor = target_;
      stand("open");
      return to(Phase::alighting, dice_.between(3s, 7s));
    default:
      be_idle();
  }
}

void Lift::be_idle() {
  stand("closing");
  cabin_.load = 0;
  cabin_.occupied = false;
  cabin_.mode = "normal";
  plan_trip(now_);
}

// ---- trouble ------------------------------------------------------------------------------------

bool Lift::begin(const Trouble& trouble, Time now) {
  if (phase_ != Phase::idle || in_trouble()) return false;
  trouble_ = trouble;
  helped_ = false;
  ends_ = now + trouble.lasts;
  now_ = now;
  switch (trouble.kind) {
    case Trouble::Kind::entrapment:  // a ride that will not end
      target_ = cabin_.floor < facts_.floors ? facts_.floors : 1;
      phase_at_ = now + dice_.between(1s, 3s);
      phase_ = Phase::failing;
      repeats_ = 0;
      break;
    case Trouble::Kind::nervous_door:
      repeats_ = static_cast<int>(dice_.between(3, 6));
      [[fallthrough]];
    default:
      to(trouble.kind == Trouble::Kind::stuck_sensor   ? Phase::stuck
         : trouble.kind == Trouble::Kind::nervous_door ? Phase::nervous
         : trouble.kind == Trouble::Kind::visit        ? Phase::visited
                                                       : Phase::faulty,
         1s);
      repeats_ = trouble.kind == Trouble::Kind::nervous_door ? repeats_ : 0;
  }
  return true;
}

void Lift::stop_dead() {
  cabin_.floor = (cabin_.floor + target_) / 2;
  cabin_.speed = 0;
  cabin_.direction = "none";
  cabin_.door_zone = false;
  cabin_.mode = dice_.percent(75) ? "fault" : "normal";
  cabin_.fault = trouble_.fault;
}

void Lift::troubled() {
  if (phase_ != Phase::let_out && phase_ != Phase::checked && now_ >= ends_) return end_trouble();
  const auto until_end = [this] { return ends_ - now_; };
  switch (phase_) {
    case Phase::failing:
      if (repeats_++ == 0) {
        cabin_.load = dice_.pick(kLoads);
        move_to(target_, true);
        return to(Phase::failing, dice_.between(5s, 9s));
      }
      stop_dead();
      if (trouble_.falls_silent) silent_from_ = now_ + kBeforeSilence;
      if (!trouble_.alarm_button) return to(Phase::stuck, until_end());
      return to(Phase::alarmed, dice_.between(8s, 45s));
    case Phase::alarmed:
      cabin_.alarm_button = true;
      return to(Phase::stuck, until_end());
    case Phase::stuck:  // a sensor: somebody seems to stand between two floors
      cabin_.door_zone = false;
      cabin_.load = 60 + static_cast<int>(dice_.below(30));
      cabin_.occupied = true;
      return to(Phase::stuck, until_end());
    case Phase::faulty:
      cabin_.mode = "fault";
      cabin_.fault = trouble_.fault;
      return to(Phase::faulty, until_end());
    case Phase::nervous:
      cabin_.door = "opening";
      cabin_.fault = trouble_.fault;
      if (--repeats_ <= 0) ends_ = now_ + 20s;
      return to(Phase::nervous, std::min<Duration>(dice_.between(40s, 110s), until_end()));
    case Phase::visited: {  // a mechanic in the cabin, up and down at inspection speed
      cabin_.mode = "inspection";
      cabin_.occupied = true;
      cabin_.load = 85;
      const bool moves = cabin_.speed == 0 && dice_.percent(60);
      cabin_.speed = moves ? 25 : 0;
      cabin_.direction = moves ? (dice_.percent(50) ? "up" : "down") : "none";
      return to(Phase::visited, std::min<Duration>(dice_.between(60s, 240s), until_end()));
    }
    case Phase::let_out: {
      const bool checked = helped_ && trouble_.kind == Trouble::Kind::entrapment;
      stand("closing");
      if (checked) {
        cabin_.mode = "inspection";  // the mechanic looks for why
        return to(Phase::checked, dice_.between(600s, 2400s));
      }
      trouble_ = {};
      return be_idle();
    }
    default:
      trouble_ = {};
      be_idle();
  }
}

// Whoever ends an alarm at the lift itself, or the lift that frees its people, says so; people who
// got out unseen do not.
void Lift::end_trouble() {
  silent_from_ = Time::max();
  cabin_.mode = "normal";
  cabin_.fault = {};
  const bool held =
      trouble_.kind == Trouble::Kind::entrapment || trouble_.kind == Trouble::Kind::stuck_sensor;
  if (!held) {
    trouble_ = {};
    return be_idle();
  }
  cabin_.alarm_end = trouble_.passes || helped_;
  cabin_.alarm_button = false;
  cabin_.occupied = false;
  cabin_.load = 0;
  stand("open");
  to(Phase::let_out, dice_.between(10s, 25s));
}

void Lift::put_right(Time at) {
  if (!in_trouble() || phase_ == Phase::let_out || phase_ == Phase::checked) return;
  helped_ = true;
  ends_ = std::max(now_, at);
  phase_at_ = ends_;
}

void Lift::retire() {
  trouble_ = {};
  phase_ = Phase::retired;
  phase_at_ = status_at_ = Time::max();
}

}  // namespace simulate
