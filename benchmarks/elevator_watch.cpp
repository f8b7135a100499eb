// "Elevator watch v1" on Watchfire, embedded: loads the events into the doors of the log, prints
// LOADED, drains them from the log, prints DONE <events> <seconds> <cpu seconds> and the peak
// memory, ends. The warnings are read with `watchfire tail warnings --data DIR`.

#include <CLI/CLI.hpp>

#include <fstream>

#include "app/engine.h"
#include "app/files.h"
#include "benchmarks/plain_warning.h"
#include "benchmarks/usage.h"
#include "connectors/json/event_decoder.h"
#include "operators/city/topics.h"
#include "operators/see/detect.h"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void declare(streams::Topology& topology) {
  std::vector<std::string> types;
  for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
  const auto conclusions = topology.apply<see::Detect>(
      "detect", with(topology.events(types), topology.versions()), see::DetectOptions{});
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

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{"Elevator watch v1 on the embedded log"};
  std::string file, data, rules = WATCHFIRE_SOURCE_DIR "/benchmarks/rules/elevator_watch.yaml";
  app::EngineOptions options;
  int commit_ms = 100;
  cli.add_option("--file", file, "events, one CloudEvent a line")->required();
  cli.add_option("--data", data, "directory of the log and the state")->required();
  cli.add_option("--rules", rules, "rule pack");
  cli.add_option("--threads", options.threads, "threads of the worker");
  cli.add_option("--commit-ms", commit_ms, "commit interval");
  CLI11_PARSE(cli, argc, argv);
  options.data = data;
  options.commit = std::chrono::milliseconds{commit_ms};

  streams::Topology topology{"elevator_watch"};
  declare(topology);
  auto engine = app::Engine::open(options, topology, "bench");
  if (!engine) return fail(engine.error());
  auto pack = app::read_pack_version(rules, {});
  if (!pack) return fail(pack.error());
  auto count = load(file, options.partitions, (*engine)->log());
  if (!count) return fail(count.error());
  if (auto activated = (*engine)->activate({*pack}); !activated) return fail(activated.error());
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
