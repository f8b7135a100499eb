#pragma once

// What every Log promises, whoever makes it. Include it in one file of a test program and
// instantiate LogContract with makers of harnesses.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "streams/log.h"

namespace contract {

using streams::Append;
using streams::Batch;
using streams::Commit;
using streams::Log;
using streams::Partition;
using streams::Time;
using namespace std::chrono_literals;

class LogHarness {
 public:
  virtual ~LogHarness() = default;
  virtual Log& log() = 0;
  /// Closes and opens it again; false: this kind keeps nothing.
  virtual bool reopen() = 0;
};

struct LogKind {
  std::string name;
  std::function<std::unique_ptr<LogHarness>()> make;
};
inline void PrintTo(const LogKind& kind, std::ostream* out) { *out << kind.name; }

class LogContract : public testing::TestWithParam<LogKind> {
 protected:
  Log& log() { return harness_->log(); }
  bool reopen() { return harness_->reopen(); }

  struct Seen {
    std::int64_t offset;
    std::int64_t recorded;
    std::string bytes;
    bool operator==(const Seen&) const = default;
  };
  /// Everything from `offset` on, fetched piece by piece.
  std::vector<Seen> read(const Partition& partition, std::int64_t offset = 0,
                         std::size_t limit_bytes = 1000) {
    std::vector<Seen> all;
    while (true) {
      streams::Result<Batch> batch = log().fetch(partition, offset, limit_bytes);
      EXPECT_TRUE(batch.ok()) << batch.error().what;
      if (!batch || batch->records.empty()) return all;
      for (const streams::LogRecord& record : batch->records) {
        all.push_back({record.offset, record.recorded.time_since_epoch().count(),
                       std::string{record.bytes}});
        // Decoders read behind the end.
        volatile char last = record.bytes.data()[record.bytes.size() + 63];
        (void)last;
      }
      offset = batch->records.back().offset + 1;
    }
  }
  void append(const Partition& to, std::int64_t at, std::string bytes, bool durable = false) {
    const auto appended = log().append({{to, Time{at * 1ms}, std::move(bytes)}}, durable);
    ASSERT_TRUE(appended.ok()) << appended.error().what;
  }
  static std::shared_ptr<const std::string> block(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
  }
  std::vector<std::string> changes(int partition, std::uint64_t after) {
    auto blocks = log().changes_after(partition, after);
    EXPECT_TRUE(blocks.ok());
    std::vector<std::string> texts;
    for (const auto& one : *blocks) texts.push_back(*one);
    return texts;
  }

  const Partition door_{"doors", 0};
  const Partition other_{"doors", 1};
  const Partition out_{"warnings", 0};

 private:
  std::unique_ptr<LogHarness> harness_ = GetParam().make();
};

TEST_P(LogContract, AnUnknownPartitionIsEmpty) {
  EXPECT_TRUE(read(door_).empty());
  const auto position = log().position();
  ASSERT_TRUE(position.ok());
  EXPECT_EQ(position->sequence, 0u);
  EXPECT_TRUE(position->consumed.empty());
}

TEST_P(LogContract, AppendedRecordsAreReadAtOnceInOrder) {
  append(door_, 5, "one");
  append(other_, 6, "elsewhere");
  append(door_, 7, "two", true);
  append(door_, 7, "");
  EXPECT_EQ(read(door_), (std::vector<Seen>{{0, 5, "one"}, {1, 7, "two"}, {2, 7, ""}}));
  EXPECT_EQ(read(other_), (std::vector<Seen>{{0, 6, "elsewhere"}}));
  EXPECT_EQ(read(door_, 1), (std::vector<Seen>{{1, 7, "two"}, {2, 7, ""}}));
  EXPECT_TRUE(read(door_, 3).empty());
  EXPECT_TRUE(read(door_, 30).empty());
}

TEST_P(LogContract, RecordedNeverFalls) {
  append(door_, 10, "a");
  append(door_, 4, "b");
  ASSERT_TRUE(log().commit({1, {}, {{door_, Time{7ms}, "c"}}, {}}).ok());
  append(door_, 9, "d");
  reopen();
  append(door_, 8, "e");
  for (const Seen& seen : read(door_)) EXPECT_EQ(seen.recorded, 10) << seen.bytes;
}

TEST_P(LogContract, OffsetsHaveNoGapsHoweverRecordsCame) {
  std::vector<Seen> expected;
  std::uint64_t sequence = 0;
  for (std::int64_t i = 0; i < 4000; ++i) {
    const std::string bytes(static_cast<std::size_t>(i * 37 % 900),
                            static_cast<char>('a' + i % 26));
    expected.push_back({i, i, bytes});
    if (i % 50 == 17) {
      ASSERT_TRUE(log().commit({++sequence, {}, {{door_, Time{i * 1ms}, bytes}}, {}}).ok());
    } else {
      append(door_, i, bytes, i % 400 == 3);
    }
  }
  EXPECT_EQ(read(door_), expected);
  for (const std::int64_t from : {1, 17, 999, 1000, 1001, 3998, 3999})
    EXPECT_EQ(read(door_, from, 1), std::vector<Seen>(expected.begin() + from, expected.end()));
  ASSERT_TRUE(log().commit({++sequence, {}, {}, {}}).ok());
  if (reopen()) {
    EXPECT_EQ(read(door_, 0, 1 << 20), expected);
  }
}

TEST_P(LogContract, AFetchStaysReadableWhateverHappensAfterIt) {
  append(door_, 1, "early");
  const auto batch = log().fetch(door_, 0, 100);
  ASSERT_TRUE(batch.ok());
  for (int i = 0; i < 3000; ++i) append(door_, 2, std::string(300, 'x'));
  ASSERT_TRUE(log().commit({1, {}, {}, {}}).ok());
  EXPECT_EQ(batch->records.at(0).bytes, "early");
}

TEST_P(LogContract, ACommitIsOneStep) {
  append(door_, 1, "in");
  Commit commit{7, {{door_, 1}}, {}, {{0, block("zero")}, {1, block("one")}}};
  commit.outputs = {{out_, Time{3ms}, "first"}, {other_, Time{3ms}, "letter"},
                    {out_, Time{3ms}, "second"}};
  ASSERT_TRUE(log().commit(commit).ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(read(out_), (std::vector<Seen>{{0, 3, "first"}, {1, 3, "second"}}));
    EXPECT_EQ(read(other_), (std::vector<Seen>{{0, 3, "letter"}}));
    EXPECT_EQ(read(door_), (std::vector<Seen>{{0, 1, "in"}}));
    const auto position = log().position();
    ASSERT_TRUE(position.ok());
    EXPECT_EQ(position->sequence, 7u);
    EXPECT_EQ(position->consumed,
              (std::vector<std::pair<Partition, std::int64_t>>{{door_, 1}}));
    EXPECT_EQ(changes(0, 0), std::vector<std::string>{"zero"});
    EXPECT_EQ(changes(1, 6), std::vector<std::string>{"one"});
    EXPECT_TRUE(changes(1, 7).empty());
    EXPECT_TRUE(changes(2, 0).empty());
    if (!reopen()) break;
  }
}

TEST_P(LogContract, PositionsOfPartitionsThatACommitDoesNotNameStay) {
  ASSERT_TRUE(log().commit({1, {{door_, 4}, {other_, 2}}, {}, {}}).ok());
  ASSERT_TRUE(log().commit({2, {{other_, 3}}, {}, {}}).ok());
  reopen();
  const auto position = log().position();
  ASSERT_TRUE(position.ok());
  const std::vector<std::pair<Partition, std::int64_t>> expected{{door_, 4}, {other_, 3}};
  EXPECT_EQ(position->consumed, expected);
}

TEST_P(LogContract, ChangesAreKeptUntilForgotten) {
  for (std::uint64_t sequence = 1; sequence <= 300; ++sequence) {
    Commit commit{sequence, {}, {}, {}};
    for (int partition = 0; partition < 3; ++partition)
      commit.changes.push_back({partition, block(std::to_string(sequence) + "/" +
                                                 std::to_string(partition))});
    ASSERT_TRUE(log().commit(std::move(commit)).ok());
    if (sequence == 255) {
      ASSERT_TRUE(log().forget_changes(100).ok());
    }
    if (sequence == 299) {
      ASSERT_TRUE(log().forget_changes(297).ok());
    }
  }
  ASSERT_TRUE(log().forget_changes(50).ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(changes(1, 0), (std::vector<std::string>{"298/1", "299/1", "300/1"}));
    EXPECT_EQ(changes(2, 299), (std::vector<std::string>{"300/2"}));
    if (!reopen()) break;
  }
  ASSERT_TRUE(log().forget_changes(1000).ok());
  EXPECT_TRUE(changes(0, 0).empty());
}

TEST_P(LogContract, ReadersAppendersAndTheCommitterMayRunAtOnce) {
  constexpr std::int64_t kEach = 3000;
  std::atomic<bool> failed = false;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; i < kEach; ++i)
        if (!log().append({{door_, Time{i * 1ms}, std::to_string(t) + std::string(300, 'x')}},
                          t == 0 && i % 300 == 0))
          failed = true;
    });
  threads.emplace_back([&] {
    for (std::uint64_t s = 1; s <= 60; ++s)
      if (!log().commit({s, {{door_, static_cast<std::int64_t>(s)}},
                         {{out_, Time{}, "a" + std::to_string(s)}, {out_, Time{}, "b"}},
                         {{0, block(std::to_string(s))}}}))
        failed = true;
  });
  threads.emplace_back([&] {  // outputs of a commit appear together
    for (std::int64_t next = 0; next < 120;) {
      const auto batch = log().fetch(out_, next, 1 << 20);
      if (!batch || batch->records.size() % 2 != 0) failed = true;
      if (!batch) return;
      if (!batch->records.empty()) next = batch->records.back().offset + 1;
    }
  });
  std::int64_t next = 0;
  std::int64_t last = 0;
  while (next < 2 * kEach) {
    const auto batch = log().fetch(door_, next, 4000);
    ASSERT_TRUE(batch.ok()) << batch.error().what;
    for (const streams::LogRecord& record : batch->records) {
      ASSERT_EQ(record.offset, next++);
      ASSERT_EQ(record.bytes.size(), 301u);
      ASSERT_GE(record.recorded.time_since_epoch().count(), last);
      last = record.recorded.time_since_epoch().count();
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(failed);
  EXPECT_EQ(changes(0, 58), (std::vector<std::string>{"59", "60"}));
}

}  // namespace contract
