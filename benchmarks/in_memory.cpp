// The floor under everything: decode, rules and hot state of "elevator watch v1" in memory, without
// a log on disk, on one thread. Usage: in_memory EVENTS.ndjson [RULES.yaml] Prints events,
// warnings, seconds and CPU-seconds per million of the draining alone.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "benchmarks/plain_warning.h"
#include "connectors/json/event_decoder.h"
#include "operators/city/topics.h"
#include "operators/see/detect.h"
#include "streams/epochs.h"
#include "streams/memory.h"

namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string read_file(const char* path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: in_memory EVENTS.ndjson [RULES.yaml]\n"), 2;
  const std::string rules =
      read_file(argc > 2 ? argv[2] : WATCHFIRE_SOURCE_DIR "/benchmarks/rules/elevator_watch.yaml");
  streams::Topology topology{"elevator_watch"};
  std::vector<std::string> types;
  for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
  topology
      .apply<benchmarks::Warn>(
          "warn",
          topology.apply<see::Detect>("detect", with(topology.events(types), topology.versions()),
                                      see::DetectOptions{}))
      .to(streams::Topic<benchmarks::PlainWarning>{"warnings"});

  streams::MemoryLog log;
  streams::MemoryStore store;
  connectors::EventDecoder decoder;
  std::ifstream events{argv[1]};
  std::string line;
  std::int64_t count = 0;
  streams::Event event;
  while (std::getline(events, line)) {
    const std::size_t size = line.size();
    line.append(streams::Decoder::kPadding, ' ');
    event = {};
    if (decoder.decode({line.data(), size}, event)) continue;
    line.resize(size);
    const city::Door* door = city::door_of_type(event.type);
    (void)log.append(
        {{{std::string{door->topic}, streams::partition_of(event.subject, 4)}, event.time, line}},
        false);
    ++count;
  }
  streams::Epochs epochs{topology,
                         log,
                         store,
                         [] { return std::make_unique<connectors::EventDecoder>(); },
                         {.city = "bench", .doors = city::door_topics(), .partitions = 4}};
  if (!epochs.restore()) return 1;
  const streams::Version version{"rules/elevator_watch", "00000000", rules};
  for (int p = 0; p < 4; ++p) epochs.post(p, streams::version_event(version, streams::Time{}));
  std::printf("LOADED %ld\n", count);

  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  std::size_t warnings = 0;
  while (true) {
    auto tick = epochs.next_tick();
    if (!tick || !*tick) break;
    if (!epochs.run(**tick)) return 1;
    warnings += epochs.last_outputs().size();
    if (epochs.uncommitted_bytes() > 0 && epochs.clock().time_since_epoch().count() % 20'000 == 0) {
      streams::Commit commit = epochs.cut(streams::Epochs::Cut::checkpoint);
      epochs.confirm({});
      if (epochs.unflushed_bytes() > (32 << 20)) {
        (void)epochs.take_flush();
        epochs.flushed();
      }
    }
  }
  const double used = cpu_seconds() - cpu;
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("DONE %ld %.3f %.3f  warnings %zu  CPU-s per million %.3f\n", count, wall, used,
              warnings, used / double(count) * 1e6);
  return 0;
}
