// One process of the ledger city (tests/support/ledger_city.h) on a broker, for the exactly-once
// run, and the small verbs that run needs beside it:
//   --make-topics  makes the topics
//   --steal ID     takes a transactional id away from whoever holds it
//   --caught-up    exit code 0: the group has nothing left to read; 1: it has
//   --ends         each partition's end, and the end of what is committed
// Exit code 3: the worker gave up; its supervisor starts another.

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <thread>

#include "app/live.h"
#include "app/worker.h"
#include "connectors/json/event_decoder.h"
#include "connectors/kafka/topics.h"
#include "state/rocks_store.h"
#include "tests/support/ledger_city.h"

namespace {

namespace kafka = connectors::kafka;
using streams::Result;

struct Options {
  kafka::Connection connection;
  std::string app = "ledger", instance = "0", data, planted_bug, steal;
  int partitions = 4, commit_ms = 100, session_ms = 15'000;
  bool make_topics = false, caught_up = false, ends = false;
};

const std::map<std::string, int> kOutputs{{"totals", 2}, {"sums", 1}, {"families", 2}};

int failed(const streams::Error& error) {
  std::fprintf(stderr, "%s\n", error.what.c_str());
  return 1;
}

std::vector<kafka::TopicPlan> topics_of(const Options& options) {
  std::vector<kafka::TopicPlan> plans = kafka::engine_topics(options.partitions);
  for (const auto& [name, partitions] : kOutputs)
    plans.push_back(kafka::output_topic(name, partitions, false));
  plans.push_back(kafka::output_topic("dead.letters", 1, false));
  return plans;
}

int make_topics(const Options& options) {
  const auto made = kafka::create_topics(options.connection, topics_of(options), 1);
  if (!made) return failed(made.error());
  for (const std::string& name : made->made) std::printf("made %s\n", name.c_str());
  return 0;
}

int steal(const Options& options) {
  kafka::Transactor thief{options.connection, {.id = options.steal, .group = options.app}};
  const Result<void> opened = thief.open();
  return opened ? 0 : failed(opened.error());
}

/// Nothing committed lies behind the group's offsets.
Result<bool> caught_up(const Options& options) {
  auto consumer =
      kafka::Consumer::open(options.connection, {.settings = {{"group.id", options.app}}});
  if (!consumer) return consumer.error();
  std::vector<streams::Partition> partitions;
  for (int p = 0; p < options.partitions; ++p) partitions.push_back({streams::kCityEvents, p});
  const auto offsets = kafka::committed((*consumer)->handle(), options.connection, partitions);
  if (!offsets) return offsets.error();
  kafka::Positions positions;
  for (const streams::Partition& partition : partitions) {
    const auto one = offsets->find(partition);
    positions[partition] = one == offsets->end() ? 0 : one->second.offset;
  }
  if (Result<void> assigned = (*consumer)->assign(positions); !assigned) return assigned.error();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  for (std::size_t ended = 0; ended < partitions.size();) {
    const auto polled = (*consumer)->poll(std::chrono::milliseconds{500});
    if (!polled) return polled.error();
    if (std::chrono::steady_clock::now() > until)
      return streams::Error{streams::Error::Kind::retry, "the ends were not reached in 20 s"};
    if (!*polled) continue;
    if (!(*polled)->end) return false;
    ++ended;
  }
  return true;
}

int print_ends(const Options& options) {
  auto all = kafka::Consumer::open(options.connection,
                                   {.settings = {{"isolation.level", "read_uncommitted"}}});
  auto stable = kafka::Consumer::open(options.connection, {});
  if (!all) return failed(all.error());
  if (!stable) return failed(stable.error());
  for (const kafka::TopicPlan& plan : topics_of(options)) {
    for (int p = 0; p < plan.partitions; ++p) {
      const auto end = (*all)->extent({plan.name, p});
      const auto committed = (*stable)->extent({plan.name, p});
      if (!end) return failed(end.error());
      if (!committed) return failed(committed.error());
      std::printf("%s %d %lld %lld\n", plan.name.c_str(), p, static_cast<long long>(end->end),
                  static_cast<long long>(committed->end));
    }
  }
  return 0;
}

app::Worker* running = nullptr;

int run(const Options& options) {
  auto database = state::Database::open(options.data);
  if (!database) return failed(database.error());
  state::RocksStore rows{**database};
  ledger::LosingStore losing{rows};
  streams::Topology city{"ledger"};
  ledger::declare(city, options.planted_bug == "memory");
  app::WorkerOptions worker_options;
  worker_options.connection = options.connection;
  worker_options.city = "ledger";
  worker_options.app = options.app;
  worker_options.instance = options.instance;
  worker_options.partitions = options.partitions;
  worker_options.output_partitions = kOutputs;
  worker_options.clock = app::wall_clock;
  worker_options.commit = std::chrono::milliseconds{options.commit_ms};
  worker_options.session = std::chrono::milliseconds{options.session_ms};
  worker_options.say = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  app::Worker worker{city,
                     options.planted_bug == "store" ? static_cast<streams::Store&>(losing) : rows,
                     [] { return std::make_unique<connectors::EventDecoder>(); }, worker_options};
  running = &worker;
  for (const int signal : {SIGTERM, SIGINT}) std::signal(signal, [](int) { running->stop(); });
  const Result<void> ended = worker.run();
  const app::Worker::Counts counts = worker.counts();
  std::fprintf(stderr, "ended: %llu records, %llu commits, %llu aborts, %llu rebuilt, %llu rows\n",
               static_cast<unsigned long long>(counts.records),
               static_cast<unsigned long long>(counts.commits),
               static_cast<unsigned long long>(counts.aborts),
               static_cast<unsigned long long>(counts.rebuilt),
               static_cast<unsigned long long>(counts.restored_rows));
  if (ended) return 0;
  (void)failed(ended.error());
  return 3;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App program{"one process of the ledger city on Kafka"};
  program.add_option("--brokers", options.connection.brokers)->required();
  program.add_option("--prefix", options.connection.prefix);
  program.add_option("--app", options.app);
  program.add_option("--instance", options.instance);
  program.add_option("--data", options.data);
  program.add_option("--partitions", options.partitions);
  program.add_option("--commit-ms", options.commit_ms);
  program.add_option("--session-ms", options.session_ms);
  program.add_option("--planted-bug", options.planted_bug)
      ->check(CLI::IsMember({"memory", "store"}));
  program.add_flag("--make-topics", options.make_topics);
  program.add_option("--steal", options.steal);
  program.add_flag("--caught-up", options.caught_up);
  program.add_flag("--ends", options.ends);
  CLI11_PARSE(program, argc, argv);
  if (options.make_topics) return make_topics(options);
  if (!options.steal.empty()) return steal(options);
  if (options.ends) return print_ends(options);
  if (options.caught_up) {
    const Result<bool> done = caught_up(options);
    if (!done) return failed(done.error());
    return *done ? 0 : 1;
  }
  return run(options);
}
