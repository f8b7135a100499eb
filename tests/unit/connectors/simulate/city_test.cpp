#include "connectors/simulate/city.h"

#include <gmock/gmock.h>

#include <map>
#include <set>
#include <unordered_set>

#include "connectors/json/event_decoder.h"
#include "tests/unit/connectors/simulate/shanghai.h"

namespace simulate {
namespace {

std::vector<std::string> played(const CityOptions& city_options) {
  City city{city_options};
  std::vector<std::string> all;
  play(city, [&all](const Arrival& arrival, Time, Time) {
    all.push_back(arrival.topic + arrival.bytes);
  });
  return all;
}

std::int64_t count(const City& city, std::string_view what) {
  for (const City::Count& counted : city.counts())
    if (counted.what == what) return counted.events;
  ADD_FAILURE() << "no count of " << what;
  return 0;
}

TEST(City, GivesTheSameBytesForTheSameSeed) {
  const auto first = played(options(7, 3, 60));
  EXPECT_EQ(first, played(options(7, 3, 60)));
  EXPECT_NE(first, played(options(8, 3, 60)));
}

// One line for all machines: if these numbers change, so has every recorded scenario.
TEST(City, GivesTheseBytesOnAnyMachine) {
  std::uint64_t hash = 0;
  const auto all = played(options(7, 9, 40));
  for (const std::string& bytes : all) hash = hash * 31 + Random::of(bytes);
  EXPECT_EQ(all.size(), 26555U);
  EXPECT_EQ(hash, 18234190313275270210U);
}

TEST(City, GivesTheSameEventsInLargerSteps) {
  const auto by_tick = played(options(7, 3, 60));
  City city{options(7, 3, 60)};
  std::vector<Arrival> arrivals;
  for (Time at = options(7).start; at <= city.end(); at += 10min) city.take(at, arrivals);
  std::vector<std::string> all;
  for (const Arrival& arrival : arrivals) all.push_back(arrival.topic + arrival.bytes);
  EXPECT_EQ(all, by_tick);
}

TEST(City, GivesNothingBeforeItsTimeAndNothingAfterItsEnd) {
  City city{options(7, 3, 60)};
  Time last = options(7).start;
  play(city, [&](const Arrival& arrival, Time next, Time tick) {
    EXPECT_GE(arrival.recorded, last);
    EXPECT_GE(arrival.recorded, next);
    EXPECT_LE(arrival.recorded, tick);
    last = arrival.recorded;
  });
  EXPECT_LE(last, city.end());
  EXPECT_GT(last, city.end() - 10s);
  EXPECT_FALSE(city.next());
}

TEST(City, HasADayOfEveryKind) {
  City city{options(7)};
  const Time start = options(7).start;
  connectors::EventDecoder decoder;
  std::unordered_set<std::uint64_t> ids;
  ids.reserve(2'200'000);
  std::set<std::string> districts;
  std::map<std::string, std::int64_t> by_topic;
  std::int64_t rejected = 0, duplicates = 0, early = 0, late = 0, wrong = 0;
  std::string bytes;
  play(city, [&](const Arrival& arrival, Time, Time) {
    ++by_topic[arrival.topic];
    bytes.assign(arrival.bytes).append(streams::Decoder::kPadding, ' ');
    streams::Event event;
    if (decoder.decode({bytes.data(), arrival.bytes.size()}, event)) {
      ++rejected;
      return;
    }
    wrong += arrival.recorded < start || event.subject != arrival.subject ||
             event.recorded != arrival.recorded ||
             city::door_of_type(event.type)->topic != arrival.topic;
    early += event.time > event.recorded + 2h;
    late += event.time < event.recorded - 5min;
    duplicates += !ids.insert(Random::of(event.id) ^ Random::of(event.source) << 1).second;
    if (event.subject.starts_with("elevator/")) districts.emplace(event.subject.substr(9, 6));
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(by_topic["elevator.telemetry"], 1'800'000);
  EXPECT_LT(by_topic["elevator.telemetry"], 2'200'000);
  EXPECT_GT(by_topic["permit.changes"], 3000);
  EXPECT_GT(by_topic["camera.alerts"], 400);
  EXPECT_GT(by_topic["hotline.complaints"], 50);
  EXPECT_EQ(rejected, count(city, "malformed"));
  EXPECT_GT(rejected, 50);
  EXPECT_NEAR(static_cast<double>(duplicates), 19'800, 1500);
  EXPECT_GT(early, 1000);  // all of one elevator
  EXPECT_GT(late, 500);
  EXPECT_EQ(districts.size(), 16U);
  for (const City::Count& counted : city.counts())
    EXPECT_TRUE(counted.events > 0 || counted.what == "call after the reply") << counted.what;
}

TEST(City, HasTroubleEnoughInADay) {
  const City city{options(7)};
  std::map<Trouble::Kind, int> troubles;
  std::map<Incident::What, int> incidents;
  int silent = 0, passing = 0, callers = 0, injured = 0, peaks = 0;
  for (const Incident& incident : city.incidents()) {
    ++incidents[incident.what];
    if (incident.what != Incident::What::trouble) continue;
    ++troubles[incident.trouble.kind];
    if (incident.trouble.kind != Trouble::Kind::entrapment) continue;
    silent += incident.trouble.falls_silent;
    passing += incident.trouble.passes;
    callers += incident.caller;
    injured += incident.trouble.injured;
    const int hour = hour_of(incident.at);
    peaks += hour == 7 || hour == 8 || (hour >= 17 && hour <= 19);
  }
  EXPECT_GE(troubles[Trouble::Kind::entrapment], 60);
  EXPECT_NEAR(peaks * 100 / troubles[Trouble::Kind::entrapment], 74, 8);
  EXPECT_GE(troubles[Trouble::Kind::stuck_sensor], 10);
  EXPECT_GE(troubles[Trouble::Kind::fault], 100);
  EXPECT_GE(troubles[Trouble::Kind::visit], 30);
  EXPECT_GE(std::min({silent, passing, callers, injured}), 5);
  for (const auto what : {Incident::What::silence, Incident::What::held_back, Incident::What::ebike,
                          Incident::What::phantom, Incident::What::smoke, Incident::What::outage})
    EXPECT_GT(incidents[what], 2);
}

// What was trapped is trapped until somebody comes (or three hours have passed).
TEST(City, GoesOnFromWhatCrewsHaveDone) {
  City city{options(7, 24, 200)};
  const Incident* trapped = nullptr;
  for (const Incident& incident : city.incidents())
    if (incident.trouble.kind == Trouble::Kind::entrapment && !incident.trouble.passes &&
        !incident.trouble.falls_silent && trapped == nullptr)
      trapped = &incident;
  ASSERT_NE(trapped, nullptr);
  const std::string entity = city.elevators()[trapped->elevator].subject;
  const Time came = trapped->at + 20min;
  std::vector<Arrival> arrivals;
  city.take(came, arrivals);
  const Scene scene = city.scene(entity, Matter::trapped, came);
  EXPECT_TRUE(scene.real);
  EXPECT_EQ(scene.people, trapped->trouble.people);
  EXPECT_EQ(scene.cause, trapped->trouble.cause);
  city.repaired(entity, Matter::trapped, came);
  arrivals.clear();
  city.take(came + 2min, arrivals);
  int ends = 0;
  for (const Arrival& arrival : arrivals) {
    const bool end =
        arrival.subject == entity && arrival.bytes.find("\"alarmEnd\":true") != std::string::npos;
    ends += end;
    if (end) {
      EXPECT_GT(arrival.recorded, came + 15s);
      EXPECT_NE(arrival.bytes.find("\"occupied\":false"), std::string::npos);
    }
  }
  EXPECT_EQ(ends, 1);
  EXPECT_FALSE(city.scene(entity, Matter::trapped, came + 2min).real);
  EXPECT_FALSE(city.scene("elevator/unknown", Matter::trapped, came).real);
}

// A dark building is silent as a whole until somebody has seen to it; each building is registered
// once.
TEST(City, HasBuildingsThatGoDarkAndComeBack) {
  City city{options(7, 24, 300)};
  std::map<std::string, std::vector<std::string>> buildings;
  for (const Elevator& elevator : city.elevators())
    buildings[elevator.building].push_back(elevator.subject);
  std::map<std::string, int> registered;
  std::set<std::string> heard;
  std::vector<Arrival> arrivals;
  const auto take = [&](Time until) {
    arrivals.clear();
    city.take(until, arrivals);
    heard.clear();
    for (const Arrival& arrival : arrivals) {
      registered[arrival.subject] += arrival.subject.starts_with("building/");
      if (arrival.topic == "elevator.telemetry") heard.insert(arrival.subject);
    }
  };
  std::string dark;
  Time at{};
  for (const Incident& incident : city.incidents()) {
    if (incident.what != Incident::What::outage || !dark.empty()) continue;
    at = incident.at + 5min;
    take(at);
    for (const auto& [building, lifts] : buildings)
      if (city.scene(building, Matter::outage, at).real) dark = building;
  }
  ASSERT_FALSE(dark.empty());
  EXPECT_GE(buildings[dark].size(), 3U);
  EXPECT_EQ(registered[dark], 1);
  take(at + 5min);
  for (const std::string& lift : buildings[dark]) EXPECT_FALSE(heard.contains(lift)) << lift;
  city.repaired(dark, Matter::outage, at + 5min);
  EXPECT_FALSE(city.scene(dark, Matter::outage, at + 6min).real);
  take(at + 15min);
  for (const std::string& lift : buildings[dark]) EXPECT_TRUE(heard.contains(lift)) << lift;
}

TEST(City, WritesARecordForWorkDone) {
  City city{options(7, 24, 300)};
  std::vector<Arrival> arrivals;
  city.take(options(7).start + 1h, arrivals);
  const auto& elevators = city.elevators();
  const Time at = options(7).start + 1h;
  for (const Elevator& elevator : elevators) {
    if (!city.scene(elevator.subject, Matter::maintenance, at + 24h).real) continue;
    city.completed(elevator.subject, Record::maintenance, at);
    EXPECT_FALSE(city.scene(elevator.subject, Matter::maintenance, at).real);
    arrivals.clear();
    city.take(at + 30min, arrivals);
    for (const Arrival& arrival : arrivals)
      if (arrival.topic == "permit.changes" && arrival.subject == elevator.subject) return;
    FAIL() << "no record of " << elevator.subject;
  }
  FAIL() << "nothing was missing";
}

TEST(City, IsMadeOfPlausibleElevators) {
  const City city{options(7)};
  std::set<std::string> subjects, codes;
  std::map<std::string, int> districts;
  std::map<Exposure, int> exposures;
  for (const Elevator& elevator : city.elevators()) {
    subjects.insert(elevator.subject);
    codes.insert(elevator.rescue_code);
    ++districts[elevator.district];
    ++exposures[elevator.exposure];
    EXPECT_EQ(elevator.rescue_code.size(), 6U);
    EXPECT_GT(elevator.lon, 12'080'000);
    EXPECT_LT(elevator.lon, 12'200'000);
    EXPECT_GT(elevator.lat, 3'070'000);
    EXPECT_LT(elevator.lat, 3'190'000);
  }
  EXPECT_EQ(subjects.size(), 1000U);
  EXPECT_EQ(codes.size(), 1000U);
  EXPECT_EQ(districts.size(), 16U);
  EXPECT_EQ(exposures.size(), std::size(kExposures));
}

TEST(Districts, SayWhichLineIsWrong) {
  const auto wrong =
      parse_districts("# names\n310105,长宁区,1,121.37,31.20,121.42,31.22,路\n3101\n");
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().what, testing::HasSubstr("line 3"));
  EXPECT_FALSE(parse_districts("").ok());
}

}  // namespace
}  // namespace simulate
