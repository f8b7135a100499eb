// Reads a topic of warnings, committed ones alone, as they come: a line a warning, the wall clock
// in ms when it was received, a tab, the warning. Prints READY when it listens; ends when --count
// came and then none for --quiet ms, or none at all for --timeout s (exit code 1). `collect
// --broker HOST:PORT --topic TOPIC --out FILE --count N [--quiet MS] [--timeout S]`

#include <CLI/CLI.hpp>

#include <chrono>

#include "benchmarks/kafka/client.h"

int main(int argc, char** argv) {
  using Clock = std::chrono::system_clock;
  std::string broker, topic, path;
  std::int64_t count = 0, quiet_ms = 2000, timeout = 120;
  CLI::App cli{"Collects the warnings of a run"};
  cli.add_option("--broker", broker, "HOST:PORT")->required();
  cli.add_option("--topic", topic, "it must exist")->required();
  cli.add_option("--out", path, "file to write")->required();
  cli.add_option("--count", count, "warnings to wait for")->required();
  cli.add_option("--quiet", quiet_ms, "ms without one behind the last");
  cli.add_option("--timeout", timeout, "s without one before the last");
  CLI11_PARSE(cli, argc, argv);

  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) benchmarks::fail("can't write " + path);
  benchmarks::Reader reader{broker, topic};
  std::puts("READY");
  std::fflush(stdout);
  std::int64_t read = 0;
  for (auto last = Clock::now();;) {
    const bool got = reader.read(100, [&](std::string_view warning) {
      last = Clock::now();
      const auto ms = std::chrono::duration<double, std::milli>(last.time_since_epoch()).count();
      std::fprintf(file, "%.1f\t%.*s\n", ms, static_cast<int>(warning.size()), warning.data());
      ++read;
    });
    if (got) continue;
    std::fflush(file);
    const auto silent = Clock::now() - last;
    if (read >= count ? silent > std::chrono::milliseconds{quiet_ms}
                      : silent > std::chrono::seconds{timeout})
      break;
  }
  std::fclose(file);
  std::printf("COLLECTED %ld\n", read);
  return read == count ? 0 : 1;
}
