#pragma once

// Watch: what the rules remember of one entity: the last match of each fact, for each rule the
// episode that is open or may be opening, and when it was last over. Kept by see/detect in one row.

#include <array>
#include <optional>
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

/// An event that counts for a rule, and what the rule's other clauses said of it: they read that
/// event and the facts as they were then, so they are asked while it is in hand.
struct Mark {
  city::Evidence evidence;
  int part = 0;                            // of a sequence: 0 is `when`
  std::optional<city::Priority> priority;  // what the rule itself says
  std::vector<city::Evidence> cited;
  std::optional<city::Evidence> permit;
  static constexpr auto fields() {
    return std::tuple{field("evidence", &Mark::evidence), field("part", &Mark::part),
                      field("priority", &Mark::priority), field("cited", &Mark::cited),
                      field("permit", &Mark::permit)};
  }
};

struct RuleState {
  std::uint64_t rule = 0;               // its semantics
  bool fired = false;                   // an episode is open
  int step = 0;                         // of missing: reminders sent
  streams::Time since{};                // the condition's begin; of missing: the last that came
  streams::Time set{};                  // the newest event that said so: an older one ends nothing
  streams::Time due = streams::kNever;  // what the timer waits for
  streams::Time due_date = streams::kNever;  // of missing
  std::vector<streams::Time> seen;  // of a hold that has not fired: when it was so, oldest first
  std::vector<Mark> marks;          // oldest first
  std::string record, action;       // of missing: what a correction may name
  std::string cause_source, cause_id;  // of the event that opened the episode
  bool exercise = false;               // so was the event that it began with
  static constexpr auto fields() {
    using R = RuleState;
    return std::tuple{field("rule", &R::rule),        field("fired", &R::fired),
                      field("step", &R::step),        field("since", &R::since),
                      field("set", &R::set),          field("due", &R::due),
                      field("dueDate", &R::due_date), field("seen", &R::seen),
                      field("marks", &R::marks),      field("record", &R::record),
                      field("action", &R::action),    field("causeSource", &R::cause_source),
                      field("causeId", &R::cause_id), field("exercise", &R::exercise)};
  }
};

/// When a rule's condition was last said to be over: what is older and comes later opens nothing.
/// One for each rule at most; of devices' signals for as long as an older one may still come.
struct Ended {
  enum class By { clear, source, quiet };  // `clear`, `cancel`, `when` false; `ends`; a time
  std::uint64_t rule = 0;
  streams::Time at{};
  By by = By::clear;
  bool exercise = false;
  bool brief = false;  // of devices' signals
  static constexpr auto fields() {
    return std::tuple{field("rule", &Ended::rule), field("at", &Ended::at),
                      field("by", &Ended::by), field("exercise", &Ended::exercise),
                      field("brief", &Ended::brief)};
  }
};

struct Watch {
  std::vector<FactState> facts;
  std::vector<RuleState> rules;
  std::vector<Ended> ended;

  const RuleState* find(std::uint64_t rule) const;
  RuleState* edit(std::uint64_t rule) { return const_cast<RuleState*>(find(rule)); }
  const Ended* end_of(std::uint64_t rule) const;
  bool empty() const { return facts.empty() && rules.empty() && ended.empty(); }
  static constexpr auto fields() {
    return std::tuple{field("facts", &Watch::facts), field("rules", &Watch::rules),
                      field("ended", &Watch::ended)};
  }
};

constexpr auto names_of(Ended::By) {
  return std::array<std::string_view, 3>{"clear", "source", "quiet"};
}

}  // namespace see
