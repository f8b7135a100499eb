// What counting rules, sequences and holds remember has a bound, and what goes at it is the oldest.

#include "operators/see/marks.h"

#include <gtest/gtest.h>

namespace {

using namespace see;
using streams::Time;

Time at(int second) {
  return Time{std::chrono::seconds{second}};
}

std::vector<Mark> marks_of(std::size_t count, int part) {
  std::vector<Mark> marks(count);
  for (std::size_t i = 0; i < count; ++i) {
    marks[i].evidence.time = at(static_cast<int>(i));
    marks[i].part = part;
  }
  return marks;
}

TEST(Marks, TheOldestBeyondTheBoundGoes) {
  std::vector<Mark> marks = marks_of(kMarksKept + 1, 0);
  drop_old(marks, at(0), kMarksKept);
  ASSERT_EQ(marks.size(), kMarksKept);
  EXPECT_EQ(marks.front().evidence.time, at(1));

  std::vector<Mark> of_step = marks_of(kStepMarksKept, 1);
  of_step.insert(of_step.begin(), marks_of(1, 0).front());
  drop_surplus(of_step, 1);
  EXPECT_EQ(of_step.size(), kStepMarksKept + 1) << "at the bound all stay";
  of_step.push_back(marks_of(1, 1).front());
  drop_surplus(of_step, 1);
  EXPECT_EQ(of_step.size(), kStepMarksKept + 1);
  EXPECT_EQ(of_step.front().part, 0) << "of another step none goes";
  EXPECT_EQ(of_step[1].evidence.time, at(1));
}

TEST(Marks, EverySecondMomentGoesButTheNewest) {
  std::vector<Time> seen;
  for (int second = 0; second < static_cast<int>(kSeenKept); ++second)
    insert_moment(seen, at(second));
  EXPECT_EQ(seen.size(), kSeenKept);
  for (int second = static_cast<int>(kSeenKept); second < 1000; ++second)
    insert_moment(seen, at(second));
  EXPECT_LE(seen.size(), kSeenKept);
  EXPECT_GE(seen.size(), kSeenKept / 2);
  EXPECT_EQ(seen.back(), at(999));
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

}  // namespace
