#pragma once

// Reading: the event in hand as the clauses of rules see it: its time, its subject, what facts say,
// the fields of `data`. Filled for every event that a rule reads. One thread.

#include <string>
#include <string_view>
#include <vector>

#include "operators/city/conclusion.h"
#include "operators/rules/rulebook.h"
#include "streams/event.h"

namespace see {

class Reading {
 public:
  enum class Answer { no, yes, error };

  /// Until the next call; `subject` is mostly the event's own. Facts are absent at first.
  void take(const streams::Event& event, std::string_view subject, const rules::Source& source,
            const rules::Rulebook& book);
  /// Decides without an event from now on: time alone.
  void drop() { event_ = nullptr; }

  bool any() const { return event_ != nullptr; }
  const streams::Event& event() const { return *event_; }
  const rules::Source& source() const { return *source_; }

  /// A clause on another source's events has no answer.
  Answer ask(const rules::CompiledClause& clause);
  streams::Slot value_of(const rules::CompiledClause& clause);
  /// What the rule itself says of its priority, where it does.
  std::optional<city::Priority> priority(const rules::CompiledRule& rule);
  /// Whether the event has any field that the clause reads.
  bool has_any(const rules::CompiledClause& clause) const;
  /// Text of one of rules::kRecordFields of a permit change; empty where there is none.
  std::string_view record_field(std::size_t number) const;
  /// Kind and number of the record in hand; empty where it is none.
  std::string record_name() const;
  /// A correction is read as the record that it corrects: its action, its time. Until `take`.
  void read_as(std::string_view action, streams::Time time);
  /// The device that saw it, or empty.
  std::string_view device() const;
  /// kFactSlots of them: age, value, time.
  streams::Slot* fact(std::size_t number) {
    return &variables_[rules::kFirstFactSlot + rules::kFactSlots * number];
  }
  /// The event as a ground for a decision: what the clause read of it, without what is personal.
  city::Evidence evidence(const rules::CompiledClause& clause) const;

 private:
  const streams::Event* event_ = nullptr;
  const rules::Source* source_ = nullptr;
  std::size_t source_number_ = 0;
  std::size_t first_data_ = 0;
  std::vector<streams::Slot> variables_;
  cel::Arena arena_;
};

streams::Slot timestamp(streams::Time time);

}  // namespace see
