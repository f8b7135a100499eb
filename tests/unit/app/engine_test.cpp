// The engine on a directory: what an end without goodbye leaves to be run again, and what not.

#include "app/engine.h"

#include <gtest/gtest.h>

#include "state/embedded_log.h"
#include "tests/contract/temp_directory.h"
#include "tests/support/toy_city.h"

namespace {

using namespace streams;
using app::Engine;

const Time kStart = *parse_time("2026-11-22T08:00:00Z");

class EngineTest : public testing::Test {
 protected:
  EngineTest() { toy::declare(topology_, false); }

  void open(std::chrono::milliseconds checkpoint) {
    engine_.reset();  // as a kill leaves it: nothing is settled
    auto engine = Engine::open({.data = directory_.path(),
                                .partitions = 1,
                                .commit = std::chrono::milliseconds{0},
                                .checkpoint = checkpoint},
                               topology_, "toy");
    ASSERT_TRUE(engine.ok()) << engine.error().what;
    engine_ = std::move(*engine);
  }
  /// One reading and its epoch, committed.
  void read(Duration at) {
    const std::string bytes =
        R"({"specversion":"1.0","id":"r)" + std::to_string(at.count()) +
        R"(","source":"/toy","type":"toy.reading.v1","subject":"child/1","time":")" +
        format_time(kStart + at) + R"(","data":{"amount":1,"parent":""}})";
    ASSERT_TRUE(
        engine_->log().append({{{"elevator.telemetry", 0}, kStart + at, bytes, {}}}, true).ok());
    const Time tick = tick_at_or_after(kStart + at);
    ASSERT_TRUE(engine_->run(tick).ok());
    while (engine_->epochs().uncommitted() || engine_->counts().commits == commits_)
      ASSERT_TRUE(engine_->poll().ok());
    commits_ = engine_->counts().commits;
  }
  std::vector<std::string> told() {
    std::vector<std::string> all;
    const auto batch = engine_->log().fetch({"totals", 0}, 0, 1 << 20);
    for (const LogRecord& record : batch->records) all.emplace_back(record.bytes);
    return all;
  }

  Topology topology_{"toy"};
  TempDirectory directory_;
  std::unique_ptr<Engine> engine_;
  std::uint64_t commits_ = 0;
};

TEST_F(EngineTest, AKilledProcessRunsTheEpochsSinceTheCheckpointAgain) {
  open(1h);
  for (int i = 0; i < 4; ++i) read(i * 1s);
  ASSERT_EQ(told().size(), 4u);
  open(1h);
  commits_ = 0;
  EXPECT_EQ(engine_->epochs().to_replay().epochs, 4u);
  EXPECT_FALSE(engine_->epochs().replay_differed());
  EXPECT_EQ(told().size(), 4u) << "in silence";
  read(4s);
  ASSERT_EQ(told().size(), 5u);
  EXPECT_NE(told().back().find(R"("total":5)"), std::string::npos) << told().back();
}

TEST_F(EngineTest, AnOrderlyEndAndACheckpointThatIsDueLeaveNothingToRunAgain) {
  open(1h);
  for (int i = 0; i < 3; ++i) read(i * 1s);
  ASSERT_TRUE(engine_->settle().ok());
  open(std::chrono::milliseconds{0});
  commits_ = 0;
  EXPECT_EQ(engine_->epochs().to_replay().epochs, 0u);
  read(3s);
  EXPECT_EQ(engine_->epochs().to_replay().epochs, 0u) << "every commit is one";
}

TEST_F(EngineTest, SoManyEpochsAreACheckpoint) {
  open(1h);
  read(0s);
  for (int i = 1; i < 20'000; ++i) ASSERT_TRUE(engine_->run(kStart + i * kTickInterval).ok());
  while (engine_->epochs().to_replay().epochs >= 20'000) ASSERT_TRUE(engine_->poll().ok());
}

}  // namespace
