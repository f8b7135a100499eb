#include "operators/rules/pack.h"

#include "streams/hash.h"

namespace rules {
namespace {

void add(std::string& text, const Clause& clause) {
  text += clause.topic + "\n" + clause.text + "\n";
}
void add(std::string& text, const std::vector<Clause>& clauses) {
  for (const Clause& clause : clauses) add(text, clause);
  text += "\n";
}
void add(std::string& text, streams::Duration duration) {
  text += streams::format_duration(duration) + "\n";
}

}  // namespace

std::uint64_t semantics(const Pack& pack, const Rule& rule) {
  std::string text = pack.name + "\n" + rule.name + "\n";
  text += std::to_string(static_cast<int>(rule.kind)) + "\n";
  add(text, rule.when);
  add(text, rule.clear);
  add(text, rule.steps);
  add(text, rule.cancel);
  if (rule.due) add(text, *rule.due);
  add(text, rule.hold);
  add(text, rule.within);
  text += std::to_string(rule.count) + (rule.decide_on_arrival ? " arrival" : " timer");
  text += std::to_string(static_cast<int>(rule.episode.until)) + "\n";
  add(text, rule.episode.quiet);
  for (const Rule::Field& field : rule.fires_unknown) text += field.name + "\n";
  return streams::hash64(text);
}

std::uint64_t semantics(const Pack& pack, const Fact& fact) {
  std::string text = pack.name + "\nfact " + fact.name + "\n";
  add(text, fact.when);
  if (fact.value) add(text, *fact.value);
  return streams::hash64(text);
}

}  // namespace rules
