#pragma once

// Priority: what is at stake gives the band; urgency, exposure and the entity's risk move it up by
// one step at most; life is always P1 (domain, "Priority and screening"). A pure function with a
// reason for every step taken; judge calls it when a warning opens and when a fact changes.

#include "operators/city/warning.h"
#include "operators/duty/duty_list.h"

namespace city {

struct PriorityFacts {
  Consequence consequence = Consequence::order;
  std::optional<Priority> of_rule;    // where the rule itself decides; nothing then moves it
  std::vector<Text> other_signals{};  // titles of other rules' warnings open on the entity
  int reopened = 0;
  std::string exposure;      // of the registration: "school"
  int earlier_warnings = 0;  // of the entity, within the duty list's period
  int calls_of_one = 0;      // of the person who called most often about it, then
};

struct Prioritized {
  Priority priority = Priority::P4;
  std::vector<Reason> reasons;
};

Prioritized prioritize(const PriorityFacts& facts, const PriorityNumbers& numbers);

}  // namespace city
