#pragma once

// RuleMemory: the Watch of the entity in hand, asked and changed rule by rule and fact by fact: the
// episode that is open or opening, when a condition was last over, what a fact last said. Detect's
// own; on its task's thread.

#include <optional>

#include "operators/see/reading.h"
#include "operators/see/watch.h"
#include "streams/operator.h"

namespace see {

class RuleMemory {
 public:
  explicit RuleMemory(streams::Value<Watch>& watch) : watch_(watch) {}

  const RuleState* find(const rules::CompiledRule& rule) const;
  /// The rule's state, begun where there is none.
  RuleState& edit(const rules::CompiledRule& rule, bool exercise);
  void forget(const rules::CompiledRule& rule);

  /// What said that the condition was over later than `at`; null where nothing did. A drill ends
  /// nothing that is real.
  const Ended* end_after(const rules::CompiledRule& rule, streams::Time at, bool exercise) const;
  void note_end(const rules::CompiledRule& rule, streams::Time at, Ended::By by, bool exercise,
                streams::Time now);

  /// Those that are too old to matter.
  void drop_ends(streams::Time now);

  const FactState* find(const rules::CompiledFact& fact) const;
  /// The event in hand, unless a newer one is known; false then.
  bool keep(const rules::CompiledFact& fact, Reading& reading);
  /// What the facts say to the event in hand.
  void fill(const rules::Rulebook& book, Reading& reading) const;

  /// When something here falls due or may be dropped.
  streams::Time earliest_due() const;

 private:
  streams::Value<Watch>& watch_;
};

/// How late an event of a topic may come and still count.
streams::Duration lateness_of(std::string_view topic);

}  // namespace see
