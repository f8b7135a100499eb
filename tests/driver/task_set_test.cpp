// Several workers share a city: whatever they abort, hand over, lose and restore, what was
// committed is what one undisturbed task makes of the same input. Over many seeds; a planted bug
// must be caught.

#include "streams/task_set.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "connectors/json/event_decoder.h"
#include "streams/memory.h"
#include "tests/support/toy_city.h"

namespace {

using namespace streams;

constexpr int kPartitions = 3;
using Outputs = std::map<std::string, std::vector<std::string>>;  // by topic and entity, in order

/// Two workers, each with a store of its own, on one log.
class SharedCity {
 public:
  SharedCity(const Topology& topology, std::uint64_t seed) : topology_(topology), random_(seed) {
    for (Worker& worker : workers_) worker.set = std::make_unique<TaskSet>(kPartitions);
    for (int p = 0; p < kPartitions; ++p) give(p, workers_[chance(0.5)]);
  }

  void play() {
    Time now = *parse_time("2026-11-22T08:00:00Z");
    for (std::uint64_t i = 0; i < 60; ++i) {
      now += Duration{static_cast<int>(random_() % 2200)};
      const std::string subject = "child/" + std::to_string(random_() % 6);
      append(partition_of(subject, kPartitions), now,
             R"({"specversion":"1.0","id":"r)" + std::to_string(i) +
                 R"(","source":"/toy","type":"toy.reading.v1","subject":")" + subject +
                 R"(","time":")" + format_time(now) + R"(","data":{"amount":)" +
                 std::to_string(random_() % 5) + R"(,"parent":"parent/)" +
                 std::to_string(random_() % 2) + R"("}})");
      if (chance(0.5)) tick(now);
      step();
    }
    for (int i = 1; i <= 40; ++i) {  // timers and letters come to rest
      tick(now + i * 1s);
      step();
    }
    for (int i = 0; i < 10; ++i)  // letters that answer letters
      for (Worker& worker : workers_) run(worker, true);
  }

  /// What is on the output topics.
  Outputs written() {
    Outputs outputs;
    for (const std::string& topic : topology_.topics())
      for (const LogRecord& record : read({topic, kByKey}).records)
        add(outputs, topic, record.bytes);
    return outputs;
  }
  /// What one task for each partition makes of the whole input, and the letters that it sends.
  Outputs derived(std::multiset<std::string>& letters) {
    TaskSet set{kPartitions};
    MemoryStore store;
    for (int p = 0; p < kPartitions; ++p) set.add(p, {make_task(store, p), 0, 0});
    for (int p = 0; p < kPartitions; ++p) EXPECT_TRUE(set.process(p, read({kCityEvents, p})).ok());
    Outputs outputs;
    for (const Append& output : set.cut().outputs) {
      if (output.to.topic == kCityEvents)
        letters.insert(output.bytes);
      else
        add(outputs, output.to.topic, output.bytes);
    }
    return outputs;
  }
  std::multiset<std::string> letters() {
    std::multiset<std::string> all;
    for (int p = 0; p < kPartitions; ++p)
      for (const LogRecord& record : read({kCityEvents, p}).records)
        if (record.bytes.find("city.letter.v1") != std::string_view::npos)
          all.emplace(record.bytes);
    return all;
  }

 private:
  struct Worker {
    MemoryStore store;
    std::unique_ptr<TaskSet> set;
  };

  bool chance(double probability) {
    return std::uniform_real_distribution<>{}(random_) < probability;
  }
  void append(int partition, Time at, std::string bytes) {
    ASSERT_TRUE(log_.append({{{kCityEvents, partition}, at, std::move(bytes)}}, true).ok());
  }
  void tick(Time now) {
    const Time at = tick_at_or_after(now);
    for (int p = 0; p < kPartitions; ++p) append(p, at, tick_event(at));
  }
  Batch read(const Partition& partition, std::int64_t from = 0) {
    return *log_.fetch(partition, from, 1 << 30);
  }
  static void add(Outputs& outputs, const std::string& topic, std::string_view bytes) {
    const auto at = bytes.find("\"subject\":\"") + 11;
    const std::string entity{bytes.substr(at, bytes.find('"', at) - at)};
    outputs[topic + ": " + entity].emplace_back(bytes);
  }
  std::unique_ptr<Task> make_task(Store& store, int partition) {
    return std::make_unique<Task>(topology_, store, std::make_unique<connectors::EventDecoder>(),
                                  TaskOptions{"toy", partition, chance(0.5) ? 1u : 1u << 20});
  }

  /// As a restart or another worker does it: the store's copy, then the changes since.
  void give(int partition, Worker& worker) {
    RestoredTask restored{make_task(worker.store, partition), next_[partition], marks_[partition]};
    const auto complete = read_complete(worker.store, partition);
    ASSERT_TRUE(complete.ok());
    ASSERT_TRUE(restored.task->load().ok());
    const Mark from = *complete ? (*complete)->mark : 0;
    ASSERT_TRUE(
        log_.changes_after(partition, from,
                           [&](const ChangeBlock& block) { return restored.task->take_in(block); })
            .ok());
    restored.task->ready();
    worker.set->add(partition, std::move(restored));
  }

  void step() {
    for (Worker& worker : workers_) run(worker, chance(0.6));
    if (chance(0.15)) {  // a rebalance: what is committed moves
      Worker& from = workers_[chance(0.5)];
      run(from, true);
      for (const int partition : from.set->owned())
        if (chance(0.5)) {
          RestoredTask parked = from.set->take(partition);
          if (chance(0.3))
            from.set->add(partition, std::move(parked));
          else
            give(partition, workers_[chance(0.5)]);
        }
    }
    if (chance(0.1)) {  // a worker dies; the other takes all
      const bool dead = chance(0.5);
      const std::vector<int> owned = workers_[dead].set->owned();
      workers_[dead].set->clear();
      for (const int partition : owned) give(partition, workers_[!dead]);
    }
  }

  void run(Worker& worker, bool commit) {
    TaskSet& set = *worker.set;
    for (const auto& [partition, next] : set.positions())
      ASSERT_TRUE(set.process(partition.number, read(partition, next)).ok());
    if (!commit || !set.uncommitted()) return;
    Commit cut = set.cut();
    if (chance(0.2)) {
      ASSERT_TRUE(set.rollback().ok());
      return run(worker, commit);
    }
    cut.sequence = ++sequence_;  // of the one log in memory
    for (const auto& [partition, next] : cut.consumed) next_[partition.number] = next;
    for (const TaskChanges& changes : cut.changes) marks_[changes.partition] = sequence_;
    const auto marks = log_.commit(std::move(cut));
    ASSERT_TRUE(marks.ok());
    if (chance(0.1)) {  // it is written, but the worker is gone
      const std::vector<int> owned = set.owned();
      set.clear();
      for (const int partition : owned) give(partition, worker);
      return;
    }
    set.confirm(*marks);
    for (const int partition : set.owned())
      if (chance(0.3)) {
        ASSERT_TRUE(worker.store.write(set.take_flush(partition, Time{})).ok());
        set.flushed(partition);
      }
  }

  const Topology& topology_;
  std::mt19937_64 random_;
  MemoryLog log_;
  std::array<Worker, 2> workers_;
  std::map<int, std::int64_t> next_;
  std::map<int, Mark> marks_;
  std::uint64_t sequence_ = 0;
};

/// The seeds whose committed records are not what the input makes.
int differing(bool planted_bug, int seeds) {
  Topology topology{"toy"};
  toy::declare(topology, planted_bug);
  int differ = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    SharedCity city{topology, static_cast<std::uint64_t>(seed)};
    city.play();
    std::multiset<std::string> letters;
    const Outputs derived = city.derived(letters);
    EXPECT_GT(derived.size(), 3u) << "the workload does nothing";
    EXPECT_FALSE(letters.empty());
    if (city.written() == derived && city.letters() == letters) continue;
    ++differ;
    if (planted_bug || differ > 1) continue;
    const Outputs written = city.written();
    for (const auto& [entity, records] : derived) {
      const auto there = written.find(entity);
      for (std::size_t i = 0; i < records.size(); ++i)
        if (there == written.end() || i >= there->second.size() || there->second[i] != records[i]) {
          ADD_FAILURE() << "seed " << seed << ", " << entity << " record " << i << ":\n"
                        << records[i] << "\n"
                        << (there != written.end() && i < there->second.size() ? there->second[i]
                                                                               : "nothing");
          break;
        }
    }
  }
  return differ;
}

TEST(SharedCity, WhatIsCommittedIsWhatTheInputMakes) {
  const char* text = std::getenv("WATCHFIRE_SEEDS");
  EXPECT_EQ(differing(false, text == nullptr ? 200 : std::atoi(text)), 0);
}

TEST(SharedCity, APlantedBugIsCaught) {
  EXPECT_GT(differing(true, 20), 10);
}

}  // namespace
