#pragma once

// spoken_value: a value that a rule read, as people say it, in both languages: numbers without
// needless decimals, times in the city's zone, closed words of the contract by their names, and
// 未知 for what is not known. Used by Wording.

#include <string_view>

#include "operators/city/text.h"
#include "operators/duty/calendar.h"
#include "operators/rules/pack.h"
#include "streams/slot.h"

namespace see {

/// `field`: of the event's data whose value it is, or empty; `words`: what its pack calls the
/// field's values; `now`: dates of its year are said without the year.
city::Text spoken_value(const streams::Slot& value, std::string_view field,
                        const rules::ValueWords& words, const city::Calendar& calendar,
                        streams::Time now);

/// Of a timestamp.
streams::Time time_of(const streams::Slot& timestamp);

}  // namespace see
