// Once: duplicates and late events of an elevator that speaks every second, and what remembering
// them costs.

#include "operators/see/once.h"

#include <gtest/gtest.h>

#include "connectors/json/event_decoder.h"
#include "streams/epochs.h"
#include "streams/memory.h"
#include "tests/support/signals.h"

namespace {

using namespace std::chrono_literals;
using signals::kStart;

struct Passed {
  static constexpr std::string_view kType = "test.passed.v1";
  std::string id;
  int revision = 1;
  static constexpr auto fields() { return std::tuple{streams::field("id", &Passed::id)}; }
};

class Count : public streams::Operator<Passed(streams::Event)> {
 public:
  explicit Count(int* passed) : passed_(passed) {}
  void process(const streams::Record<streams::Event>&, streams::Emit<Passed>&) override {
    ++*passed_;
  }

 private:
  int* passed_;
};

class OnceTest : public testing::Test {
 protected:
  OnceTest() {
    topology_.apply<Count>(
        "count",
        topology_.apply<see::Once>("once", topology_.events({"city.elevator.telemetry.v1"})),
        &passed_);
    open();
  }
  void open() {
    epochs_ = std::make_unique<streams::Epochs>(
        topology_, log_, store_, [] { return std::make_unique<connectors::EventDecoder>(); },
        streams::EpochOptions{.city = "t", .doors = {"elevator.telemetry"}, .partitions = 1});
    ASSERT_TRUE(epochs_->restore().ok());
  }
  void send(int number, streams::Duration happened, streams::Duration recorded) {
    ASSERT_TRUE(log_.append({{{"elevator.telemetry", 0},
                              kStart + recorded,
                              signals::event("city.elevator.telemetry.v1", "elevator/1",
                                             "e" + std::to_string(number), kStart + happened,
                                             signals::telemetry(false, false)),
                              {}}},
                            false)
                    .ok());
  }
  /// Runs what was sent and commits it; how many bytes of state that wrote.
  std::size_t commit() {
    while (const auto tick = *epochs_->next_tick()) EXPECT_TRUE(epochs_->run(*tick).ok());
    streams::Commit cut = epochs_->cut();
    std::size_t bytes = 0;
    for (const streams::TaskChanges& changes : cut.changes) bytes += changes.block->size();
    epochs_->confirm(*log_.commit(std::move(cut)));
    return bytes;
  }
  int passed() { return std::exchange(passed_, 0); }

  int passed_ = 0;
  streams::Topology topology_{"t"};
  streams::MemoryLog log_;
  streams::MemoryStore store_;
  std::unique_ptr<streams::Epochs> epochs_;
};

TEST_F(OnceTest, RemembersFiveMinutesOfAnElevatorThatSpeaksEverySecond) {
  for (int i = 0; i < 900; ++i) send(i, i * 1s, i * 1s);
  commit();
  EXPECT_EQ(passed(), 900);
  open();  // from what was kept
  for (int i = 601; i < 900; ++i) send(i, i * 1s, 900s);
  commit();
  EXPECT_EQ(passed(), 0) << "each a second time";
  send(0, 900s, 901s);
  commit();
  EXPECT_EQ(passed(), 1) << "an id of fifteen minutes ago is free again";
}

TEST_F(OnceTest, RemembersAcrossLongPauses) {
  for (int i = 0; i < 40; ++i) send(i, i * 4min, i * 4min);
  send(39, 39 * 4min, 39 * 4min + 299s);
  commit();
  EXPECT_EQ(passed(), 40);
}

TEST_F(OnceTest, WritesLittleForEachCommit) {
  for (int i = 0; i < 900; ++i) send(i, i * 1s, i * 1s);
  const std::size_t all = commit();
  EXPECT_LT(all, 8'000u) << "five minutes of ids, 300 of 8 bytes";
  for (int i = 900; i < 916; ++i) {
    send(i, i * 1s, i * 1s);
    EXPECT_LT(commit(), 500u) << "one row of ids, not all of them";
  }
}

TEST_F(OnceTest, LeavesOutWhatIsTooLate) {
  send(1, 0s, 5min);
  send(2, 0s, 5min + 1ms);
  commit();
  EXPECT_EQ(passed(), 1);
}

}  // namespace
