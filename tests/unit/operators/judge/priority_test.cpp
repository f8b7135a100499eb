// Consequence gives the band; everything else together moves it one step at most; life stays P1.

#include "operators/judge/priority.h"

#include <gtest/gtest.h>

#include "operators/judge/warning_states.h"

namespace {

using namespace city;

bool has(const Prioritized& out, std::string_view code) {
  for (const Reason& reason : out.reasons)
    if (reason.code == code) return !reason.zh.empty() && !reason.en.empty();
  return false;
}

PriorityFacts facts(Consequence consequence) {
  PriorityFacts made;
  made.consequence = consequence;
  return made;
}

TEST(Priority, TheConsequenceGivesTheBand) {
  for (int rank = 0; rank < 4; ++rank) {
    const auto consequence = static_cast<Consequence>(rank);
    const Prioritized out = prioritize(facts(consequence), {});
    EXPECT_EQ(out.priority, static_cast<Priority>(rank));
    EXPECT_TRUE(has(out, "consequence." + std::string{streams::name_of(consequence)}));
    EXPECT_EQ(out.reasons.size(), 1u);
  }
}

TEST(Priority, EachGroundIsAStepWithItsReason) {
  PriorityFacts seen = facts(Consequence::order);
  seen.other_signals = {{"维保超期", "Maintenance overdue"}};
  EXPECT_EQ(prioritize(seen, {}).priority, Priority::P2);
  EXPECT_TRUE(has(prioritize(seen, {}), "urgency.second_signal"));
  seen = facts(Consequence::order);
  seen.reopened = 1;
  EXPECT_TRUE(has(prioritize(seen, {}), "urgency.again"));
  seen = facts(Consequence::safety);
  seen.exposure = "school";
  EXPECT_EQ(prioritize(seen, {}).priority, Priority::P2) << "P1 is kept for life";
  EXPECT_TRUE(has(prioritize(seen, {}), "exposure.school"));
  EXPECT_TRUE(has(prioritize(seen, {}), "priority.kept"));
  seen.exposure = "warehouse";
  EXPECT_EQ(prioritize(seen, {}).priority, Priority::P2);
  EXPECT_FALSE(has(prioritize(seen, {}), "priority.kept"));
  seen = facts(Consequence::record);
  seen.earlier_warnings = 2;
  EXPECT_EQ(prioritize(seen, {}).priority, Priority::P4);
  seen.earlier_warnings = 3;
  EXPECT_EQ(prioritize(seen, {}).priority, Priority::P3);
  EXPECT_TRUE(has(prioritize(seen, {}), "risk.repeats"));
}

TEST(Priority, AllTogetherAreOneStep) {
  PriorityFacts seen = facts(Consequence::record);
  seen.other_signals = {{"一", "one"}, {"二", "two"}, {"三", "three"}, {"四", "four"}};
  seen.reopened = 2;
  seen.exposure = "hospital";
  seen.earlier_warnings = 9;
  const Prioritized out = prioritize(seen, {});
  EXPECT_EQ(out.priority, Priority::P3);
  EXPECT_TRUE(has(out, "priority.step"));
  EXPECT_EQ(out.reasons.size(), 6u);
}

TEST(Priority, LifeNeverLeavesP1AndARuleMayDecideTheRest) {
  PriorityFacts seen = facts(Consequence::life);
  seen.of_rule = Priority::P4;
  EXPECT_EQ(prioritize(seen, {}).priority, Priority::P1);
  seen = facts(Consequence::order);
  seen.of_rule = Priority::P4;
  seen.exposure = "school";
  EXPECT_EQ(prioritize(seen, {}).priority, Priority::P4);
  EXPECT_TRUE(has(prioritize(seen, {}), "priority.rule"));
}

TEST(WarningStates, WhatIsOverComesBackOnlyByReopening) {
  using W = WarningState;
  for (const W over : {W::resolved, W::dismissed, W::merged, W::suppressed}) {
    EXPECT_TRUE(is_over(over));
    for (int to = 0; to < 8; ++to)
      EXPECT_EQ(may_become(over, static_cast<W>(to)),
                static_cast<W>(to) == W::raised ||
                    (over == W::suppressed && static_cast<W>(to) == W::resolved))
          << "what waits for its parent may end before it";
  }
  EXPECT_FALSE(may_become(W::dispatched, W::screening));
  EXPECT_FALSE(may_become(W::screening, W::raised));
}

}  // namespace
