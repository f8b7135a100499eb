#pragma once

// telling: what a rule concludes, in the form that judge and respond read. Pure; used by
// see/detect.

#include "operators/see/reading.h"
#include "operators/see/watch.h"

namespace see {

/// `said`: the mark whose event was asked for priority, citations and permit, or null. Without an
/// event in hand time alone decides, and the first mark is the cause.
city::Conclusion conclusion_of(city::Conclusion::What what, const rules::CompiledRule& rule,
                               const RuleState& state, const Mark* said, const Reading& reading);

}  // namespace see
