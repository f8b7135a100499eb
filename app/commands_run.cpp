// run and describe: the city on the embedded log, live or to its end.

#include <fmt/format.h>

#include <charconv>
#include <thread>

#include "app/commands.h"
#include "app/home.h"
#include "app/live.h"
#include "app/topics_document.h"
#include "operators/city/steps.h"
#include "operators/city_loop.h"

namespace app {

using streams::Error;
using streams::Result;

std::optional<std::size_t> parse_bytes(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number == 0) return std::nullopt;
  const std::string unit{end, text.data() + text.size()};
  if (unit == "MiB") return number << 20;
  if (unit == "GiB") return number << 30;
  return std::nullopt;
}

int describe(const DescribeOptions& how) {
  if (how.asyncapi) {
    fmt::print("{}\n", topics_document());
    return 0;
  }
  if (how.steps) {
    fmt::print("{}", city::document_of_steps());
    return 0;
  }
  streams::Topology city{"city"};
  operators::declare_city(city, {});
  fmt::print("{}", city.describe(how.mermaid));
  return 0;
}

namespace {

/// Wall time, four ticks a second, until it is asked to stop.
int run_live(RunningCity& city, const RunOptions& options) {
  Result<std::unique_ptr<Live>> live = Live::start(city, options, {});
  if (!live) return report(live.error());
  const Trimmer trimmer{city.files().retention, city.engine().log()};
  streams::Epochs& epochs = city.engine().epochs();
  while (!Live::stop_asked()) {
    const streams::Time now = wall_clock();
    const streams::Time tick =
        streams::tick_at_or_after((*live)->safe_tick(now - streams::kTickInterval));
    if (tick > epochs.clock()) {
      if (Result<void> ran = city.engine().run(tick); !ran) return report(ran.error());
      if (Result<void> seen = (*live)->after_epoch(); !seen) return report(seen.error());
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    city.serve(wall_clock());
  }
  if (Result<void> settled = city.engine().settle(); !settled) return report(settled.error());
  city.print_summary();
  return 0;
}

}  // namespace

int run(const RunOptions& options) {
  if (!options.kafka.brokers.empty()) return run_on_kafka(options);
  Result<std::unique_ptr<RunningCity>> opened = RunningCity::open(options);
  if (!opened) return report(opened.error());
  RunningCity& city = **opened;
  return options.until_end ? run_to_end(city, nullptr) : run_live(city, options);
}

int run_to_end(RunningCity& city, Live* live) {
  auto shown = std::chrono::steady_clock::now();
  while (!Live::stop_asked()) {
    const Result<std::optional<streams::Time>> tick = city.engine().next_tick();
    if (!tick) return report(tick.error());
    if (!*tick) break;
    if (live != nullptr) live->pace(**tick);
    if (Live::stop_asked()) break;
    if (Result<void> ran = city.engine().run(**tick); !ran) return report(ran.error());
    if (live != nullptr)
      if (Result<void> seen = live->after_epoch(); !seen) return report(seen.error());
    city.serve();
    if (std::chrono::steady_clock::now() - shown < std::chrono::seconds{1}) continue;
    shown = std::chrono::steady_clock::now();
    fmt::print(stderr, "\r{} ", streams::format_time(**tick));
  }
  if (Result<void> settled = city.engine().settle(); !settled) return report(settled.error());
  fmt::print(stderr, "\n");
  if (Live::stop_asked())
    fmt::print(stderr, "stopped before the end: `run --until-end` goes on from here\n");
  city.print_summary();
  return 0;
}

}  // namespace app
