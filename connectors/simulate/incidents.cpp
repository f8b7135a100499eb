#include "connectors/simulate/incidents.h"

#include <algorithm>

namespace simulate {
namespace {

using What = Incident::What;
using Kind = Trouble::Kind;

enum class When { peaks, evenings, any };
// Three quarters of the entrapments come in the five peak hours (Qingdao, first half of 2018:
// 74.5 %).
constexpr int kPeaks[24] = {13, 13, 13, 13, 13, 13,  14,  149, 149, 14, 14, 13,
                            13, 13, 13, 13, 13, 149, 149, 149, 14,  14, 14, 13};
constexpr int kEvenings[24] = {10, 4,  2,  2,  2,  4,  20,  60,  60,  25, 20, 30,
                               40, 25, 20, 20, 30, 70, 120, 140, 130, 90, 50, 26};
constexpr int kAny[24] = {10, 10, 10, 10, 10, 20, 40, 60, 60, 60, 60, 60,
                          60, 60, 60, 60, 60, 60, 60, 60, 50, 40, 30, 20};
constexpr const int* kHours[] = {kPeaks, kEvenings, kAny};

struct Frequency {
  std::string_view name;
  int per_day;  // of 1,000 elevators
  When when;
  What what;
  Kind trouble;
  bool alarm, caller, silent, passes;
};
constexpr Frequency kFrequencies[] = {
    {"trapped", 26, When::peaks, What::trouble, Kind::entrapment, false, false, false, false},
    {"trapped, alarm button", 22, When::peaks, What::trouble, Kind::entrapment, true, false, false,
     false},
    {"trapped, device silent", 12, When::peaks, What::trouble, Kind::entrapment, false, false, true,
     false},
    {"trapped, frees itself", 14, When::peaks, What::trouble, Kind::entrapment, true, false, false,
     true},
    {"trapped, caller", 14, When::peaks, What::trouble, Kind::entrapment, true, true, false, false},
    {"trapped, caller, silent", 6, When::peaks, What::trouble, Kind::entrapment, false, true, true,
     false},
    {"sensor stuck", 16, When::any, What::trouble, Kind::stuck_sensor, false, false, false, false},
    {"fault that passes", 90, When::any, What::trouble, Kind::fault, false, false, false, true},
    {"fault that stays", 70, When::any, What::trouble, Kind::fault, false, false, false, false},
    {"nervous door", 25, When::peaks, What::trouble, Kind::nervous_door, false, false, false,
     false},
    {"silence", 30, When::any, What::silence, Kind::none, false, false, false, false},
    {"held back", 8, When::any, What::held_back, Kind::none, false, false, false, false},
    {"e-bike", 80, When::evenings, What::ebike, Kind::none, false, false, false, false},
    {"phantom", 6, When::any, What::phantom, Kind::none, false, false, false, false},
    {"smoke", 4, When::any, What::smoke, Kind::none, false, false, false, false},
    {"outage", 8, When::any, What::outage, Kind::none, false, false, false, false},
};

// Three in two hundred cameras are bad: each sees an e-bike every 40 to 70 minutes, and one time in
// four there is one.
constexpr std::size_t kBadCameras = 66;  // one in so many
constexpr int kTrueOfBad = 25;           // percent

constexpr std::string_view kTrapFaults[] = {
    "E04", "E12", "E21", "E37", "door_lock_open", "overspeed_governor"};
constexpr std::string_view kFaults[] = {"E04", "E08",         "E15",        "E23",
                                        "E31", "level_error", "brake_wear", "drive_overheat"};
constexpr std::string_view kCauses[] = {"external", "human", "door"};
constexpr int kCauseShares[] = {149, 145, 51};
constexpr int kPeople[] = {1, 1, 1, 1, 2, 2, 2, 3, 4, 6};

constexpr Duration kFreedAtLast = 3h;
constexpr Duration kRepairedAtLast = 9h;
constexpr Duration kWarmUp = 2min;  // first the registers and a status of each

Trouble make_trouble(const Frequency& frequency, int number, Random& dice) {
  Trouble trouble;
  trouble.kind = frequency.trouble;
  switch (frequency.trouble) {
    case Kind::entrapment:
      trouble.fault = dice.pick(kTrapFaults);
      trouble.cause = kCauses[dice.weighted(kCauseShares)];
      trouble.people = dice.pick(kPeople);
      // Every ninth has somebody hurt, every thirteenth smells smoke (far above reality, too).
      trouble.injured = number % 9 == 4 ? 1 : 0;
      trouble.smoke = number % 13 == 6;
      trouble.alarm_button = frequency.alarm;
      trouble.falls_silent = frequency.silent;
      trouble.passes = frequency.passes;
      trouble.lasts = frequency.passes ? dice.between(100s, 12min) : kFreedAtLast;
      break;
    case Kind::fault:
      trouble.fault = dice.pick(kFaults);
      trouble.passes = frequency.passes;
      trouble.lasts = frequency.passes ? dice.between(90s, 25min) : kRepairedAtLast;
      break;
    case Kind::nervous_door:
      trouble.fault = "door_reopen";
      trouble.lasts = 10min;
      break;
    default:
      trouble.lasts = kFreedAtLast * 2;
  }
  return trouble;
}

void add_bad_cameras(const IncidentSpan& span, Random& dice, std::vector<Incident>& incidents) {
  std::vector<std::size_t> cameras = span.cameras;
  dice.shuffle(cameras);
  const std::size_t bad = (cameras.size() + kBadCameras / 2) / kBadCameras;
  for (std::size_t n = 0; n < bad; ++n) {
    for (Time at = span.start + kWarmUp + dice.between(0s, 50min); at < span.end;
         at += dice.between(40min, 70min)) {
      Incident incident;
      incident.at = at;
      incident.elevator = cameras[n];
      incident.what = dice.percent(kTrueOfBad) ? What::ebike : What::phantom;
      incidents.push_back(incident);
    }
  }
}

}  // namespace

std::vector<Incident> make_incidents(std::uint64_t seed, std::size_t elevators,
                                     const IncidentSpan& span) {
  std::vector<Incident> incidents;
  for (const Frequency& frequency : kFrequencies) {
    Random dice{seed, Random::of(frequency.name)};
    const int* hours = kHours[static_cast<std::size_t>(frequency.when)];
    std::int64_t of_day = 0;
    for (int hour = 0; hour < 24; ++hour) of_day += hours[hour];
    const std::int64_t whole = of_day * 1000;
    std::int64_t owed = whole / 2;
    int number = 0;
    const bool seen = frequency.what == What::ebike || frequency.what == What::phantom ||
                      frequency.what == What::smoke;
    if (seen && span.cameras.empty()) continue;
    for (Time from = span.start; from < span.end; from += 1h) {
      owed += std::int64_t{frequency.per_day} * static_cast<std::int64_t>(elevators) *
              hours[hour_of(from)];
      for (; owed >= whole; owed -= whole) {
        Incident incident;
        const Time to = std::min<Time>(from + 1h, span.end);
        incident.at = std::max(from + dice.between(0s, to - from), span.start + kWarmUp);
        incident.elevator = seen ? dice.pick(span.cameras) : dice.below(elevators);
        incident.what = frequency.what;
        incident.trouble = make_trouble(frequency, number++, dice);
        incident.caller = frequency.caller;
        incident.sightings =
            frequency.what == What::ebike ? static_cast<int>(dice.between(1, 3)) : 1;
        if (frequency.what == What::silence)
          incident.lasts = dice.percent(70) ? dice.between(3min, 20min) : dice.between(30min, 3h);
        if (frequency.what == What::outage) incident.lasts = dice.between(15min, 2h);
        if (frequency.what == What::held_back) incident.lasts = dice.between(4min, 35min);
        incidents.push_back(incident);
      }
    }
  }
  Random dice{seed, Random::of("bad cameras")};
  add_bad_cameras(span, dice, incidents);
  std::stable_sort(incidents.begin(), incidents.end(),
                   [](const Incident& a, const Incident& b) { return a.at < b.at; });
  return incidents;
}

}  // namespace simulate
