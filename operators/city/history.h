#pragma once

// History: the steps of an order, a receipt or a matter, as its record tells them: the first and
// the newest; how many lie between is counted. Every step stands whole in the revision that brought
// it. Kept by respond's operators.

#include <string>
#include <vector>

#include "operators/city/text.h"
#include "streams/time.h"

namespace city {

inline constexpr std::size_t kHistoryKept = 31;      // the first and the newest 30
inline constexpr std::size_t kWholeSteps = 2;        // the newest ones, in all their words
inline constexpr std::size_t kOlderStepBytes = 240;  // of one text of the others

struct Step {
  streams::Time at{};
  std::string step;
  std::string by;  // "rule" where the software itself acted
  Text why;
  static constexpr auto fields() {
    return std::tuple{field("at", &Step::at), field("step", &Step::step), field("by", &Step::by),
                      field("why", &Step::why)};
  }
};

/// To the history of an order, a receipt or a matter.
template <class Record>
void add_step(Record& record, Step step) {
  add_step(record.history, record.history_omitted, std::move(step));
}
void add_step(std::vector<Step>& history, int& omitted, Step step);

/// How many there have been.
template <class Record>
int steps_of(const Record& record) {
  return record.history_omitted + static_cast<int>(record.history.size());
}

}  // namespace city
