#pragma once

// Reference: what one file of a city says of another by name: an item of the duty list, hours of
// the calendar, a rule of some pack. Each list keeps where it does so; that all of them exist is
// checked where the files come together (app/city_references).

#include <string>
#include <vector>

#include "operators/yaml/problem.h"

namespace city {

struct Reference {
  enum class To { item, hours, rule };
  To to;
  std::string name;
  yaml::Place place;
};

using References = std::vector<Reference>;

}  // namespace city
