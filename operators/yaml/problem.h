#pragma once

// Problem: what is wrong in a file that a person wrote, where, and what was expected. Every reader
// of such a file (rule packs, a city's lists, adapters) collects all of them before it refuses the
// file. Any thread.

#include <compare>
#include <string>
#include <utility>
#include <vector>

#include "streams/result.h"

namespace yaml {

/// Where something stands in a file: line and character, from 1.
struct Place {
  int line = 0;
  int column = 0;
  auto operator<=>(const Place&) const = default;
};

struct Problem {
  std::string file;
  Place place;
  std::string what;  // one sentence: what is wrong, what was expected
  /// "elevator.yaml:12:9: …"
  std::string sentence() const;
};

/// All of them in one error of usage, a line each; those of a file in the order of the text.
streams::Error refusal(std::vector<Problem> problems);

/// Those of one file.
struct Problems {
  std::string file;
  std::vector<Problem> all = {};
  void add(Place place, std::string what) { all.push_back({file, place, std::move(what)}); }
};

}  // namespace yaml
