// Writes a file of events into a topic, keyed by subject, and prints how fast that went.
// `load --broker HOST:PORT --topic TOPIC --file EVENTS [--rate N]`

#include <CLI/CLI.hpp>

#include <chrono>
#include <thread>

#include "benchmarks/kafka/client.h"
#include "benchmarks/usage.h"

int main(int argc, char** argv) {
  using Clock = std::chrono::steady_clock;
  std::string broker, topic, path;
  std::int64_t rate = 0;
  CLI::App cli{"Writes events into a topic"};
  cli.add_option("--broker", broker, "HOST:PORT")->required();
  cli.add_option("--topic", topic, "it must exist")->required();
  cli.add_option("--file", path, "events, one a line")->required();
  cli.add_option("--rate", rate, "events per second; 0: as fast as they are taken");
  CLI11_PARSE(cli, argc, argv);

  benchmarks::Lines lines{path};
  benchmarks::EventProducer producer{broker, topic, "5"};
  const auto start = Clock::now();
  std::int64_t count = 0;
  for (auto event = lines.next(); !event.empty(); event = lines.next()) {
    if (rate > 0)
      std::this_thread::sleep_until(start + std::chrono::microseconds{count * 1'000'000 / rate});
    producer.send(event);
    ++count;
  }
  producer.flush();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf("LOADED %ld events, %.0f events/s, %.2f s, %.2f CPU-s\n", count,
              static_cast<double>(count) / seconds, seconds, benchmarks::cpu_seconds());
}
