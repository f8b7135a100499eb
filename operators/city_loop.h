#pragma once

// city_loop: the topology of the city on one screen: see -> judge -> respond -> learn. The table of
// contents of the product; `watchfire describe` prints it.

#include "operators/rules/cel/cel.h"
#include "streams/topology.h"

namespace operators {

struct CityLoopOptions {
  std::string city;  // in every id
  cel::ReadRaw read_raw = nullptr;
};

void declare_city(streams::Topology& city, const CityLoopOptions& options);

}  // namespace operators
