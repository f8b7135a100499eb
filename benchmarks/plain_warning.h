#pragma once

// PlainWarning: what "elevator watch v1" asks of every engine on the list: rule, entity, time,
// priority and the ids of the evidence, straight from what the rules concluded.

#include <string>
#include <vector>

#include "operators/city/conclusion.h"
#include "streams/hash.h"
#include "streams/operator.h"

namespace benchmarks {

using streams::field;

struct PlainWarning {
  static constexpr std::string_view kType = "city.warning.v1";
  std::string id;
  int revision = 1;
  std::string rule;
  std::string entity;
  city::Priority priority = city::Priority::P4;
  streams::Time time{};
  std::vector<std::string> evidence;
  bool urgent() const { return priority == city::Priority::P1; }
  static constexpr auto fields() {
    using W = PlainWarning;
    return std::tuple{field("id", &W::id),         field("rule", &W::rule),
                      field("entity", &W::entity), field("priority", &W::priority),
                      field("time", &W::time),     field("evidence", &W::evidence)};
  }
};

/// Conclusions that fired, as plain warnings; nothing is remembered.
class Warn : public streams::Operator<PlainWarning(city::Conclusion)> {
 public:
  void process(const streams::Record<city::Conclusion>& in,
               streams::Emit<PlainWarning>& out) override {
    const city::Conclusion& conclusion = in.value;
    if (conclusion.what != city::Conclusion::What::fired) return;
    PlainWarning warning;
    warning.rule = conclusion.rule;
    warning.entity = in.key();
    warning.priority = conclusion.priority.value_or(
        static_cast<city::Priority>(static_cast<int>(conclusion.consequence)));
    warning.time = in.time();
    for (const city::Evidence& evidence : conclusion.evidence)
      warning.evidence.push_back(evidence.id);
    warning.id = streams::make_id(
        "w-", {warning.rule, warning.entity, conclusion.cause_source, conclusion.cause_id});
    out(warning);
  }
};

}  // namespace benchmarks
