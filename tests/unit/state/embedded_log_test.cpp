#include "state/log_reader.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/contract/temp_directory.h"

namespace state {
namespace {

using streams::Append;
using streams::Error;
using streams::Partition;
using streams::Time;
using namespace std::chrono_literals;

const Partition kDoor{"doors", 0};

class EmbeddedLogTest : public testing::Test {
 protected:
  EmbeddedLogTest() { open(); }
  void open(EmbeddedLogOptions options = {}) {
    log_.reset();
    database_.reset();
    database_ = std::move(*Database::open(directory_.path()));
    log_ = std::move(*EmbeddedLog::open(*database_, options));
  }
  void append(std::int64_t at, std::string bytes, const Partition& to = kDoor) {
    ASSERT_TRUE(log_->append({{to, Time{at * 1ms}, std::move(bytes)}}, false).ok());
  }
  /// Changes the stored block at this offset behind the log's back.
  void damage(std::int64_t base) {
    std::string block;
    const std::string key = block_key({1, 0}, base);
    ASSERT_TRUE(database_->rocks().Get({}, database_->log(), key, &block).ok());
    block[block.size() / 2] = static_cast<char>(block[block.size() / 2] ^ 1);
    ASSERT_TRUE(database_->rocks().Put({}, database_->log(), key, block).ok());
  }
  std::uint64_t disk_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(directory_.path() + "/state"))
      if (file.path().extension() != ".log") bytes += file.file_size();
    return bytes;
  }

  TempDirectory directory_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<EmbeddedLog> log_;
};

TEST_F(EmbeddedLogTest, ADamagedBlockIsAnErrorThatNamesItsPlace) {
  for (int i = 0; i < 2500; ++i) append(i, "record");
  ASSERT_TRUE(log_->flush().ok());
  damage(1000);
  EXPECT_TRUE(log_->fetch(kDoor, 0, 1).ok());
  for (const std::int64_t offset : {1000, 1500}) {
    const auto batch = log_->fetch(kDoor, offset, 1);
    ASSERT_FALSE(batch.ok());
    EXPECT_EQ(batch.error().kind, Error::Kind::fatal);
    EXPECT_EQ(batch.error().what,
              "the log is damaged: topic doors partition 0 at offset 1000 in " + directory_.path() +
                  "/state is not what was written; check the disk and restore the directory from a "
                  "copy");
  }
  EXPECT_TRUE(log_->fetch(kDoor, 2000, 1).ok());
}

TEST_F(EmbeddedLogTest, ADamagedLastBlockIsSeenAtTheStart) {
  for (int i = 0; i < 10; ++i) append(i, "record");
  ASSERT_TRUE(log_->flush().ok());
  damage(0);
  log_.reset();
  const auto again = EmbeddedLog::open(*database_);
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().what.find("topic doors partition 0 at offset 0"), std::string::npos);
}

TEST_F(EmbeddedLogTest, AMissingBlockIsAnError) {
  for (int i = 0; i < 3000; ++i) append(i, "record");
  ASSERT_TRUE(log_->flush().ok());
  for (const std::int64_t base : {0, 1000})
    ASSERT_TRUE(database_->rocks().Delete({}, database_->log(), block_key({1, 0}, base)).ok());
  for (const std::int64_t offset : {0, 5, 1000, 1200})
    EXPECT_FALSE(log_->fetch(kDoor, offset, 1).ok()) << offset;
}

TEST_F(EmbeddedLogTest, OneFetchGivesWholeBlocksUpToItsLimit) {
  for (int i = 0; i < 3000; ++i) append(i, std::string(100, 'x'));
  EXPECT_EQ(log_->fetch(kDoor, 0, 1)->records.size(), 1000u);
  EXPECT_EQ(log_->fetch(kDoor, 250, 150000)->records.size(), 1750u);
  EXPECT_EQ(log_->fetch(kDoor, 0, 1 << 30)->records.size(), 3000u);
}

TEST_F(EmbeddedLogTest, WhatWasNotWrittenIsReadAndComesLaterToTheDisk) {
  append(1, "waiting");
  EXPECT_EQ(log_->fetch(kDoor, 0, 1)->records.size(), 1u);
  EXPECT_TRUE(StoredBlocks{*database_}.places()->empty());
  ASSERT_TRUE(log_->append({{{"doors", 1}, Time{}, "durable"}}, true).ok());
  EXPECT_EQ(StoredBlocks{*database_}.places()->size(), 2u) << "it takes along what waits";
}

TEST_F(EmbeddedLogTest, ATopicOfNewestRecordsIsATable) {
  EmbeddedLogOptions options;
  options.latest_only = {"status"};
  const Partition status{"status", 0};
  const auto table = [&] {
    std::string seen;
    EXPECT_TRUE(log_->latest("status", [&](std::string_view key, const streams::LogRecord& record) {
                        seen += std::string{key} + "=" + std::string{record.bytes} + "@" +
                                std::to_string(record.offset) + " ";
                        return true;
                      }).ok());
    return seen;
  };
  open(options);
  ASSERT_TRUE(
      log_->append({{status, Time{5ms}, "one", "b"}, {status, Time{6ms}, "two", "a"}}, false).ok());
  EXPECT_EQ(table(), "a=two@1 b=one@0 ");
  ASSERT_TRUE(log_->commit({1, {}, {{status, Time{7ms}, "three", "b"}}, {}}).ok());
  EXPECT_EQ(table(), "a=two@1 b=three@2 ");
  open(options);
  ASSERT_TRUE(log_->append({{status, Time{1ms}, "", "a"}, {status, Time{8ms}, "four", "c"}}, true)
                  .ok());
  EXPECT_EQ(table(), "b=three@2 c=four@4 ");
  const auto from_the_start = log_->fetch(status, 0, 1);
  ASSERT_EQ(from_the_start->records.size(), 2u) << "with gaps where newer ones came";
  EXPECT_EQ(from_the_start->records[0].bytes, "three");
  EXPECT_EQ(from_the_start->records[1].offset, 4);
  EXPECT_EQ(log_->fetch(status, 3, 1)->records.size(), 1u);
  EXPECT_TRUE(log_->fetch(status, 5, 1)->records.empty());
  EXPECT_EQ(log_->append({{status, Time{}, "no key"}}, false).error().what,
            "a record for topic status has no key, but the topic keeps the newest record per key: "
            "give it one");
  const auto topics = log_->topics();
  ASSERT_EQ(topics.size(), 1u);
  EXPECT_TRUE(topics[0].latest_only);
  EXPECT_EQ(topics[0].partitions[0].end, 5);
  EXPECT_EQ(topics[0].partitions[0].last_recorded, Time{8ms});
  log_.reset();
  EXPECT_EQ(EmbeddedLog::open(*database_).error().kind, Error::Kind::usage);
}

TEST_F(EmbeddedLogTest, TopicsAreListedWithTheirExtent) {
  for (int i = 0; i < 1500; ++i) append(100 + i, std::string(100, 'x'));
  append(7, "late", {"doors", 3});
  append(1, "a", {"alarms", 0});
  for (int round = 0; round < 2; ++round) {
    const auto topics = log_->topics();
    ASSERT_EQ(topics.size(), 2u);
    EXPECT_EQ(topics[0].name, "alarms");
    ASSERT_EQ(topics[1].partitions.size(), 2u);
    const auto& door = topics[1].partitions[0];
    EXPECT_EQ(door.first, 0);
    EXPECT_EQ(door.end, 1500);
    EXPECT_EQ(door.first_recorded, Time{100ms});
    EXPECT_EQ(door.last_recorded, Time{1599ms});
    EXPECT_GT(door.bytes, 150000u);
    EXPECT_LT(door.bytes, 160000u);
    EXPECT_EQ(topics[1].partitions[1].number, 3);
    open();
  }
}

TEST_F(EmbeddedLogTest, OffsetsAreFoundByTime) {
  for (int i = 0; i < 5500; ++i) append(1000 + i / 10 * 10, "x");
  const auto at = [&](std::int64_t ms) { return *log_->find_offset(kDoor, Time{ms * 1ms}); };
  EXPECT_EQ(at(0), 0);
  EXPECT_EQ(at(1000), 0);
  EXPECT_EQ(at(1001), 10);
  EXPECT_EQ(at(3210), 2210);
  EXPECT_EQ(at(6490), 5490);
  EXPECT_EQ(at(6491), 5500);
  EXPECT_EQ(*log_->find_offset({"none", 0}, Time{}), 0);
}

TEST_F(EmbeddedLogTest, TrimDropsOldBlocksAndTheirFiles) {
  for (int i = 0; i < 40000; ++i) append(i, std::string(1000, static_cast<char>('a' + i % 26)));
  ASSERT_TRUE(log_->flush().ok());
  ASSERT_TRUE(database_->rocks().Flush({}, database_->log()).ok());
  const std::uint64_t before = disk_bytes();
  streams::Commit plain{1, {{kDoor, 30000}}, {}};
  plain.replay = {{{kDoor, 10000}}, {Time{250ms}}, 7};
  ASSERT_TRUE(log_->commit(plain).ok());
  ASSERT_TRUE(log_->trim(kDoor, Time{39990ms}).ok());
  EXPECT_LE(log_->topics()[0].partitions[0].first, 10000) << "not what a restart reads again";
  ASSERT_TRUE(log_->commit({2, {{kDoor, 30000}}, {}, {}}).ok());
  ASSERT_TRUE(log_->trim(kDoor, Time{39990ms}).ok());
  const std::int64_t first = log_->topics()[0].partitions[0].first;
  EXPECT_LE(first, 30000) << "not what nobody has consumed";
  EXPECT_GT(first, 29000);
  EXPECT_EQ(log_->fetch(kDoor, 0, 1)->records.front().offset, first);
  EXPECT_EQ(log_->fetch(kDoor, 35000, 1)->records.front().offset, 35000);
  EXPECT_LT(disk_bytes(), before * 6 / 10) << "files that are mostly garbage go";

  ASSERT_TRUE(log_->commit({3, {{kDoor, 40000}}, {}, {}}).ok());
  ASSERT_TRUE(log_->trim(kDoor, Time{1h}).ok());
  open();
  const auto summary = log_->topics()[0].partitions[0];
  EXPECT_EQ(summary.end, 40000) << "the last block stays, and with it the end";
  EXPECT_LT(summary.bytes, 300000u);
  EXPECT_LT(disk_bytes(), before / 20);
  EXPECT_EQ(log_->fetch(kDoor, 40000, 1)->records.size(), 0u);
}

TEST_F(EmbeddedLogTest, AReaderBesideARunningProcessSeesItsMoment) {
  for (int i = 0; i < 1500; ++i) append(i, "first");
  ASSERT_TRUE(log_->append({{kDoor, Time{2s}, "durable"}}, true).ok());
  auto reader = Database::open_read_only(directory_.path());
  ASSERT_TRUE(reader.ok()) << reader.error().what;
  auto log = EmbeddedLog::open(**reader);
  ASSERT_TRUE(log.ok()) << log.error().what;
  for (int i = 0; i < 40000; ++i) append(3000 + i, std::string(1000, 'x'));
  ASSERT_TRUE(log_->flush().ok());
  EXPECT_EQ((*log)->topics()[0].partitions[0].end, 1501);
  const auto batch = (*log)->fetch(kDoor, 1500, 1000);
  ASSERT_TRUE(batch.ok()) << batch.error().what;
  EXPECT_EQ(batch->records.at(0).bytes, "durable");
  EXPECT_EQ(*(*log)->find_offset(kDoor, Time{1000ms}), 1000);
  const auto refused = (*log)->append({{kDoor, Time{}, "x"}}, true);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().what,
            directory_.path() + " is open for reading only: send records to the watchfire process "
                                "that runs on it");
  append(50000, "the writer goes on");
  EXPECT_TRUE(log_->flush().ok());
}

TEST_F(EmbeddedLogTest, ReadersMayOpenAgainAndAgainWhileTheWriterFlushesAndTrims) {
  std::atomic<bool> done = false;
  std::thread writer{[&] {
    for (std::int64_t i = 0; i < 60 && !done; ++i) {
      std::vector<Append> records;
      for (int k = 0; k < 1000; ++k)
        records.push_back({kDoor, Time{(i * 1000 + k) * 1ms}, std::string(800, 'x')});
      EXPECT_TRUE(log_->append(std::move(records), false).ok());
      if (i % 6 == 5) {
        EXPECT_TRUE(database_->rocks().Flush({}, database_->log()).ok());
      }
      if (i % 12 == 11) {
        EXPECT_TRUE(log_->trim(kDoor, Time{(i - 6) * 1s}).ok());
      }
    }
    done = true;
  }};
  int opened = 0;
  for (; !done || opened == 0; ++opened) {
    auto reader = LogReader::open(directory_.path());
    EXPECT_TRUE(reader.ok()) << reader.error().what;
    if (!reader) break;
    std::optional<streams::Batch> kept;
    for (std::int64_t next = 0;;) {
      auto batch = reader->fetch(kDoor, next, 100000);
      EXPECT_TRUE(batch.ok()) << batch.error().what;
      if (!batch || batch->records.empty()) break;
      next = batch->records.back().offset + 1;
      if (!kept) kept = std::move(*batch);
      const auto moved = reader->refresh();
      EXPECT_TRUE(moved.ok()) << moved.error().what;
    }
    if (kept) {
      EXPECT_EQ(kept->records.front().bytes, std::string(800, 'x'));
    }
  }
  done = true;
  writer.join();
}

}  // namespace
}  // namespace state
