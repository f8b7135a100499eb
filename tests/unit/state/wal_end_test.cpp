// A damaged write-ahead log is told and refused, or given up from the damage on when that is asked
// for; what a power cut leaves at its end is neither.

#include "state/wal_end.h"

#include <gtest/gtest.h>

#include <fstream>

#include "app/commands.h"
#include "state/embedded_log.h"
#include "tests/contract/temp_directory.h"

namespace state {
namespace {

using streams::Error;
using streams::Time;

const streams::Partition kDoor{"permit.changes", 1};
constexpr int kRecords = 40;

/// A directory whose records all lie in the write-ahead log, each synced.
class WalEndTest : public testing::Test {
 protected:
  WalEndTest() {
    auto database = Database::open(directory.path());
    auto log = EmbeddedLog::open(**database);
    for (int i = 0; i < kRecords; ++i) {
      const std::string bytes(3000, static_cast<char>('a' + i % 26));
      EXPECT_TRUE((*log)->append({{kDoor, Time{}, bytes}}, true).ok());
    }
  }
  std::string wal() const {
    std::string largest;
    for (const auto& file : std::filesystem::directory_iterator{directory.path() + "/state"})
      if (file.path().extension() == ".log" &&
          (largest.empty() || file.file_size() > std::filesystem::file_size(largest)))
        largest = file.path();
    return largest;
  }
  std::size_t size() const { return std::filesystem::file_size(wal()); }
  void flip(std::size_t at) {
    std::fstream file{wal(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekg(static_cast<std::streamoff>(at));
    const char was = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(was ^ 4));
  }
  void cut(std::size_t bytes) { std::filesystem::resize_file(wal(), size() - bytes); }

  static std::int64_t end_of(Database& database) {
    auto log = EmbeddedLog::open(database);
    EXPECT_TRUE(log.ok());
    for (const auto& topic : (*log)->topics())
      for (const auto& partition : topic.partitions)
        if (topic.name == kDoor.topic) return partition.end;
    return 0;
  }
  void expect_refused() {
    for (const bool reading : {false, true}) {
      const auto opened = reading ? Database::open_read_only(directory.path())
                                  : Database::open(directory.path());
      ASSERT_FALSE(opened.ok());
      EXPECT_EQ(opened.error().kind, Error::Kind::fatal);
      EXPECT_NE(opened.error().what.find(wal()), std::string::npos) << opened.error().what;
      EXPECT_NE(opened.error().what.find("watchfire repair --data " + directory.path()),
                std::string::npos)
          << opened.error().what;
    }
  }

  const TempDirectory directory;
};

TEST_F(WalEndTest, AWholeOneOpensWithEveryRecord) {
  EXPECT_TRUE(look_at_wal(directory.path() + "/state").file.empty());
  EXPECT_EQ(end_of(**Database::open(directory.path())), kRecords);
}

TEST_F(WalEndTest, AFlippedBitIsRefusedWhereverItLies) {
  const TempDirectory copy;
  const std::string file = wal(), good = copy.path() + "/good";
  std::filesystem::copy_file(file, good);
  const std::size_t step = size() / 23;
  for (std::size_t at = step; at < size(); at += step) {
    flip(at);
    SCOPED_TRACE("byte " + std::to_string(at) + " of " + std::to_string(size()));
    expect_refused();
    std::filesystem::copy_file(good, file, std::filesystem::copy_options::overwrite_existing);
  }
  EXPECT_EQ(end_of(**Database::open(directory.path())), kRecords);
}

TEST_F(WalEndTest, APieceOfZerosInTheMiddleIsRefused) {
  std::fstream{wal(), std::ios::in | std::ios::out | std::ios::binary}.seekp(36'000)
      << std::string(4096, '\0');
  expect_refused();
}

TEST_F(WalEndTest, ATornEndIsWhatAPowerCutLeaves) {
  cut(700);
  EXPECT_TRUE(look_at_wal(directory.path() + "/state").torn);
  EXPECT_EQ(end_of(**Database::open(directory.path())), kRecords - 1);
  EXPECT_EQ(end_of(**Database::open(directory.path())), kRecords - 1) << "and it opens again";
}

TEST_F(WalEndTest, ZerosBehindTheEndAreSpaceThatWasNeverWritten) {
  std::filesystem::resize_file(wal(), size() + 8192);
  EXPECT_EQ(end_of(**Database::open(directory.path())), kRecords);
}

TEST_F(WalEndTest, RepairKeepsWhatLiesBeforeAndSaysWhatIsLost) {
  flip(size() / 2);
  testing::internal::CaptureStdout();
  EXPECT_EQ(app::repair(directory.path()), 0);
  const std::string said = testing::internal::GetCapturedStdout();
  const std::int64_t kept = end_of(**Database::open(directory.path()));
  EXPECT_GT(kept, kRecords / 3);
  EXPECT_LT(kept, kRecords);
  EXPECT_NE(said.find("permit.changes/1: records " + std::to_string(kept) + " to 39 are lost"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find(std::to_string(kRecords - kept) + " records are lost"), std::string::npos);
}

}  // namespace
}  // namespace state
