#pragma once

// Incidents: what goes wrong in the city and when, drawn once from the seed: how many by a table,
// when by the hour, where by lot. Far more than in reality (a city of 1,000 elevators has about one
// entrapment a day): one simulated day shows everything that the software must answer. Made by
// City.

#include <vector>

#include "connectors/simulate/lift.h"

namespace simulate {

struct Incident {
  enum class What {
    trouble,    // of the lift itself
    silence,    // the device says nothing
    held_back,  // the gateway keeps what it says, and delivers it late
    ebike,      // seen in the cabin
    phantom,    // a camera that takes something for an e-bike
    smoke,      // seen in the cabin
    outage,     // no power, no gateway: the whole building is silent
  };
  Time at{};
  std::size_t elevator = 0;
  What what = What::trouble;
  Trouble trouble;
  bool caller = false;  // somebody inside rings 12345
  Duration lasts{};     // of silence, of an outage
  int sightings = 1;
};

struct IncidentSpan {
  Time start, end;
  std::vector<std::size_t> cameras;  // elevators that have one
};

/// In order of time.
std::vector<Incident> make_incidents(std::uint64_t seed, std::size_t elevators,
                                     const IncidentSpan& span);

}  // namespace simulate
