#pragma once

// What the simulator's tests share: Shanghai's districts and a Sunday that begins at midnight.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "connectors/simulate/city.h"
#include "tests/support/source_directory.h"

namespace simulate {

inline std::vector<District> shanghai() {
  std::ifstream file{source_directory("/deploy/city/shanghai/districts.csv")};
  std::stringstream text;
  text << file.rdbuf();
  auto districts = parse_districts(text.str());
  EXPECT_TRUE(districts.ok());
  return districts.ok() ? *districts : std::vector<District>{};
}

inline CityOptions options(std::uint64_t seed, int hours = 24, int elevators = 1000) {
  return {.seed = seed,
          .start = *streams::parse_time("2026-11-22T00:00:00+08:00"),
          .hours = hours,
          .elevators = elevators,
          .size = CitySize::of(elevators),
          .districts = shanghai()};
}

/// Everything that reaches the doors, tick by tick; nobody answers.
template <class Visit>
void play(City& city, const Visit& visit) {
  std::vector<Arrival> arrivals;
  while (const std::optional<Time> next = city.next()) {
    arrivals.clear();
    const Time tick = streams::tick_at_or_after(*next);
    city.take(tick, arrivals);
    for (const Arrival& arrival : arrivals) visit(arrival, *next, tick);
  }
}

}  // namespace simulate
