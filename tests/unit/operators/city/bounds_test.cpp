// Records have bounds: a history keeps the first step and the newest 30 and counts the others;
// every text is cut at a character; whatever an order holds at its bounds is below 512 kB.

#include "operators/city/bounds.h"

#include <gtest/gtest.h>

#include "operators/city/order.h"
#include "operators/duty/duty_list.h"

namespace {

using namespace city;

std::string of(char c, std::size_t size) {
  return std::string(size, c);
}

TEST(Bounds, ALongTextIsCutAtACharacter) {
  EXPECT_EQ(clipped("电梯", 6), "电梯");
  EXPECT_EQ(clipped("电梯困", 8), "电…");
  EXPECT_EQ(clipped(of('a', 11), 10), of('a', 7) + "…");
}

TEST(History, KeepsTheFirstAndTheNewestThirty) {
  Order order;
  for (int i = 0; i < 31; ++i) add_step(order, {{}, std::to_string(i), "rule", {"甲", "a"}});
  EXPECT_EQ(order.history.size(), 31u);
  EXPECT_EQ(order.history_omitted, 0);
  add_step(order, {{}, "31", "rule", {"甲", "a"}});
  EXPECT_EQ(order.history.size(), 31u);
  EXPECT_EQ(order.history_omitted, 1);
  EXPECT_EQ(order.history[0].step, "0");
  EXPECT_EQ(order.history[1].step, "2");
  EXPECT_EQ(order.history.back().step, "31");
  EXPECT_EQ(steps_of(order), 32);
}

TEST(History, TheNewestHaveAllTheirWords) {
  Order order;
  for (int i = 0; i < 6; ++i) add_step(order, {{}, "note", "seat/1", {of('x', 1000), "y"}});
  EXPECT_EQ(order.history[5].why.zh.size(), 1000u);
  EXPECT_EQ(order.history[4].why.zh.size(), 1000u);
  EXPECT_EQ(order.history[3].why.zh.size(), kOlderStepBytes);
}

TEST(Bounds, AnOrderAtAllOfThemIsARecord) {
  Order order;
  const std::string id = of('o', 256);
  const Text words{of('"', 100'000), of('"', 100'000)};  // each a backslash more as JSON
  order.entity = order.id = order.story = order.item = id;
  for (std::size_t i = 0; i < 2 * kLinksKept; ++i) {
    add_link(order.warnings, of('w', 20));
    add_link(order.complaints, of('c', 20));
  }
  EXPECT_EQ(order.warnings.size(), kLinksKept);
  for (std::size_t i = 0; i < kMaxLevels * kMaxRoles * kMaxUnits + kOfficersJoined; ++i)
    order.responders.emplace_back().unit = of('u', 256);
  for (int i = 0; i < 1000; ++i) add_step(order, {{}, "call_logged", of('b', 256), words});
  order.verdict.emplace().note = words.zh;
  order.supervision.emplace().answer = words.zh;
  order.pause.emplace().reason = words.zh;
  order.extension.emplace().reason = words.zh;
  order.returning.emplace().evidence = words.zh;
  order.returning->reason = words.zh;
  bound_texts(order);
  std::string json;
  streams::append_json(json, order);
  EXPECT_LT(json.size(), kMaxRecordBytes);
}

}  // namespace
