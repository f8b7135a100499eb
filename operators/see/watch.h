#pragma once

// Watch: what the rules remember of one entity: the last match of each fact, and for each rule the
// episode that is open or may be opening. Kept by see/detect in one row.

#include <string>
#include <vector>

#include "operators/city/conclusion.h"
#include "streams/entity.h"
#include "streams/slot.h"

namespace see {

using streams::field;

/// A scalar that a fact keeps, out of the event's bytes.
struct Scalar {
  std::uint8_t kind = 0;  // streams::Slot::Kind
  std::uint32_t size = 0;
  std::int64_t bits = 0;
  std::string text;
  static constexpr auto fields() {
    return std::tuple{field("kind", &Scalar::kind), field("size", &Scalar::size),
                      field("bits", &Scalar::bits), field("text", &Scalar::text)};
  }
  static Scalar of(const streams::Slot& slot);
  streams::Slot slot() const;
};

struct FactState {
  std::uint64_t fact = 0;  // its semantics
  city::Evidence evidence;
  Scalar value;
  static constexpr auto fields() {
    return std::tuple{field("fact", &FactState::fact), field("evidence", &FactState::evidence),
                      field("value", &FactState::value)};
  }
};

struct RuleState {
  std::uint64_t rule = 0;               // its semantics
  bool fired = false;                   // an episode is open
  int step = 0;                         // of a sequence: steps matched; of missing: reminders sent
  streams::Time since{};                // the condition's begin; of missing: the last that came
  streams::Time due = streams::kNever;  // what the timer waits for
  streams::Time last{};                 // the latest event that matched
  std::vector<city::Evidence> marks;
  std::string cause_source, cause_id;  // of the event that opened the episode
  bool exercise = false;               // so was the event that it began with
  static constexpr auto fields() {
    using R = RuleState;
    return std::tuple{field("rule", &R::rule),        field("fired", &R::fired),
                      field("step", &R::step),        field("since", &R::since),
                      field("due", &R::due),          field("last", &R::last),
                      field("marks", &R::marks),      field("causeSource", &R::cause_source),
                      field("causeId", &R::cause_id), field("exercise", &R::exercise)};
  }
};

struct Watch {
  std::vector<FactState> facts;
  std::vector<RuleState> rules;
  static constexpr auto fields() {
    return std::tuple{field("facts", &Watch::facts), field("rules", &Watch::rules)};
  }
};

}  // namespace see
