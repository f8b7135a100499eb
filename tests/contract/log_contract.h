#pragma once

// What every Log promises, whoever makes it. Include it in one file of a test program and
// instantiate LogContract with makers of harnesses.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
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
using namespace std::string_literals;

class LogHarness {
 public:
  virtual ~LogHarness() = default;
  virtual Log& log() = 0;
  /// Closes and opens it again; false: this kind keeps nothing.
  virtual bool reopen() = 0;
  /// Offsets follow one another, and `recorded` never falls: one process makes them. Else a
  /// broker's own records lie between.
  virtual bool dense() const { return true; }
  /// Changes are dropped when they are forgotten, not when they are replaced.
  virtual bool forgets() const { return true; }
};

struct LogKind {
  std::string name;
  std::function<std::unique_ptr<LogHarness>()> make;
};
inline void PrintTo(const LogKind& kind, std::ostream* out) {
  *out << kind.name;
}

class LogContract : public testing::TestWithParam<LogKind> {
 protected:
  Log& log() { return harness_->log(); }
  bool reopen() { return harness_->reopen(); }

  bool dense() const { return harness_->dense(); }
  bool forgets() const { return harness_->forgets(); }

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
        all.push_back(
            {record.offset, record.recorded.time_since_epoch().count(), std::string{record.bytes}});
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
  using Rows = std::map<std::string, std::string>;
  static streams::ChangeBlock block(const Rows& rows) {
    std::string bytes;
    streams::RowWriter writer{bytes};
    for (const auto& [key, value] : rows) {
      if (value.empty())
        writer.add(key, std::nullopt);
      else
        writer.add(key, value);
    }
    return std::make_shared<const std::string>(std::move(bytes));
  }
  /// The changed rows after a mark, newest of each; gone: empty.
  Rows changes(int partition, streams::Mark after) {
    Rows rows;
    const auto read = log().changes_after(partition, after, [&](const auto& one) {
      streams::RowReader reader{*one};
      for (streams::ChangedRow row; reader.next(row);)
        rows[std::string{row.whole_key()}] = row.gone ? "" : std::string{row.value};
      EXPECT_FALSE(reader.damaged());
      return streams::Result<void>{};
    });
    EXPECT_TRUE(read.ok()) << read.error().what;
    return rows;
  }
  /// Commits and gives the mark of a partition.
  streams::Mark commit(Commit one, int partition = 0) {
    const auto marks = log().commit(std::move(one));
    EXPECT_TRUE(marks.ok()) << marks.error().what;
    if (!marks) return 0;
    for (const streams::TaskMark& mark : *marks)
      if (mark.partition == partition) return mark.mark;
    return 0;
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
  if (!dense())
    GTEST_SKIP()
        << "many processes append to this log: its recorded times may fall, ticks give the order";
  append(door_, 10, "a");
  append(door_, 4, "b");
  commit({1, {}, {{door_, Time{7ms}, "c"}}, {}});
  append(door_, 9, "d");
  reopen();
  append(door_, 8, "e");
  for (const Seen& seen : read(door_)) EXPECT_EQ(seen.recorded, 10) << seen.bytes;
}

TEST_P(LogContract, NothingIsMissingOrMovedHoweverRecordsCame) {
  std::vector<Seen> expected;
  std::uint64_t sequence = 0;
  for (std::int64_t i = 0; i < 4000; ++i) {
    const std::string bytes(static_cast<std::size_t>(i * 37 % 900),
                            static_cast<char>('a' + i % 26));
    expected.push_back({i, i + 1, bytes});
    if (i % 50 == 17) {
      commit({++sequence, {}, {{door_, Time{(i + 1) * 1ms}, bytes}}, {}});
    } else {
      append(door_, i + 1, bytes, i % 400 == 3);
    }
  }
  std::vector<Seen> all = read(door_);
  if (!dense()) {
    ASSERT_EQ(all.size(), expected.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) {
        ASSERT_GT(all[i].offset, all[i - 1].offset);
      }
      expected[i].offset = all[i].offset;
    }
  }
  EXPECT_EQ(all, expected);
  for (const std::size_t from : {1, 17, 999, 1000, 1001, 3998, 3999}) {
    const std::vector<Seen> rest(expected.begin() + static_cast<std::ptrdiff_t>(from),
                                 expected.end());
    EXPECT_EQ(read(door_, rest.front().offset, 1), rest);
  }
  commit({++sequence, {}, {}, {}});
  if (reopen()) {
    EXPECT_EQ(read(door_, 0, 1 << 20), expected);
  }
}

TEST_P(LogContract, AFetchStaysReadableWhateverHappensAfterIt) {
  append(door_, 1, "early");
  const auto batch = log().fetch(door_, 0, 100);
  ASSERT_TRUE(batch.ok());
  for (int i = 0; i < 3000; ++i) append(door_, 2, std::string(300, 'x'));
  commit({1, {}, {}, {}});
  EXPECT_EQ(batch->records.at(0).bytes, "early");
}

TEST_P(LogContract, ACommitIsOneStep) {
  append(door_, 1, "in");
  Commit one{7,
             {{door_, 1}, {other_, 0}},
             {},
             {{0, block({{"ra", "zero"}})}, {1, block({{"rb", "one"}})}}};
  one.outputs = {
      {out_, Time{3ms}, "first"}, {other_, Time{3ms}, "letter"}, {out_, Time{3ms}, "second"}};
  const auto marks = log().commit(one);
  ASSERT_TRUE(marks.ok()) << marks.error().what;
  ASSERT_EQ(marks->size(), 2u);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(read(out_), (std::vector<Seen>{{0, 3, "first"}, {1, 3, "second"}}));
    EXPECT_EQ(read(other_), (std::vector<Seen>{{0, 3, "letter"}}));
    EXPECT_EQ(read(door_), (std::vector<Seen>{{0, 1, "in"}}));
    const auto position = log().position();
    ASSERT_TRUE(position.ok());
    EXPECT_EQ(position->sequence, 7u);
    EXPECT_EQ(position->consumed,
              (std::vector<std::pair<Partition, std::int64_t>>{{door_, 1}, {other_, 0}}));
    EXPECT_EQ(changes(0, 0), (Rows{{"ra", "zero"}}));
    EXPECT_EQ(changes(1, 0), (Rows{{"rb", "one"}}));
    EXPECT_TRUE(changes((*marks)[0].partition, (*marks)[0].mark).empty());
    EXPECT_TRUE(changes((*marks)[1].partition, (*marks)[1].mark).empty());
    EXPECT_TRUE(changes(2, 0).empty());
    if (!reopen()) break;
  }
}

TEST_P(LogContract, PositionsOfPartitionsThatACommitDoesNotNameStay) {
  commit({1, {{door_, 4}, {other_, 2}}, {}, {}});
  commit({2, {{other_, 3}}, {}, {}});
  reopen();
  const auto position = log().position();
  ASSERT_TRUE(position.ok());
  const std::vector<std::pair<Partition, std::int64_t>> expected{{door_, 4}, {other_, 3}};
  EXPECT_EQ(position->consumed, expected);
}

TEST_P(LogContract, WhatARestartRunsAgainIsKeptWithThePosition) {
  if (!log().keeps_replays()) {  // then every commit has its changes, and nothing is run again
    commit({1, {{door_, 4}}, {}, {{0, block({{"h", "1"}})}}});
    reopen();
    EXPECT_TRUE(log().position()->replay.ticks.empty());
    EXPECT_EQ(changes(0, 0), (Rows{{"h", "1"}}));
    return;
  }
  Commit plain{1, {{door_, 4}}, {}};
  plain.replay = {{{door_, 1}, {other_, 2}}, {Time{250ms}, Time{750ms}, Time{86'400'250ms}}, 99};
  commit(plain);
  for (int round = 0; round < 2; ++round) {
    const auto position = log().position();
    ASSERT_TRUE(position.ok());
    EXPECT_EQ(position->replay.from, plain.replay.from);
    EXPECT_EQ(position->replay.ticks, plain.replay.ticks);
    EXPECT_EQ(position->replay.told, 99u);
    if (!reopen()) break;
  }
  commit({2, {{door_, 5}}, {}, {{0, block({{"h", "1"}})}}});
  reopen();
  EXPECT_TRUE(log().position()->replay.ticks.empty()) << "a checkpoint ends it";
}

TEST_P(LogContract, LaterChangesReplaceEarlierOnes) {
  commit({1, {{door_, 1}}, {}, {{0, block({{"h", "1"}, {"ra", "old"}, {"rb", "kept"}})}}});
  const streams::Mark mark =
      commit({2, {{door_, 2}}, {}, {{0, block({{"h", "2"}, {"ra", "new"}, {"ma\0x"s, "entry"}})}}});
  commit({3, {{door_, 3}}, {}, {{0, block({{"h", "3"}, {"rb", ""}})}}});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(changes(0, 0), (Rows{{"h", "3"}, {"ra", "new"}, {"rb", ""}, {"ma\0x"s, "entry"}}));
    EXPECT_EQ(changes(0, mark), (Rows{{"h", "3"}, {"rb", ""}}));
    if (!reopen()) break;
  }
}

TEST_P(LogContract, ChangesAreKeptUntilForgotten) {
  std::vector<std::vector<streams::TaskMark>> marks{{}};
  for (std::uint64_t sequence = 1; sequence <= 60; ++sequence) {
    Commit one{sequence, {}, {}, {}};
    for (int partition = 0; partition < 3; ++partition) {
      one.consumed.emplace_back(Partition{"doors", partition}, sequence);
      one.changes.push_back({partition, block({{"r" + std::to_string(sequence), "x"}})});
    }
    const auto written = log().commit(std::move(one));
    ASSERT_TRUE(written.ok()) << written.error().what;
    marks.push_back(*written);
    if (sequence == 55) {
      ASSERT_TRUE(log().forget_changes(marks[20]).ok());
    }
    if (sequence == 59) {
      ASSERT_TRUE(log().forget_changes(marks[57]).ok());
    }
  }
  ASSERT_TRUE(log().forget_changes(marks[10]).ok());
  for (int round = 0; round < 2; ++round) {
    if (forgets()) {
      EXPECT_EQ(changes(1, 0), (Rows{{"r58", "x"}, {"r59", "x"}, {"r60", "x"}}));
    }
    EXPECT_EQ(changes(1, marks[57][1].mark), (Rows{{"r58", "x"}, {"r59", "x"}, {"r60", "x"}}));
    EXPECT_EQ(changes(2, marks[59][2].mark), (Rows{{"r60", "x"}}));
    if (!reopen()) break;
  }
  ASSERT_TRUE(log().forget_changes(marks[60]).ok());
  EXPECT_TRUE(changes(0, marks[60][0].mark).empty());
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
      if (!log().commit({s,
                         {{door_, static_cast<std::int64_t>(s)}},
                         {{out_, Time{}, "a" + std::to_string(s)}, {out_, Time{}, "b"}},
                         {{0, block({{"r" + std::to_string(s), "x"}})}}}))
        failed = true;
  });
  threads.emplace_back([&] {  // outputs of a commit appear together
    std::size_t seen = 0;
    for (std::int64_t next = 0; seen < 120 && !failed;) {
      const auto batch = log().fetch(out_, next, 1 << 20);
      if (!batch || batch->records.size() % 2 != 0) failed = true;
      if (!batch) return;
      seen += batch->records.size();
      if (!batch->records.empty()) next = batch->records.back().offset + 1;
    }
  });
  std::int64_t next = 0;
  std::int64_t last = 0;
  for (std::int64_t seen = 0; seen < 2 * kEach && !failed;) {
    const auto batch = log().fetch(door_, next, 4000);
    ASSERT_TRUE(batch.ok()) << batch.error().what;
    for (const streams::LogRecord& record : batch->records) {
      if (dense()) {
        ASSERT_EQ(record.offset, seen);
        ASSERT_GE(record.recorded.time_since_epoch().count(), last);
      }
      ASSERT_GE(record.offset, next);
      ASSERT_EQ(record.bytes.size(), 301u);
      next = record.offset + 1;
      last = record.recorded.time_since_epoch().count();
      ++seen;
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(failed);
  EXPECT_EQ(changes(0, 0).size(), 60u);
}

}  // namespace contract
