#include "operators/see/telling.h"

namespace see {

using city::Conclusion;
using What = Conclusion::What;

Conclusion conclusion_of(What what, const rules::CompiledRule& rule, const RuleState& state,
                         const Mark* said, const Reading& reading) {
  Conclusion conclusion;
  conclusion.what = what;
  conclusion.rule = rule.rule.name;
  conclusion.rule_version = rule.version;
  conclusion.title = rule.rule.title;
  conclusion.consequence = rule.rule.consequence;
  conclusion.order = rule.rule.order;
  conclusion.since = state.since;
  conclusion.at = state.set;
  // Silence is no deadline: nobody is late with it.
  if (rule.rule.kind == rules::RuleKind::missing && !rule.rule.silence)
    conclusion.due = state.due_date;
  if (reading.any()) conclusion.device = reading.device();
  if (said != nullptr && what == What::fired) {
    conclusion.priority = said->priority;
    conclusion.evidence = said->cited;
  }
  if (said != nullptr && (what == What::fired || what == What::more))
    conclusion.permit = said->permit;
  for (const Mark& mark : state.marks) conclusion.evidence.push_back(mark.evidence);
  conclusion.cause_source = state.cause_source;
  conclusion.cause_id = state.cause_id;
  return conclusion;
}

}  // namespace see
