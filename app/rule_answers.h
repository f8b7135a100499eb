#pragma once

// RuleAnswers: what the active rules make of one event by itself: which of them looked at it, and
// of those that came to nothing, which part of the condition did not hold. What they knew from
// before (facts, a time that runs) is not here, and is said to be missing. Called by TraceApi's
// thread and by `rules explain`.

#include <string_view>
#include <vector>

#include "operators/city/text.h"
#include "streams/version.h"

namespace app {

struct RuleAnswer {
  std::string rule;
  city::Text title;
  bool holds = false;    // its condition, for this event
  std::size_t held = 0;  // parts of it that held before the first that did not
  city::Text why;        // one sentence: what did not hold, or what else it takes
  static constexpr auto fields() {
    using R = RuleAnswer;
    using streams::field;
    return std::tuple{field("rule", &R::rule), field("title", &R::title), field("holds", &R::holds),
                      field("why", &R::why)};
  }
};

/// `event`: a structured CloudEvent; `versions`: those named "rules/<pack>" count. Those that came
/// nearest to a warning first.
std::vector<RuleAnswer> answers_to(std::string_view event,
                                   const std::vector<streams::Version>& versions);

/// The parts of a condition that are joined by && at its top; the whole where || or ?: stands
/// there.
std::vector<std::string> parts_of(std::string_view condition);

}  // namespace app
