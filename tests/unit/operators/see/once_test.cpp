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
    const auto once = topology_.apply<see::Once>(
        "once",
        topology_.events({"city.elevator.telemetry.v1", "city.permit.changed.v1"}), "t");
    once.side(&see::Once::rejected).to(streams::Topic<city::Rejected>{"rejected"});
    topology_.apply<Count>("count", once, &passed_);
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
    streams::Commit cut = epochs_->cut(streams::Epochs::Cut::checkpoint);
    std::size_t bytes = 0;
    for (const streams::TaskChanges& changes : cut.changes) bytes += changes.block->size();
    epochs_->confirm(*log_.commit(std::move(cut)));
    return bytes;
  }
  int passed() { return std::exchange(passed_, 0); }
  /// One event as it is; what came through, and the refusals so far.
  int send(const std::string& type, const std::string& id, streams::Duration happened,
           streams::Duration recorded, const std::string& data) {
    EXPECT_TRUE(log_.append({{{"elevator.telemetry", 0},
                              kStart + recorded,
                              signals::event(type, "elevator/1", id, kStart + happened, data),
                              {}}},
                            false)
                    .ok());
    commit();
    return passed();
  }
  std::vector<std::string> refused() {
    std::vector<std::string> all;
    const auto batch = log_.fetch({"rejected", 0}, 0, 1 << 20);
    for (const auto& record : (*batch).records) all.emplace_back(record.bytes);
    return all;
  }

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

TEST_F(OnceTest, AnIdThatComesWithOtherContentIsAnswered) {
  const std::string quiet = R"({"alarmButton":false})", alarm = R"({"alarmButton":true})";
  for (const char* type : {"city.elevator.telemetry.v1", "city.permit.changed.v1"}) {
    const std::size_t before = refused().size();
    EXPECT_EQ(send(type, "same", 1s, 1s, quiet), 1);
    EXPECT_EQ(send(type, "same", 1s, 20s, quiet), 0);
    EXPECT_EQ(refused().size(), before) << "a duplicate is silent";
    open();  // from what was kept
    EXPECT_EQ(send(type, "same", 1s, 30s, alarm), 0);
    EXPECT_EQ(send(type, "same", 2s, 40s, quiet), 0) << "another time is another content";
    ASSERT_EQ(refused().size(), before + 2);
    EXPECT_NE(refused().back().find(R"("code":"id.reused")"), std::string::npos);
    EXPECT_NE(refused().back().find(R"("target":"same")"), std::string::npos);
    EXPECT_NE(refused().back().find(R"("causationid":"same")"), std::string::npos);
    EXPECT_EQ(send(type, "another", 3s, 50s, alarm), 1);
  }
}

TEST_F(OnceTest, AClockAheadThatIsClampedIsNoOtherContent) {
  const std::string data = R"({"alarmButton":true})";
  EXPECT_EQ(send("city.elevator.telemetry.v1", "ahead", 1h, 1s, data), 1);
  EXPECT_EQ(send("city.elevator.telemetry.v1", "ahead", 1h, 9s, data), 0);
  EXPECT_TRUE(refused().empty());
}

TEST_F(OnceTest, LeavesOutWhatIsTooLate) {
  send(1, 0s, 5min);
  send(2, 0s, 5min + 1ms);
  commit();
  EXPECT_EQ(passed(), 1);
}

}  // namespace
