#pragma once

// wording: why a rule fired (or came near, or ended), in words that a duty officer and a court
// understand, from the rule and what it read. Used by see/detect.

#include "operators/city/conclusion.h"
#include "operators/rules/pack.h"

namespace see {

city::Reason why(city::Conclusion::What what, const rules::Rule& rule,
                 const city::Conclusion& conclusion);

}  // namespace see
