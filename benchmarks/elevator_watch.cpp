// "Elevator watch v1" on Watchfire. Embedded (--file): loads the events into the doors of the log,
// prints LOADED, drains them from the log, prints DONE <events> <seconds> <cpu seconds> and the
// peak memory, ends; the warnings are read with `watchfire tail warnings --data DIR`. On Kafka
// (--broker): a worker of the group --app on --in, exactly once, warnings to --out; prints FIRST
// <wall ms since start> <process CPU ms> at the first record and runs until SIGTERM. With --doors
// --in is a door: the same process forwards it to APP-events, from where the worker reads, and
// gives advance notice of P1 on OUT-urgent.

#include <CLI/CLI.hpp>

#include <fstream>
#include <thread>

#include "app/engine.h"
#include "app/files.h"
#include "app/live.h"
#include "app/worker.h"
#include "benchmarks/plain_warning.h"
#include "benchmarks/usage.h"
#include "connectors/json/event_decoder.h"
#include "connectors/kafka/forwarder.h"
#include "connectors/kafka/topics.h"
#include "operators/advance_notice.h"
#include "operators/city/topics.h"
#include "operators/see/detect.h"
#include "operators/see/once.h"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void declare(streams::Topology& topology, bool once) {
  std::vector<std::string> types;
  for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
  auto events = topology.events(types);
  if (once) events = topology.apply<see::Once>("once", events);
  const auto conclusions = topology.apply<see::Detect>("detect", with(events, topology.versions()),
                                                       see::DetectOptions{});
  topology.apply<benchmarks::Warn>("warn", conclusions)
      .to(streams::Topic<benchmarks::PlainWarning>{"warnings"});
}

streams::Result<std::int64_t> load(const std::string& path, int partitions,
                                   state::EmbeddedLog& log) {
  std::ifstream file{path};
  if (!file) return streams::Error{streams::Error::Kind::usage, "can't read the events in " + path};
  connectors::EventDecoder decoder;
  std::vector<streams::Append> batch;
  streams::Event event;
  std::int64_t count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    const std::size_t size = line.size();
    line.append(streams::Decoder::kPadding, ' ');
    if (decoder.decode({line.data(), size}, event)) continue;
    const city::Door* door = city::door_of_type(event.type);
    streams::Append& record = batch.emplace_back(streams::Append{
        {std::string{door->topic}, streams::partition_of(event.subject, partitions)},
        event.time,
        {},
        {}});
    line.resize(size);
    record.bytes = std::move(line);
    if (batch.size() < 10'000) continue;
    if (auto appended = log.append(std::exchange(batch, {}), false); !appended)
      return appended.error();
  }
  if (auto appended = log.append(std::move(batch), false); !appended) return appended.error();
  if (auto flushed = log.flush(); !flushed) return flushed.error();
  return count;
}

int fail(const streams::Error& error) {
  std::fprintf(stderr, "elevator_watch: %s\n", error.what.c_str());
  return error.kind == streams::Error::Kind::usage ? 2 : 1;
}

struct KafkaRun {
  std::string broker, in, out = "warnings", app = "elevator-watch", instance = "1";
  int session_ms = 15'000;
  int queue_kib = 8 << 10;
  bool doors = false;
};

/// What stands before the worker when events come through a door.
class Door {
 public:
  Door(const connectors::kafka::Connection& connection, const KafkaRun& run, int partitions,
       const streams::Version& pack)
      : ahead_("bench", {pack}, nullptr, operators::AdvanceNotice::Late::taken) {
    connectors::kafka::ForwarderOptions options;
    options.group = run.app + ".doors";
    options.instance = run.app + "-" + run.instance + "-doors";
    options.doors = {kName};
    options.partitions = partitions;
    options.session = std::chrono::milliseconds{run.session_ms};
    options.clock = app::wall_clock;
    options.outputs = {std::string{operators::AdvanceNotice::kTopic}};
    options.ahead = [this](const streams::Event& event) { return ahead_.of(event); };
    auto decoder = std::make_unique<connectors::EventDecoder>();
    decoder->extract(ahead_.fields());
    forwarder_.emplace(connection, std::move(decoder), options);
  }
  ~Door() { stop(); }
  void start() {
    thread_ = std::thread{[this] {
      if (auto ran = forwarder_->run(); !ran)
        std::fprintf(stderr, "elevator_watch: the door: %s\n", ran.error().what.c_str());
    }};
  }
  void stop() {
    forwarder_->stop();
    if (thread_.joinable()) thread_.join();
  }
  static constexpr const char* kName = "door";

 private:
  operators::AdvanceNotice ahead_;
  std::optional<connectors::kafka::Forwarder> forwarder_;
  std::thread thread_;
};

/// How many partitions the input has: as many tasks.
streams::Result<int> partitions_of(const connectors::kafka::Connection& connection) {
  auto reader = connectors::kafka::Consumer::open(connection, {});
  if (!reader) return reader.error();
  return (*reader)->partition_count(streams::kCityEvents);
}

streams::Result<void> run_on_kafka(const KafkaRun& run, const app::EngineOptions& engine,
                                   const streams::Topology& topology, const streams::Version& pack,
                                   Clock::time_point started) {
  auto connection = connectors::kafka::read_connection(run.broker, "");
  if (!connection) return connection.error();
  connection->names = {
      {streams::kCityEvents, run.in}, {"warnings", run.out}, {"changelog", run.app + "-changelog"}};
  if (auto reached = connectors::kafka::check_reachable(*connection); !reached) return reached;
  const auto partitions = partitions_of(*connection);
  if (!partitions) return partitions.error();
  auto plans = connectors::kafka::engine_topics(*partitions);
  std::optional<Door> door;
  if (run.doors) {
    connection->names[streams::kCityEvents] = run.app + "-events";
    connection->names[Door::kName] = run.in;
    connection->names[std::string{operators::AdvanceNotice::kTopic}] = run.out + "-urgent";
    plans.push_back(connectors::kafka::output_topic(std::string{operators::AdvanceNotice::kTopic},
                                                    *partitions, false));
    door.emplace(*connection, run, *partitions, pack);
  } else {
    plans.erase(plans.begin());  // the input is somebody else's
  }
  if (auto made = connectors::kafka::create_topics(*connection, plans, 1); !made)
    return made.error();
  auto database = state::Database::open(engine.data, {.memory_bytes = 64 << 20});
  if (!database) return database.error();
  state::RocksStore store{**database};

  app::WorkerOptions options;
  options.connection = *connection;
  options.city = "bench";
  options.app = run.app;
  options.partitions = *partitions;
  options.output_partitions = {{"warnings", *partitions}};
  options.cloud_events = false;
  options.commit = options.lagging_commit = engine.commit;
  options.session = std::chrono::milliseconds{run.session_ms};
  options.memory_bytes = engine.memory_bytes / 2;
  options.queue_kib = run.queue_kib / engine.threads;
  options.first_versions = {pack};
  options.clock = app::wall_clock;
  static std::atomic<bool> any{false};
  options.first_record = [started] {
    if (any.exchange(true)) return;
    std::printf("FIRST %.0f %.0f\n", seconds_since(started) * 1e3, benchmarks::cpu_seconds() * 1e3);
    std::fflush(stdout);
  };
  options.say = [](const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };

  app::Live::watch_signals();
  std::vector<std::unique_ptr<app::Worker>> workers;
  std::vector<std::thread> threads;
  std::vector<streams::Result<void>> ended(static_cast<std::size_t>(engine.threads));
  for (int i = 0; i < engine.threads; ++i) {
    options.instance = run.instance + "-" + std::to_string(i + 1);
    workers.push_back(std::make_unique<app::Worker>(
        topology, store, [] { return std::make_unique<connectors::EventDecoder>(); }, options));
  }
  if (door) door->start();
  std::atomic<int> running = engine.threads;
  for (std::size_t i = 0; i < workers.size(); ++i)
    threads.emplace_back([&, i] {
      ended[i] = workers[i]->run();
      --running;
    });
  while (!app::Live::stop_asked() && running == engine.threads)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  if (door) door->stop();
  for (const auto& worker : workers) worker->stop();
  for (std::thread& thread : threads) thread.join();
  std::uint64_t records = 0, commits = 0, aborts = 0;
  for (const auto& worker : workers) {
    records += worker->counts().records;
    commits += worker->counts().commits;
    aborts += worker->counts().aborts;
  }
  std::printf("DONE %lu records, %lu commits, %lu aborts\nMEMORY %.0f MiB peak\n", records, commits,
              aborts, benchmarks::peak_mib());
  for (const auto& one : ended)
    if (!one) return one;
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const auto started = Clock::now();
  CLI::App cli{"Elevator watch v1, embedded or on Kafka"};
  std::string file, data, rules = WATCHFIRE_SOURCE_DIR "/benchmarks/rules/elevator_watch.yaml";
  app::EngineOptions options;
  int commit_ms = 100;
  bool once = false;
  KafkaRun kafka;
  auto* from_file = cli.add_option("--file", file, "embedded: events, one CloudEvent a line");
  auto* from_broker = cli.add_option("--broker", kafka.broker, "HOST:PORT");
  from_broker->excludes(from_file);
  cli.add_option("--in", kafka.in, "topic of events, keyed by subject")->needs(from_broker);
  cli.add_option("--out", kafka.out, "topic of warnings")->needs(from_broker);
  cli.add_option("--app", kafka.app, "consumer group")->needs(from_broker);
  cli.add_flag("--doors", kafka.doors, "--in is a door; P1 notices go to OUT-urgent")
      ->needs(from_broker);
  cli.add_option("--instance", kafka.instance, "place in the group")->needs(from_broker);
  cli.add_option("--session-ms", kafka.session_ms, "silent for longer: others take over");
  cli.add_option("--queue-kib", kafka.queue_kib, "bound of what is fetched ahead");
  cli.add_option("--data", data, "directory of the log and the state")->required();
  cli.add_option("--rules", rules, "rule pack");
  cli.add_option("--threads", options.threads, "threads of the worker");
  cli.add_option("--commit-ms", commit_ms, "commit interval");
  cli.add_flag("--once", once, "duplicates are left out, as in the city; embedded")
      ->needs(from_file);
  CLI11_PARSE(cli, argc, argv);
  options.data = data;
  options.commit = std::chrono::milliseconds{commit_ms};

  streams::Topology topology{"elevator_watch"};
  declare(topology, once);
  auto packs = app::read_packs({rules});
  if (!packs) return fail(packs.error());
  const streams::Version& pack = packs->versions.front();
  if (!kafka.broker.empty()) {
    if (auto ran = run_on_kafka(kafka, options, topology, pack, started); !ran)
      return fail(ran.error());
    return 0;
  }
  if (file.empty()) return fail({streams::Error::Kind::usage, "give --file or --broker"});
  auto engine = app::Engine::open(options, topology, "bench");
  if (!engine) return fail(engine.error());
  auto count = load(file, (*engine)->partitions(), (*engine)->log());
  if (!count) return fail(count.error());
  if (auto activated = (*engine)->activate({pack}); !activated) return fail(activated.error());
  std::printf("LOADED %ld\n", *count);
  std::fflush(stdout);

  const double cpu = benchmarks::cpu_seconds();
  const auto start = Clock::now();
  if (auto ran = (*engine)->run_until_end(); !ran) return fail(ran.error());
  std::printf("DONE %ld %.3f %.3f\n", *count, seconds_since(start),
              benchmarks::cpu_seconds() - cpu);
  std::printf("MEMORY %.0f MiB peak, %lu commits\n", benchmarks::peak_mib(),
              (*engine)->counts().commits);
  return 0;
}
