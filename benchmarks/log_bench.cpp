// What the embedded log and store cost: load and drain of a door's records, small commits, durable
// appends, store batches. `log_bench [--data DIR] [--compress] [--memory MIB] [--records N]`;
// prints records/s and CPU-s per million of the whole process, RocksDB's threads included.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

#include "state/embedded_log.h"
#include "state/rocks_store.h"

namespace {

using streams::Append;
using streams::Partition;
using streams::Time;
using Clock = std::chrono::steady_clock;

constexpr int kPartitions = 4;
constexpr std::size_t kRecordBytes = 365;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Measure {
 public:
  explicit Measure(const char* what) : what_(what) {}
  void report(double count, const char* unit) const {
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    std::printf("%-34s %12.0f %s/s  %7.3f CPU-s per million  (%.2f s)\n", what_, count / seconds,
                unit, (cpu_seconds() - cpu_) / count * 1e6, seconds);
    std::fflush(stdout);
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  const char* what_;
  Clock::time_point start_ = Clock::now();
  double cpu_ = cpu_seconds();
};

void must(bool ok) {
  if (!ok) std::abort();
}

std::string event(int number) {
  std::string bytes = R"({"specversion":"1.0","id":")" + std::to_string(number) +
                      R"(","source":"/elevators/3100012345","type":"city.elevator.telemetry.v1",)"
                      R"("time":"2026-11-22T08:00:00.123Z","data":{"mode":"normal",)";
  while (bytes.size() < kRecordBytes - 2)
    bytes += '"' + std::to_string(bytes.size() * static_cast<std::size_t>(number) % 9973) + "\":1,";
  bytes.resize(kRecordBytes - 2);
  return bytes + "}}";
}

void load_and_drain(state::EmbeddedLog& log, int records) {
  std::vector<std::string> events;
  for (int i = 0; i < 5000; ++i) events.push_back(event(i));
  const Measure load{"load, 1,000 records per append"};
  for (int i = 0; i < records; i += 1000) {
    std::vector<Append> batch;
    batch.reserve(1000);
    for (int k = i; k < i + 1000; ++k)
      batch.push_back({{"doors", i / 1000 % kPartitions},
                       Time{k * std::chrono::milliseconds{1}},
                       events[static_cast<std::size_t>(k) % events.size()]});
    must(log.append(std::move(batch), false).ok());
  }
  must(log.flush().ok());
  load.report(records, "records");

  for (const std::size_t limit : {std::size_t{256} << 10, std::size_t{2} << 20}) {
    const Measure drain{limit > 1 << 20 ? "drain, 2 MiB fetches" : "drain, 256 KiB fetches"};
    std::int64_t seen = 0;
    std::size_t bytes = 0;
    for (int p = 0; p < kPartitions; ++p)
      for (std::int64_t next = 0;;) {
        const auto batch = log.fetch({"doors", p}, next, limit);
        must(batch.ok());
        if (batch->records.empty()) break;
        for (const streams::LogRecord& record : batch->records) bytes += record.bytes.size();
        seen += static_cast<std::int64_t>(batch->records.size());
        next = batch->records.back().offset + 1;
      }
    must(seen == records && bytes == static_cast<std::size_t>(records) * kRecordBytes);
    drain.report(records, "records");
  }
}

void commits(state::EmbeddedLog& log) {
  const auto block = std::make_shared<const std::string>(50000 * 100, 'c');  // 50,000 rows of 100 B
  const std::uint64_t first = log.position()->sequence + 1;
  const Measure commit{"commit of 50,000 rows as a block"};
  constexpr std::uint64_t kCommits = 50;
  for (std::uint64_t i = 0; i < kCommits; ++i) {
    const auto consumed = static_cast<std::int64_t>(i);
    streams::Commit one{first + i, {{{"doors", 0}, consumed}}, {}, {{0, block}}};
    for (int k = 0; k < 100; ++k)
      one.outputs.push_back({{"warnings", 0}, Time{}, std::string(700, 'w')});
    must(log.commit(std::move(one)).ok());
    if (i % 50 == 49) must(log.forget_changes({{0, first + i}}).ok());
  }
  std::printf("%-34s %12.2f ms per commit\n", "", commit.seconds() * 1e3 / kCommits);
  commit.report(50000.0 * kCommits, "rows");
}

void durable_appends(state::EmbeddedLog& log, int threads, int each) {
  const std::string name = "durable appends, " + std::to_string(threads) + " threads";
  const Measure appends{name.c_str()};
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t)
    running.emplace_back([&log, each] {
      for (int i = 0; i < each; ++i)
        must(log.append({{{"http", i % kPartitions}, Time{}, std::string(kRecordBytes, 'h')}}, true)
                 .ok());
    });
  for (std::thread& thread : running) thread.join();
  appends.report(threads * each, "records");
}

void store_batches(state::RocksStore& store) {
  for (int batch = 0; batch < 4; ++batch) {
    std::vector<streams::StoreWrite> rows;
    for (int i = 0; i < 50000; ++i) {
      char key[40];
      std::snprintf(key, sizeof key, "e/%d/elevator/31000%08d", i % kPartitions, i * 37 + batch);
      rows.push_back({key, std::string(200, 'v')});
    }
    const Measure write{"store, batch of 50,000 rows"};
    must(store.write(std::move(rows)).ok());
    write.report(50000, "rows");
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::string directory = "/tmp/watchfire-log-bench";
  state::DatabaseOptions options;
  int records = 2'000'000;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--compress") options.compress_log = true;
    if (i + 1 == count) break;
    if (name == "--data") directory = arguments[i + 1];
    if (name == "--records") records = std::atoi(arguments[i + 1]);
    if (name == "--memory")
      options.memory_bytes = static_cast<std::size_t>(std::atoi(arguments[i + 1])) << 20;
  }
  std::filesystem::remove_all(directory);
  {
    auto database = state::Database::open(directory, options);
    must(database.ok());
    auto log = state::EmbeddedLog::open(**database);
    must(log.ok());
    load_and_drain(**log, records);
    commits(**log);
    durable_appends(**log, 1, 500);
    durable_appends(**log, 16, 200);
    state::RocksStore store{**database};
    store_batches(store);
  }
  const Measure open{"open again"};
  auto database = state::Database::open(directory, options);
  must(database.ok());
  must(state::EmbeddedLog::open(**database).ok());
  std::printf("open again: %.0f ms\n", open.seconds() * 1e3);
  database->reset();
  std::filesystem::remove_all(directory);
}
