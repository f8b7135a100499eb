// A live city on the embedded log, stepped by the test, on a machine whose clock somebody sets.

#include "app/live_run.h"

#include <gtest/gtest.h>

#include "app/city_files.h"
#include "connectors/http/rights.h"
#include "streams/hash.h"
#include "tests/contract/temp_directory.h"
#include "tests/support/fake_clock.h"

namespace app {
namespace {

using namespace std::chrono_literals;
using streams::Duration;
using streams::Time;

class LiveRunTest : public testing::Test {
 protected:
  /// Opens the city; an error of its clock.
  streams::Result<void> start(bool accept_clock = false) {
    live_.reset();
    if (running_) {
      EXPECT_TRUE(running_->engine().settle().ok());
    }
    running_.reset();
    RunOptions options;
    options.data = data_.path();
    options.memory = "64MiB";
    auto opened = RunningCity::open(options, machine_.source());
    if (!opened) return opened.error();
    running_ = std::move(*opened);
    const Time last = running_->engine().epochs().clock();
    if (auto begun = running_->clock().begin(last, accept_clock); !begun) return begun;
    auto live = Live::start(*running_, options, {});
    if (!live) return live.error();
    live_ = std::move(*live);
    return {};
  }
  /// Real time passes; the true time with it.
  void pass(Duration time) {
    LiveRun run{*running_, *live_};
    for (Duration at{}; at < time; at += 250ms) {
      machine_.pass(250ms);
      true_time_ += 250ms;
      const auto stepped = run.step();
      ASSERT_TRUE(stepped.ok()) << stepped.error().what;
    }
  }
  /// An alarm button, dated by a device whose clock is right, as a door takes it.
  void press(const std::string& entity) {
    std::string bytes =
        R"({"specversion":"1.0","id":")" + entity + R"(","source":"/iot","type":)" +
        R"("city.elevator.telemetry.v1","subject":")" + entity + R"(","time":")" +
        streams::format_time(true_time_) +
        R"(","data":{"floor":5,"speedMps":0.0,"door":"closed","doorZone":false,"occupied":true,)" +
        R"("mode":"normal","alarmButton":true,"alarmEnd":false,"faultCode":null}})";
    const Duration ahead = running_->clock().ahead(true_time_);
    if (ahead > 0ms) connectors::set_clock_ahead(bytes, ahead);
    std::vector<streams::Append> records;
    records.push_back(
        {{"elevator.telemetry", streams::partition_of(entity, running_->partitions())},
         running_->clock().now(),
         bytes});
    ASSERT_TRUE(running_->engine().log().append(std::move(records), true).ok());
  }
  bool told_of(const std::string& entity) {
    EXPECT_TRUE(running_->engine().settle().ok());
    for (std::int64_t at = 0;;) {
      const auto more = running_->engine().log().fetch({"warnings", 0}, at, 1 << 20);
      if (!more.ok() || more->records.empty()) return false;
      for (const auto& record : more->records)
        if (record.bytes.find(R"("subject":")" + entity + '"') != record.bytes.npos &&
            record.bytes.find(R"("priority":"P1")") != record.bytes.npos)
          return true;
      at = more->records.back().offset + 1;
    }
  }

  TempDirectory data_;
  test::FakeClock machine_;
  Time true_time_ = machine_.wall;
  std::unique_ptr<RunningCity> running_;
  std::unique_ptr<Live> live_;
};

TEST_F(LiveRunTest, AStepBackOfAnHourDoesNotStandTheCityStill) {
  ASSERT_TRUE(start().ok());
  pass(2s);
  machine_.step(-1h);
  pass(1s);
  press("elevator/1");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/1"));
  const Health health = live_->health();
  EXPECT_EQ(health.departed, -1h);
  EXPECT_TRUE(health.healthy());
  EXPECT_LE(health.lag, 500ms);
}

TEST_F(LiveRunTest, AStepADayAheadAndBackDoesNotBlindItAlsoAfterARestart) {
  ASSERT_TRUE(start().ok());
  pass(2s);
  machine_.step(24h);
  pass(10s);
  press("elevator/1");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/1")) << "while it is ahead";
  EXPECT_EQ(live_->health().departed, 24h);
  machine_.step(-24h);
  pass(2s);
  press("elevator/2");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/2")) << "when it is back";
  EXPECT_EQ(live_->health().departed, 0ms);
  ASSERT_TRUE(start().ok());
  pass(2s);
  press("elevator/3");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/3")) << "after a restart";
}

TEST_F(LiveRunTest, AcceptingAClockThatIsAheadTakesInWhatWasAcceptedMeanwhile) {
  machine_.step(-1h);  // the machine started with a wrong clock, which is then set
  ASSERT_TRUE(start().ok());
  pass(2s);
  machine_.step(1h);
  pass(1s);
  press("elevator/1");  // dated an hour ahead of the city's time
  pass(2s);
  ASSERT_TRUE(running_->clock().accept().ok());
  pass(1s);
  EXPECT_EQ(live_->health().departed, 0ms);
  EXPECT_TRUE(told_of("elevator/1"));
  press("elevator/2");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/2"));
}

// A life alarm is heard in every minute of the two hours until the two meet.
TEST_F(LiveRunTest, AcceptingAClockThatIsBehindBlindsNobody) {
  machine_.step(1h);  // the machine started with a wrong clock, which is then set
  ASSERT_TRUE(start().ok());
  pass(2s);
  machine_.step(-1h);
  pass(1s);
  ASSERT_TRUE(running_->clock().accept().ok());
  press("elevator/1");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/1")) << "at once";
  pass(1min);
  press("elevator/2");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/2")) << "a minute later";
  EXPECT_LT(live_->health().departed, -50min);
  ASSERT_TRUE(start(true).ok());
  press("elevator/3");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/3")) << "after a restart";
}

TEST_F(LiveRunTest, ARestartBehindTheLastTickIsRefusedWithASentence) {
  ASSERT_TRUE(start().ok());
  pass(10s);
  machine_.step(-1h);
  const auto refused = start();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, streams::Error::Kind::usage);
  EXPECT_NE(refused.error().what.find("behind the city's last tick"), std::string::npos)
      << refused.error().what;
  machine_.step(1h + 24h * 8);
  EXPECT_FALSE(start().ok());
  ASSERT_TRUE(start(true).ok());
  true_time_ = machine_.wall;
  pass(1s);
  press("elevator/1");
  pass(2s);
  EXPECT_TRUE(told_of("elevator/1"));
}

TEST_F(LiveRunTest, AClockThatStandsForFiveSecondsIsUnhealthy) {
  ASSERT_TRUE(start().ok());
  pass(2s);
  EXPECT_TRUE(live_->health().healthy());
  machine_.pass(4s);  // and nobody steps it
  EXPECT_TRUE(live_->health().healthy());
  EXPECT_GE(live_->health().lag, 4s) << "live, not as of the last look";
  machine_.pass(1s);
  EXPECT_FALSE(live_->health().healthy());
  pass(250ms);
  EXPECT_TRUE(live_->health().healthy());
}

TEST_F(LiveRunTest, WhatWaitsIsTheBacklog) {
  ASSERT_TRUE(start().ok());
  pass(1s);
  EXPECT_EQ(running_->backlog().ahead(machine_.monotonic).count(), 0);
  press("elevator/1");
  running_->backlog().add(1);
  EXPECT_GT(running_->backlog().ahead(machine_.monotonic).count(), 0);
  pass(1s);
  EXPECT_EQ(running_->backlog().ahead(machine_.monotonic).count(), 0);
}

}  // namespace
}  // namespace app
