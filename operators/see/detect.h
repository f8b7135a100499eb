#pragma once

// Detect: runs the active rules over an entity's events and concludes: fired, more, cleared, a
// reminder, ended. First operator of the loop; its conclusions go to judge (and to respond, which
// waits for `ended`). It remembers a Watch per entity and one timer: the next moment at which a
// rule decides without an event.

#include <memory>
#include <string>
#include <vector>

#include "operators/rules/rulebook.h"
#include "operators/see/reading.h"
#include "operators/see/watch.h"
#include "operators/see/wording.h"
#include "streams/operator.h"

namespace see {

using streams::Emit;
using streams::Event;
using streams::Record;
using streams::Version;

/// Names of versions that are rule packs begin so.
inline constexpr std::string_view kPackVersions = "rules/";

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

  void process(const Record<Event>& in, Emit<city::Conclusion>& out) override;
  /// Versions named "rules/<pack>" replace that pack from the next record on.
  void process(const Record<Version>& in, Emit<city::Conclusion>& out) override;
  void on_next(Emit<city::Conclusion>& out);

 private:
  using Answer = Reading::Answer;
  const std::string& name_of(const rules::Duty& duty) const;
  void fill_facts();

  void keep_fact(const rules::CompiledFact& fact);
  void match(const rules::CompiledRule& rule, Answer answer, Emit<city::Conclusion>& out);
  void match_event(const rules::CompiledRule& rule, Emit<city::Conclusion>& out);
  void hold(const rules::CompiledRule& rule, Answer answer, Emit<city::Conclusion>& out);
  void count_up(const rules::CompiledRule& rule, Emit<city::Conclusion>& out);
  void step(const rules::CompiledRule& rule, std::size_t part, Emit<city::Conclusion>& out);
  void came(const rules::CompiledRule& rule, Emit<city::Conclusion>& out);
  void clear(const rules::CompiledRule& rule, Emit<city::Conclusion>& out);
  void end(const rules::CompiledRule& rule, Emit<city::Conclusion>& out);
  void overdue(const rules::CompiledRule& rule, RuleState& state, Emit<city::Conclusion>& out);

  void tell_silence(const rules::CompiledRule& silent, bool begins, Emit<city::Conclusion>& out);
  void fire(const rules::CompiledRule& rule, RuleState& state, Emit<city::Conclusion>& out);
  std::vector<city::Evidence> facts_of(const rules::CompiledRule& rule,
                                       const std::vector<rules::CompiledRule::Cite>& cites);
  void conclude(city::Conclusion::What what, const rules::CompiledRule& rule, RuleState& state,
                Emit<city::Conclusion>& out);
  city::Reason why(const rules::CompiledRule& rule, const city::Conclusion& conclusion,
                   const RuleState& state);
  bool is_real(const rules::CompiledRule& rule) const;
  const RuleState* find(const rules::CompiledRule& rule) const;
  RuleState& state_of(const rules::CompiledRule& rule);
  void forget(const rules::CompiledRule& rule);
  void set_timer();

  DetectOptions options_;
  std::vector<rules::Pack> packs_;  // active ones: follow from the version records
  std::shared_ptr<const rules::Rulebook> book_;
  Reading reading_;
  Wording wording_;
};

}  // namespace see
