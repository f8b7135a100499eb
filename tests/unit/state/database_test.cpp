#include "state/database.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "state/embedded_log.h"
#include "state/rocks_store.h"
#include "streams/bytes.h"
#include "tests/contract/temp_directory.h"

namespace state {
namespace {

using streams::Error;
using streams::Time;

TEST(Database, ASecondOpenerIsToldWhoHoldsTheDirectory) {
  const TempDirectory directory;
  auto first = Database::open(directory.path());
  ASSERT_TRUE(first.ok());
  const auto second = Database::open(directory.path());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, Error::Kind::usage);
  EXPECT_EQ(second.error().what, directory.path() +
                                     " is in use by another watchfire process (pid " +
                                     std::to_string(::getpid()) +
                                     "): stop it, or give this one another --data directory");
  first->reset();
  EXPECT_TRUE(Database::open(directory.path()).ok());
}

TEST(Database, ANewerFormatIsRefused) {
  const TempDirectory directory;
  {
    auto database = Database::open(directory.path());
    std::string format;
    streams::append_sortable(format, Database::kFormat + 1);
    ASSERT_TRUE((*database)->rocks().Put({}, (*database)->meta(), "format", format).ok());
    rocksdb::ColumnFamilyHandle* family = nullptr;
    ASSERT_TRUE((*database)->rocks().CreateColumnFamily({}, "of the future", &family).ok());
    ASSERT_TRUE((*database)->rocks().DestroyColumnFamilyHandle(family).ok());
  }
  const std::string expected =
      directory.path() +
      " was written by a newer watchfire (format 4, this program reads up to "
      "3): start that version, or restore a copy made before the upgrade";
  EXPECT_EQ(Database::open(directory.path()).error().what, expected);
  EXPECT_EQ(Database::open_read_only(directory.path()).error().what, expected);
}

TEST(Database, AnOlderFormatIsRefusedAndNotMisread) {
  const TempDirectory directory;
  {
    auto database = Database::open(directory.path());
    std::string format;
    streams::append_sortable(format, 1);
    ASSERT_TRUE((*database)->rocks().Put({}, (*database)->meta(), "format", format).ok());
  }
  const std::string said = Database::open(directory.path()).error().what;
  EXPECT_NE(said.find("was written by an older watchfire (format 1"), std::string::npos) << said;
  EXPECT_NE(said.find("replay its records"), std::string::npos) << said;
}

TEST(Database, TheNumberOfPartitionsStandsInIt) {
  const TempDirectory directory;
  {
    auto database = Database::open(directory.path());
    EXPECT_EQ(*(*database)->partitions(), std::nullopt);
    ASSERT_TRUE((*database)->set_partitions(7).ok());
  }
  EXPECT_EQ(*(*Database::open(directory.path()))->partitions(), 7);
}

TEST(Database, APlaceThatCanNotBeUsedIsNamed) {
  const auto nowhere = Database::open("/proc/watchfire");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().kind, Error::Kind::usage);
  EXPECT_NE(nowhere.error().what.find("can't make the directory /proc/watchfire"),
            std::string::npos);
  const TempDirectory directory;
  EXPECT_EQ(Database::open_read_only(directory.path()).error().what,
            directory.path() +
                " holds no watchfire data; give the --data directory of a watchfire "
                "that has run");
}

TEST(Database, ADamagedFileIsNamed) {
  const TempDirectory directory;
  { ASSERT_TRUE(Database::open(directory.path()).ok()); }
  for (const auto& file : std::filesystem::directory_iterator(directory.path() + "/state"))
    if (file.path().filename().string().starts_with("MANIFEST"))
      std::filesystem::resize_file(file, 20);
  const auto damaged = Database::open(directory.path());
  ASSERT_FALSE(damaged.ok());
  EXPECT_EQ(damaged.error().kind, Error::Kind::fatal);
  EXPECT_NE(damaged.error().what.find("is damaged"), std::string::npos) << damaged.error().what;
}

/// A file system of a few MB.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, "size=12m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount(path_.c_str());
  }
  bool mounted() const { return mounted_; }
  bool grow() { return ::mount("none", path_.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0; }

 private:
  const std::string path_;
  bool mounted_;
};

TEST(Database, AFullDiskIsOneSentenceAndLosesNoCommit) {
  const TempDirectory directory;
  SmallDisk disk{directory.path()};
  if (!disk.mounted())
    GTEST_SKIP() << "needs the right to mount a small disk: without it a full one can't be had";
  std::uint64_t committed = 0;
  {
    auto database = Database::open(directory.path());
    ASSERT_TRUE(database.ok());
    auto log = EmbeddedLog::open(**database);
    RocksStore store{**database};
    streams::Result<std::vector<streams::TaskMark>> written{std::vector<streams::TaskMark>{}};
    while (written.ok() && committed < 1000) {
      streams::Commit commit{
          committed + 1, {{{"doors", 0}, static_cast<std::int64_t>(committed)}}, {}, {}};
      for (int i = 0; i < 100; ++i)
        commit.outputs.push_back({{"warnings", 0}, Time{}, std::string(1000, 'x')});
      written = (*log)->commit(std::move(commit));
      if (written.ok()) ++committed;
    }
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().kind, Error::Kind::fatal);
    EXPECT_TRUE(written.error().what.starts_with("can't write a commit: the disk of " +
                                                 directory.path() + " is full ("))
        << written.error().what;
    EXPECT_TRUE(written.error().what.ends_with(
        " bytes free); free some space and start watchfire again, nothing that was committed is "
        "lost"));
    const auto again = (*log)->append({{{"doors", 0}, Time{}, "more"}}, true);
    EXPECT_EQ(again.error().what, written.error().what);
    EXPECT_FALSE(store.write({{"row", "value"}}).ok());
    EXPECT_EQ((*log)->position()->sequence, committed);
    EXPECT_TRUE((*log)->fetch({"warnings", 0}, 0, 1).ok()) << "reading goes on";
  }
  {
    const auto still_full = Database::open(directory.path());
    if (!still_full) {
      EXPECT_NE(still_full.error().what.find("is full ("), std::string::npos)
          << still_full.error().what;
    }
  }
  ASSERT_TRUE(disk.grow());
  auto database = Database::open(directory.path());
  ASSERT_TRUE(database.ok()) << database.error().what;
  auto log = EmbeddedLog::open(**database);
  ASSERT_TRUE(log.ok()) << log.error().what;
  EXPECT_EQ((*log)->position()->sequence, committed);
  EXPECT_EQ((*log)->topics().at(0).partitions.at(0).end,
            static_cast<std::int64_t>(committed) * 100);
  EXPECT_TRUE((*log)->commit({committed + 1, {}, {}, {}}).ok());
}

}  // namespace
}  // namespace state
