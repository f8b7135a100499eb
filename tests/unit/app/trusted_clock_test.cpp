#include "app/trusted_clock.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace app {
namespace {

using namespace std::chrono_literals;
using streams::Duration;
using streams::Time;

class TrustedClockTest : public testing::Test {
 protected:
  /// The city's time after so much has passed, asked for four times a second.
  Duration passed(TrustedClock& clock, Duration real) {
    const Time before = clock.now();
    for (Duration at{}; at < real; at += 250ms) {
      machine_.pass(250ms);
      const Time was = last_;
      last_ = clock.now();
      EXPECT_GE(last_, was) << "never back";
    }
    return last_ - before;
  }
  test::FakeClock machine_;
  Time last_{};
};

TEST_F(TrustedClockTest, FollowsAWallClockThatIsRight) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  EXPECT_EQ(passed(clock, 1h), 1h);
  EXPECT_EQ(clock.now(), machine_.wall);
  machine_.step(59s);
  EXPECT_EQ(clock.now(), machine_.wall) << "they may part by 60 s";
  EXPECT_EQ(clock.status().departed, 0s);
}

TEST_F(TrustedClockTest, ASmallStepBackSlowsItAndDoesNotStopIt) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  machine_.step(-30s);
  EXPECT_EQ(passed(clock, 20s), 10s);
  EXPECT_EQ(passed(clock, 40s), 20s);
  EXPECT_EQ(clock.now(), machine_.wall) << "they have met";
  EXPECT_EQ(passed(clock, 10s), 10s);
}

TEST_F(TrustedClockTest, AnHourBackItGoesOnByTheMonotonicClockAndSaysSo) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  machine_.step(-1h);
  EXPECT_EQ(passed(clock, 10min), 10min);
  EXPECT_EQ(clock.status().departed, -1h);
  machine_.step(1h);
  EXPECT_EQ(clock.now(), machine_.wall);
  EXPECT_EQ(clock.status().departed, 0s) << "the wall clock has come back";
}

TEST_F(TrustedClockTest, ADayAheadAndBackIsNoDayThatPassed) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  machine_.step(24h);
  EXPECT_EQ(passed(clock, 5min), 5min);
  EXPECT_EQ(clock.status().departed, 24h);
  machine_.step(-24h);
  EXPECT_EQ(passed(clock, 5min), 5min);
  EXPECT_EQ(clock.now(), machine_.wall);
  EXPECT_EQ(clock.status().departed, 0s);
}

TEST_F(TrustedClockTest, SmallStepsAddUp) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  for (int i = 0; i < 3; ++i) {
    machine_.step(25s);
    machine_.pass(1min);
    (void)clock.now();
  }
  EXPECT_EQ(clock.status().departed, 25s) << "75 s in all: not trusted since the third";
}

TEST_F(TrustedClockTest, AcceptedAheadItJumps) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  machine_.step(1h);
  EXPECT_EQ(passed(clock, 1min), 1min);
  const auto said = clock.accept();
  ASSERT_TRUE(said.ok());
  EXPECT_NE(said->find("60 min later"), std::string::npos) << *said;
  EXPECT_EQ(clock.now(), machine_.wall);
  EXPECT_EQ(clock.status().departed, 0s);
}

TEST_F(TrustedClockTest, AcceptedBehindItGoesOnAtHalfThePaceUntilTheyMeet) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  machine_.step(-10min);
  (void)clock.now();
  const auto said = clock.accept();
  ASSERT_TRUE(said.ok());
  EXPECT_NE(said->find("half the pace"), std::string::npos) << *said;
  EXPECT_EQ(clock.status().departed, -10min) << "and says that they have not met";
  EXPECT_EQ(passed(clock, 10min), 5min);
  EXPECT_EQ(passed(clock, 10min), 5min);
  EXPECT_EQ(clock.now(), machine_.wall);
  EXPECT_EQ(clock.status().departed, 0s);
}

TEST_F(TrustedClockTest, WhileItCatchesUpWhatIsStatedIsAheadByAsMuchAndInOrder) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  EXPECT_EQ(clock.ahead(machine_.wall), 0s);
  machine_.step(-1h);
  (void)clock.now();
  EXPECT_EQ(clock.ahead(machine_.wall), 0s) << "nobody has said which is right";
  ASSERT_TRUE(clock.accept().ok());
  const Time accepted = machine_.wall;
  EXPECT_EQ(clock.ahead(accepted), 1h);
  EXPECT_EQ(clock.ahead(accepted + 1h), 0s) << "dated by the city's own clock";
  EXPECT_EQ(clock.ahead(accepted + 40min), 20min) << "no more than now";
  EXPECT_EQ(clock.ahead(accepted - 5min), 1h) << "a moment before, and on its way";
  EXPECT_EQ(clock.ahead(accepted - 6min), 0s) << "a record of long ago keeps its date";
  machine_.pass(20min);
  EXPECT_EQ(clock.ahead(machine_.wall), 50min);
  EXPECT_EQ(machine_.wall + clock.ahead(machine_.wall), clock.now());
  EXPECT_EQ(clock.ahead(accepted), 1h) << "as when it was said";
  EXPECT_EQ(clock.ahead(machine_.wall - 10min), 55min);
  machine_.pass(100min);
  EXPECT_EQ(clock.ahead(machine_.wall), 0s) << "they have met";
  EXPECT_EQ(clock.ahead(accepted), 0s);
}

TEST_F(TrustedClockTest, AStartIsRefusedWhereTheWallClockCantBeRight) {
  const Time tick = machine_.wall;
  for (const auto& [by, refused] :
       {std::pair<Duration, bool>{-4s, false}, {-6s, true}, {24h * 6, false}, {24h * 8, true}}) {
    test::FakeClock machine;
    machine.wall = tick + by;
    TrustedClock clock{machine.source()};
    const auto begun = clock.begin(tick, false);
    EXPECT_EQ(!begun.ok(), refused) << by.count();
    if (begun.ok()) continue;
    EXPECT_EQ(begun.error().kind, streams::Error::Kind::usage);
    EXPECT_NE(begun.error().what.find("--accept-clock"), std::string::npos) << begun.error().what;
    EXPECT_NE(begun.error().what.find(streams::format_time(tick)), std::string::npos);
    EXPECT_TRUE(clock.begin(tick, true).ok());
    EXPECT_GE(clock.now(), tick);
  }
}

TEST_F(TrustedClockTest, WhoTakesOverGoesOnFromTheLastTick) {
  TrustedClock clock{machine_.source()};
  ASSERT_TRUE(clock.begin({}, false).ok());
  const Time tick = machine_.wall + 20s;
  clock.not_before(tick);
  EXPECT_EQ(clock.now(), tick);
  EXPECT_EQ(passed(clock, 10s), 5s);
}

TEST_F(TrustedClockTest, ACityWithATimeOfItsOwnHasNothingToAccept) {
  TrustedClock clock{machine_.source()};
  EXPECT_FALSE(clock.accept().ok());
}

}  // namespace
}  // namespace app
