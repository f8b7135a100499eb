#pragma once

// District: where the simulated elevators stand. Read from the city's data
// (deploy/city/<city>/districts.csv) by whoever makes a City. Any thread.

#include <string>
#include <string_view>
#include <vector>

#include "streams/result.h"

namespace simulate {

struct District {
  std::string adcode;  // "310105" (GB/T 2260)
  std::string name;    // "长宁区"
  int share = 0;       // of the elevators
  // A box within the district, in 1e-5 degrees of WGS-84: whole numbers print alike everywhere.
  int west = 0, south = 0, east = 0, north = 0;
  std::vector<std::string> roads;
};

/// Lines `adcode,name,share,west,south,east,north,road;road;…`; empty ones and `#` are passed over.
streams::Result<std::vector<District>> parse_districts(std::string_view csv);

}  // namespace simulate
