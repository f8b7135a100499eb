#pragma once

// Arrival: one record as it reaches a door: what City and Crews give out, in the order of
// `recorded`. Whoever drives them (Lockstep, app) appends it to the door's topic, key = subject.

#include <string>

#include "streams/time.h"

namespace simulate {

using streams::Duration;
using streams::Time;
using namespace std::chrono_literals;

struct Arrival {
  Time recorded{};
  std::string topic;
  std::string subject;
  std::string bytes;  // structured CloudEvent, JSON, with `recordedtime` (but for the malformed)
};

}  // namespace simulate
