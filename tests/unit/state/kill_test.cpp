// A process that appends, commits and flushes is killed at a fail point or at any moment, again and
// again on the same directory; after each kill every commit must be there whole or not at all, and
// everything a durable append acknowledged. A program of its own: the child is this binary again,
// because RocksDB's threads do not survive a fork.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "state/embedded_log.h"
#include "state/fail_point.h"
#include "state/rocks_store.h"
#include "streams/bytes.h"
#include "tests/contract/temp_directory.h"

namespace state {
namespace {

using streams::Commit;
using streams::Partition;
using streams::Time;
using namespace std::chrono_literals;

const Partition kDoor{"doors", 0};
const Partition kWarnings{"warnings", 0};
const Partition kLetters{"letters", 1};
const Partition kStatus{"status", 0};
constexpr int kRows = 40;

EmbeddedLogOptions options() {
  EmbeddedLogOptions options;
  options.latest_only = {"status"};
  return options;
}

// Everything the child writes follows from the commit's number, so the checker knows it too.
std::size_t warnings_of(std::uint64_t sequence) {
  return sequence % 4;
}
std::string warning(std::uint64_t sequence, std::size_t i) {
  return std::to_string(sequence) + ":" + std::to_string(i) +
         std::string(sequence % 7 == 0 ? 9000 : 40, 'w');
}
std::string change(std::uint64_t sequence, int partition) {
  return std::to_string(sequence) + "/" + std::to_string(partition) + std::string(2000, 'c');
}

/// Appends and commits until it is killed. `acknowledged` gets the durable end of the door.
[[noreturn]] void run_child(const std::string& directory) {
  const int acknowledged =
      ::open((directory + "/acknowledged").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  auto database = Database::open(directory, {.memory_bytes = 4 << 20});
  CHECK(database.ok());
  auto log = EmbeddedLog::open(**database, options());
  CHECK(log.ok());
  RocksStore store{**database};
  std::int64_t door = 0;
  for (const auto& topic : (*log)->topics())
    if (topic.name == "doors") door = topic.partitions.at(0).end;
  for (std::uint64_t sequence = (*log)->position()->sequence + 1;; ++sequence) {
    for (int i = 0; i < 20; ++i, ++door)
      CHECK((*log)->append({{kDoor, Time{}, "d" + std::to_string(door)}}, false).ok());
    if (sequence % 3 == 0) {
      CHECK((*log)->append({{kDoor, Time{}, "d" + std::to_string(door++)}}, true).ok());
      CHECK(::pwrite(acknowledged, &door, sizeof door, 0) == sizeof door);
    }
    Commit commit;
    commit.sequence = sequence;
    commit.consumed = {{kDoor, door}};
    for (std::size_t i = 0; i < warnings_of(sequence); ++i)
      commit.outputs.push_back({kWarnings, Time{}, warning(sequence, i)});
    commit.outputs.push_back({kLetters, Time{}, std::to_string(sequence)});
    commit.outputs.push_back(
        {kStatus, Time{}, std::to_string(sequence), "k" + std::to_string(sequence % 5)});
    for (int partition = 0; partition < 2; ++partition)
      commit.changes.push_back(
          {partition, std::make_shared<const std::string>(change(sequence, partition))});
    CHECK((*log)->commit(std::move(commit)).ok());
    if (sequence % 6 != 0) continue;
    std::vector<streams::StoreWrite> rows;
    std::string complete;
    streams::append_sortable(complete, sequence);
    for (int i = 0; i < kRows; ++i) rows.push_back({"row/" + std::to_string(i), complete});
    rows.push_back({"complete", complete});
    CHECK(store.write(std::move(rows)).ok());
    CHECK((*log)->forget_changes({{0, sequence}, {1, sequence}}).ok());
  }
}

std::vector<std::string> read_all(EmbeddedLog& log, const Partition& partition) {
  std::vector<std::string> records;
  while (true) {
    const auto batch = log.fetch(partition, static_cast<std::int64_t>(records.size()), 1 << 20);
    EXPECT_TRUE(batch.ok()) << batch.error().what;
    if (!batch || batch->records.empty()) return records;
    for (const streams::LogRecord& record : batch->records) {
      EXPECT_EQ(record.offset, static_cast<std::int64_t>(records.size()));
      records.emplace_back(record.bytes);
    }
  }
}

void check_log(const std::string& directory, EmbeddedLog& log) {
  const streams::Log::Position position = *log.position();
  const std::uint64_t last = position.sequence;
  std::vector<std::string> warnings;
  std::vector<std::string> letters;
  std::map<std::string, std::string> status;
  for (std::uint64_t sequence = 1; sequence <= last; ++sequence) {
    for (std::size_t i = 0; i < warnings_of(sequence); ++i)
      warnings.push_back(warning(sequence, i));
    letters.push_back(std::to_string(sequence));
    status["k" + std::to_string(sequence % 5)] = std::to_string(sequence);
  }
  EXPECT_EQ(read_all(log, kWarnings), warnings);
  EXPECT_EQ(read_all(log, kLetters), letters);
  EXPECT_TRUE(log.latest("status",
                         [&](std::string_view key, const streams::LogRecord& record) {
                           EXPECT_EQ(status[std::string{key}], record.bytes);
                           status.erase(std::string{key});
                           return true;
                         })
                  .ok());
  EXPECT_TRUE(status.empty());

  const std::vector<std::string> door = read_all(log, kDoor);
  for (std::size_t i = 0; i < door.size(); ++i) ASSERT_EQ(door[i], "d" + std::to_string(i));
  for (const auto& [partition, next] : position.consumed)
    EXPECT_LE(next, static_cast<std::int64_t>(door.size())) << "consumed, but not kept";
  std::int64_t acknowledged = 0;
  const int file = ::open((directory + "/acknowledged").c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0 && ::pread(file, &acknowledged, sizeof acknowledged, 0) < 0) acknowledged = 0;
  ::close(file);
  EXPECT_GE(static_cast<std::int64_t>(door.size()), acknowledged);
}

void check_state(EmbeddedLog& log, RocksStore& store) {
  const std::uint64_t last = log.position()->sequence;
  const auto stored = *store.get("complete");
  const std::uint64_t complete = stored ? streams::read_sortable(*stored) : 0;
  EXPECT_LE(complete, last);
  for (int i = 0; i < kRows; ++i) EXPECT_EQ(*store.get("row/" + std::to_string(i)), stored);
  for (int partition = 0; partition < 2; ++partition) {
    std::vector<std::string> expected;
    for (std::uint64_t s = complete + 1; s <= last; ++s) expected.push_back(change(s, partition));
    std::vector<std::string> changes;
    const auto read = log.changes_after(partition, complete, [&](const auto& block) {
      changes.push_back(*block);
      return streams::Result<void>{};
    });
    ASSERT_TRUE(read.ok()) << read.error().what;
    EXPECT_EQ(changes, expected) << "change blocks of partition " << partition;
  }
}

/// Starts the child, kills it where it does not kill itself, and says by what it ended.
int run_until_killed(const std::string& directory, const std::string& fail_point,
                     std::chrono::milliseconds patience) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!fail_point.empty()) ::setenv("WATCHFIRE_FAIL_POINT", fail_point.c_str(), 1);
    ::execl("/proc/self/exe", "kill_test", "--child", directory.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  for (const auto until = std::chrono::steady_clock::now() + patience;
       std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(1ms))
    if (::waitpid(child, &status, WNOHANG) == child) return status;
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return status;
}

TEST(Kill, LeavesEveryCommitWholeOrAbsent) {
  const char* const points[] = {"log.append",         "log.before_write",  "log.after_write",
                                "store.before_write", "store.after_write", "log.before_forget"};
  const char* given = std::getenv("WATCHFIRE_TEST_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : 1;
  std::mt19937 generator{seed};
  const auto random = [&](unsigned below) { return static_cast<unsigned>(generator() % below); };
  const TempDirectory directory;
  std::uint64_t before = 0;
  for (int round = 0; round < 40; ++round) {
    const unsigned pick = random(8);
    const unsigned passes = 1 + random(pick == 0 ? 900 : pick < 3 ? 60 : 8);
    const std::string point =
        pick < 6 ? std::string{points[pick]} + ":" + std::to_string(passes) : "";
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round) + " " + point);
    const int status =
        run_until_killed(directory.path(), point, point.empty() ? 20ms + random(60) * 1ms : 20s);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
    auto database = Database::open(directory.path());
    ASSERT_TRUE(database.ok()) << database.error().what;
    auto log = EmbeddedLog::open(**database, options());
    ASSERT_TRUE(log.ok()) << log.error().what;
    RocksStore store{**database};
    check_log(directory.path(), **log);
    check_state(**log, store);
    EXPECT_GE((*log)->position()->sequence, before);
    before = (*log)->position()->sequence;
    if (HasFailure()) return;
  }
  EXPECT_GT(before, 100u) << "the children did too little to prove anything";
}

}  // namespace
}  // namespace state

int main(int count, char** arguments) {
  if (count == 3 && std::string_view{arguments[1]} == "--child") state::run_child(arguments[2]);
  testing::InitGoogleTest(&count, arguments);
  return RUN_ALL_TESTS();
}
