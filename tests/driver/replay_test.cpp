// What a restart runs again: the epochs since the last checkpoint, in silence.

#include <gtest/gtest.h>

#include "connectors/json/event_decoder.h"
#include "streams/epochs.h"
#include "streams/memory.h"
#include "tests/support/toy_city.h"

namespace {

using namespace streams;
using Cut = Epochs::Cut;

const Time kStart = *parse_time("2026-11-22T08:00:00Z");

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() { toy::declare(topology_, false); }

  void open() {
    epochs_ = std::make_unique<Epochs>(
        topology_, log_, store_, [] { return std::make_unique<connectors::EventDecoder>(); },
        EpochOptions{.city = "toy", .doors = {"a", "b"}, .partitions = 1});
    ASSERT_TRUE(epochs_->restore().ok());
  }
  void send(Duration recorded, double amount) {
    const std::string bytes =
        R"({"specversion":"1.0","id":"r)" + std::to_string(++sent_) +
        R"(","source":"/toy","type":"toy.reading.v1","subject":"child/1","time":")" +
        format_time(kStart + recorded) + R"(","data":{"amount":)" + std::to_string(amount) +
        R"(,"parent":"parent/1"}})";
    ASSERT_TRUE(log_.append({{{"a", 0}, kStart + recorded, bytes, {}}}, true).ok());
  }
  void run_until(Duration at) {
    while (epochs_->clock() < kStart + at)
      ASSERT_TRUE(epochs_->run(**epochs_->next_tick(kStart + at)).ok());
  }
  Commit commit(Cut kind) {
    const Commit cut = epochs_->cut(kind);
    epochs_->confirm(*log_.commit(cut));
    return cut;
  }
  std::size_t told() { return log_.fetch({"totals", 0}, 0, 1 << 20)->records.size(); }

  Topology topology_{"toy"};
  MemoryLog log_;
  MemoryStore store_;
  std::unique_ptr<Epochs> epochs_;
  int sent_ = 0;
};

TEST_F(ReplayTest, ARestartComesToTheSameStateAndSaysNothingTwice) {
  open();
  for (int i = 0; i < 8; ++i) {
    send(i * 1s, 1);
    run_until(i * 1s + 500ms);
    const Commit cut = commit(i == 3 ? Cut::checkpoint : Cut::plain);
    EXPECT_EQ(cut.changes.empty(), i != 3) << "only a checkpoint has what the tasks remember";
  }
  const std::size_t before = told();
  ASSERT_GE(before, 8u);
  open();
  EXPECT_FALSE(epochs_->replay_differed());
  EXPECT_FALSE(epochs_->uncommitted());
  EXPECT_GT(epochs_->to_replay().epochs, 0u);
  EXPECT_EQ(epochs_->to_replay().records, 4);
  EXPECT_EQ(epochs_->clock(), kStart + 7500ms);
  send(8s, 1);
  run_until(8500ms);
  commit(Cut::checkpoint);
  EXPECT_EQ(epochs_->to_replay().epochs, 0u);
  const auto records = log_.fetch({"totals", 0}, 0, 1 << 20)->records;
  ASSERT_GT(records.size(), before);
  EXPECT_NE(records.back().bytes.find(R"("total":9)"), std::string_view::npos)
      << records.back().bytes;
}

TEST_F(ReplayTest, ALogThatKeepsNoReplaysGetsAllChangesInEveryCommit) {
  struct Plain : MemoryLog {
    bool keeps_replays() const override { return false; }
  } log;
  Epochs epochs{topology_, log, store_, [] { return std::make_unique<connectors::EventDecoder>(); },
                EpochOptions{.city = "toy", .doors = {"a", "b"}, .partitions = 1}};
  ASSERT_TRUE(epochs.restore().ok());
  ASSERT_TRUE(epochs.run(kStart).ok());
  EXPECT_FALSE(epochs.cut(Cut::plain).changes.empty());
}

TEST_F(ReplayTest, ACutLeavesWhatTheLastEpochTold) {
  open();
  send(0s, 1);
  run_until(1s);
  send(1500ms, 1);
  run_until(1500ms);
  ASSERT_EQ(epochs_->last_outputs().size(), 1u);
  commit(Cut::plain);
  EXPECT_EQ(epochs_->last_outputs().size(), 1u) << "crews and screens that follow in step read it";
}

TEST_F(ReplayTest, ARecordWhoseTimeWasOverMakesACheckpoint) {
  open();
  send(0s, 1);
  run_until(1s);
  EXPECT_TRUE(commit(Cut::plain).changes.empty());
  send(500ms, 1);  // the log keeps it where it comes; run again it would come sooner
  run_until(2s);
  EXPECT_FALSE(commit(Cut::plain).changes.empty());
  send(2500ms, 1);
  run_until(3s);
  EXPECT_TRUE(commit(Cut::plain).changes.empty());
}

TEST_F(ReplayTest, WhatCameAfterTheLastCommitIsNotReadBeforeIt) {
  open();
  send(0s, 1);
  run_until(1s);
  commit(Cut::plain);
  send(500ms, 4);  // its time was over, and then the process is killed
  open();
  EXPECT_FALSE(epochs_->replay_differed());
  run_until(2s);
  EXPECT_FALSE(commit(Cut::plain).changes.empty());
  EXPECT_NE(log_.fetch({"totals", 0}, 0, 1 << 20)->records.back().bytes.find(R"("total":5)"),
            std::string_view::npos);
}

TEST_F(ReplayTest, AnAbortedCheckpointIsUndoneToTheCommitBefore) {
  open();
  for (int i = 0; i < 3; ++i) {
    send(i * 1s, 1);
    run_until(i * 1s + 500ms);
    commit(i == 0 ? Cut::checkpoint : Cut::plain);
  }
  send(3s, 1);
  run_until(3500ms);
  (void)epochs_->cut(Cut::checkpoint);
  ASSERT_TRUE(epochs_->rollback().ok());
  EXPECT_FALSE(epochs_->replay_differed());
  EXPECT_EQ(epochs_->clock(), kStart + 2500ms);
  run_until(3500ms);
  commit(Cut::plain);
  open();
  EXPECT_FALSE(epochs_->replay_differed());
  const auto records = log_.fetch({"totals", 0}, 0, 1 << 20)->records;
  EXPECT_NE(records.back().bytes.find(R"("total":4)"), std::string_view::npos)
      << records.back().bytes;
}

TEST_F(ReplayTest, LettersThatWereCommittedAreReadFromTheLogAndNotSentAgain) {
  open();
  for (int i = 0; i < 4; ++i) {
    send(i * 1s, 3);
    run_until(i * 1s + 500ms);
    commit(Cut::plain);
    const auto letters = [&] { return log_.fetch({kCityEvents, 0}, 0, 1 << 20)->records.size(); };
    const std::size_t before = letters();
    EXPECT_GT(before, 0u);
    open();
    EXPECT_FALSE(epochs_->replay_differed());
    EXPECT_EQ(letters(), before);
  }
  send(4s, 3);
  run_until(6s);
  commit(Cut::plain);
  const auto families = log_.fetch({"families", 0}, 0, 1 << 20)->records;
  ASSERT_FALSE(families.empty());
  EXPECT_NE(families.back().bytes.find("15"), std::string_view::npos) << families.back().bytes;
}

}  // namespace
