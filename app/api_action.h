#pragma once

// Action: what a seat does on the screen, as it becomes a `city.field.feedback.v1` record. Whether
// the step is legal the engine decides (respond/steps.h); here only what no record can be made
// without.

#include <string>
#include <string_view>

#include "streams/log.h"

namespace app {

struct Action {
  std::string subject;
  std::string by;
  std::string key;      // the caller's own name for it: sent twice, it has one id and acts once
  std::string members;  // of `data`, JSON text but for `subject` and `by`
};

/// Reads the body of POST /api/actions. Empty, or a sentence that says what is wrong.
std::string read_action(std::string_view body, std::string_view seat, std::string_view key,
                        Action& action);

std::string action_id(const Action& action, std::string_view city, streams::Time now,
                      std::uint64_t ordinal);

streams::Append action_record(const Action& action, std::string_view id, std::string_view city,
                              streams::Time now, int partitions);

}  // namespace app
