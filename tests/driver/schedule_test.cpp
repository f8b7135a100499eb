// The same outputs for every schedule of commits, aborts, crashes, flushes and evictions, over many
// seeds (WATCHFIRE_SEEDS, default 400; the long run is 100000). A planted bug must be caught.

#include <gtest/gtest.h>

#include <cstdlib>

#include "connectors/json/event_decoder.h"
#include "streams/test_driver.h"
#include "tests/support/toy_city.h"

namespace {

using namespace streams;

using Outputs = std::vector<std::string>;

int seeds() {
  const char* text = std::getenv("WATCHFIRE_SEEDS");
  return text == nullptr ? 400 : std::atoi(text);
}

std::string reading(const std::string& subject, std::uint64_t number, Time time, double amount,
                    const std::string& parent) {
  return R"({"specversion":"1.0","id":"r)" + std::to_string(number) +
         R"(","source":"/toy","type":"toy.reading.v1","subject":")" + subject + R"(","time":")" +
         format_time(time) + R"(","data":{"amount":)" + std::to_string(amount) + R"(,"parent":")" +
         parent + R"("}})";
}

/// A little history of its own for every workload number. `differed`: what was run again told
/// something else than before.
Outputs play(const Topology& topology, std::uint64_t workload, const Schedule& schedule,
             int partitions = 3, bool* differed = nullptr) {
  TestDriver driver{topology,
                    [] { return std::make_unique<connectors::EventDecoder>(); },
                    {.city = "toy", .doors = {"a", "b"}, .partitions = partitions},
                    schedule};
  std::mt19937_64 random{workload};
  Time now = *parse_time("2026-11-22T08:00:00Z");
  for (std::uint64_t i = 0; i < 40; ++i) {
    now += Duration{static_cast<int>(random() % 2200)};
    const std::string subject = "child/" + std::to_string(random() % 6);
    const std::string parent = random() % 3 == 0 ? "" : "parent/" + std::to_string(random() % 2);
    std::string bytes = reading(subject, i, now, static_cast<double>(random() % 5), parent);
    if (random() % 25 == 0) bytes.resize(bytes.size() / 2);  // broken on the way
    driver.send(random() % 2 == 0 ? "a" : "b", subject, now, std::move(bytes));
  }
  driver.finish();
  driver.advance_to(driver.clock() + 20s);
  if (differed != nullptr) *differed = driver.replay_differed();
  Outputs outputs;
  for (const char* topic : {"totals", "quiet", "families", "dead.letters"})
    for (std::string& record : driver.read(topic)) outputs.push_back(topic + (": " + record));
  return outputs;
}

TEST(Schedule, OutputsDoNotDependOnCommitsAbortsAndCrashes) {
  Topology topology{"toy"};
  toy::declare(topology, false);
  for (int seed = 0; seed < seeds(); ++seed) {
    const auto workload = static_cast<std::uint64_t>(seed % 50);
    const Outputs wanted = play(topology, workload, Schedule::steady());
    ASSERT_GT(wanted.size(), 40u) << "the workload does nothing";
    bool differed = false;
    const Outputs got = play(topology, workload,
                             Schedule::random(static_cast<std::uint64_t>(seed)), 3, &differed);
    ASSERT_FALSE(differed) << "seed " << seed << ": run again it told something else";
    for (std::size_t i = 0; i < std::max(got.size(), wanted.size()); ++i)
      ASSERT_EQ(i < got.size() ? got[i] : "nothing", i < wanted.size() ? wanted[i] : "nothing")
          << "seed " << seed << ", record " << i << " of " << wanted.size();
  }
}

TEST(Schedule, APlantedBugIsCaught) {
  Topology topology{"toy"};
  toy::declare(topology, true);
  int caught = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    caught += play(topology, 1, Schedule::random(seed)) != play(topology, 1, Schedule::steady());
  EXPECT_GT(caught, 5) << "state outside the declared members went unnoticed";
}

TEST(Schedule, WhatIsRunAgainIsComparedWithWhatWasTold) {
  Topology topology{"toy"};
  toy::declare(topology, true);
  int noticed = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    bool differed = false;
    play(topology, 1, Schedule::random(seed), 3, &differed);
    noticed += differed;
  }
  EXPECT_GT(noticed, 5) << "a restart that decides otherwise went unnoticed";
}

TEST(Schedule, EveryKindOfOutputOccurs) {
  Topology topology{"toy"};
  toy::declare(topology, false);
  std::string all;
  for (std::uint64_t workload = 0; workload < 50; ++workload)
    for (const std::string& output : play(topology, workload, Schedule::steady())) all += output;
  for (const char* wanted : {"\"reading\"", "praise", "\"silent\"", "\"quiet\"",
                             "families: ", "dead.letters: ", "causationid"})
    EXPECT_NE(all.find(wanted), std::string::npos) << wanted;
}

}  // namespace
