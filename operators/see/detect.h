#pragma once

// Detect: runs the active rules over an entity's events and concludes: fired, more, cleared, a
// reminder, ended. First operator of the loop; its conclusions go to judge (and to respond, which
// waits for `ended`). It remembers a Watch per entity and one timer: the next moment at which a
// rule decides without an event. What came first and what after is a matter of the events' own
// times: the order in which they arrive decides between equal ones only.

#include <memory>
#include <string>
#include <vector>

#include "operators/rules/rulebook.h"
#include "operators/see/reading.h"
#include "operators/see/rule_memory.h"
#include "operators/see/watch.h"
#include "operators/see/wording.h"
#include "streams/downtime.h"
#include "streams/operator.h"

namespace see {

using streams::Emit;
using streams::Event;
using streams::Record;
using streams::Version;

/// Names of versions that are rule packs begin so.
inline constexpr std::string_view kPackVersions = "rules/";
/// A due date whose rule is gone waits so long for its rule to come back, and looks so often.
inline constexpr streams::Duration kGoneKept = std::chrono::days{7};
inline constexpr streams::Duration kGoneLook = std::chrono::hours{1};

struct DetectOptions {
  cel::ReadRaw read_raw = nullptr;
};

class Detect : public streams::Operator<city::Conclusion(Event, Version)> {
 public:
  explicit Detect(DetectOptions options = {}) : options_(options), wording_(options.read_raw) {}

  streams::Value<Watch> watch = value<Watch>("watch");
  streams::Timer next = timer("next", &Detect::on_next);
  CountBy evaluation_errors = count_by("evaluation_errors");  // of a rule, a fact
  Count bad_versions = count("bad_versions");
  CountBy unreadable_due = count_by("unreadable_due");        // of a rule: a date that is none
  CountBy overtaken = count_by("overtaken");  // of a rule: older than what had set its condition

  using Out = Emit<city::Conclusion>;
  void process(const Record<Event>& in, Out& out) override;
  /// Versions named "rules/<pack>" replace that pack from the next record on; one of a downtime
  /// tells that nobody listened.
  void process(const Record<Version>& in, Out& out) override;
  void on_next(Out& out);

 private:
  using Answer = Reading::Answer;
  using What = city::Conclusion::What;
  using Rule = rules::CompiledRule;
  const std::string& name_of(const rules::Duty& duty) const;
  void answered(const rules::Duty& duty, Answer answer, Out& out);

  // what an event begins or adds to (detect_kinds.cpp)
  void begin(const Rule& rule, Out& out);
  void match(const Rule& rule, Out& out);
  void match_late(const Rule& rule, const Ended& end, Out& out);
  void hold(const Rule& rule, Out& out);
  void count_up(const Rule& rule, Out& out);
  void follow(const Rule& rule, int part, Out& out);
  void came(const Rule& rule, Out& out);
  void await(const Rule& rule, streams::Time due, Out& out);
  std::optional<streams::Time> due_of(const Rule& rule, streams::Time base);
  static streams::Time default_due(const Rule& rule, streams::Time base);
  void correct_all(const rules::Source& source, Out& out);
  void correct(const Rule& rule, Out& out);

  // what ends it (detect_ends.cpp)
  void stop(const Rule& rule, bool also_fired, Ended::By by, Out& out);
  void stop_opening(const Rule& rule);
  void end(const Rule& rule, std::size_t part, Out& out);
  void come_back(const Rule& rule, Out& out);
  void overdue(const Rule& rule, RuleState& state, Out& out);
  void quiet(const Rule& rule, RuleState& state, Out& out);
  void let_go(std::uint64_t semantics);

  void tell_silence(const Rule& silent, bool begins, Out& out);
  void fire(const Rule& rule, RuleState& state, const Mark* said, Out& out);
  void conclude(What what, const Rule& rule, RuleState& state, const Mark* said, Out& out);
  city::Reason why(const Rule& rule, const city::Conclusion& conclusion, const RuleState& state);
  Mark mark_of(const Rule& rule, const rules::CompiledClause& clause, int part = 0);
  std::vector<city::Evidence> facts_of(const Rule& rule, const std::vector<Rule::Cite>& cites);

  streams::Time at() const { return reading_.event().time; }
  bool drill() { return context().exercise; }
  bool is_real(const Rule& rule) const;
  const RuleState* find(const Rule& rule) const { return memory_.find(rule); }
  RuleState& state_of(const Rule& rule) { return memory_.edit(rule, context().exercise); }
  const Ended* overtaken_by(const Rule& rule);
  void note_end(const Rule& rule, streams::Time at, Ended::By by) {
    memory_.note_end(rule, at, by, context().exercise, context().clock);
  }
  void forget(const Rule& rule);
  void set_timer();

  DetectOptions options_;
  std::vector<rules::Pack> packs_;  // active ones: follow from the version records
  std::shared_ptr<const rules::Rulebook> book_;
  streams::Downtime downtime_;      // the last one, likewise
  Reading reading_;
  Wording wording_;
  RuleMemory memory_{watch};
};

}  // namespace see
