// run and describe: the city on the embedded log, live or to its end.

#include <fmt/format.h>

#include <charconv>
#include <thread>

#include "app/commands.h"
#include "app/home.h"
#include "app/live_run.h"
#include "app/topics_document.h"
#include "operators/city/steps.h"
#include "operators/city_loop.h"
#include "streams/downtime.h"

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

/// A clock that has long stood: the tasks are told that nobody listened meanwhile.
Result<void> note_downtime(Engine& engine, streams::Time now) {
  const streams::Time last = engine.epochs().clock();
  if (last == streams::Time{} || now - last < streams::kLeastDowntime) return {};
  return engine.activate({streams::Downtime{last, now}.version()});
}

/// Four ticks a second, until it is asked to stop.
int run_live(RunningCity& city, const RunOptions& options) {
  if (Result<void> begun = city.clock().begin(city.engine().epochs().clock(), options.accept_clock);
      !begun)
    return report(begun.error());
  if (Result<void> told = note_downtime(city.engine(), city.clock().now()); !told)
    return report(told.error());
  Result<std::unique_ptr<Live>> live = Live::start(city, options, {});
  if (!live) return report(live.error());
  const auto now = [&city] { return city.clock().now(); };
  const Trimmer trimmer{city.files().retention, city.engine().log(), now};
  LiveRun run{city, **live};
  while (!Live::stop_asked()) {
    const Result<bool> ticked = run.step();
    if (!ticked) return report(ticked.error());
    if (!*ticked) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    city.serve(now());
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
