// End-to-end time at a fixed rate: writes events at their intended moments, and measures from the
// intended moment of the event that caused a warning (its last evidence, whose id carries its
// number) to the warning's receipt by a read_committed consumer. Windows of 1 s in which this
// program itself was more than 10 ms late with an event are left out: they say nothing of others.
// Several --out are told one after the other.
// `probe --broker HOST:PORT --in TOPIC --out TOPIC… --file EVENTS --rate N [--seconds S]
// [--warm-up W]`

#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "benchmarks/kafka/client.h"

namespace {

using Clock = std::chrono::steady_clock;
using Ms = std::chrono::duration<double, std::milli>;

constexpr double kMostLag = 10;  // ms
constexpr auto kTail = std::chrono::seconds{15};

struct Options {
  std::string broker, in, path;
  std::vector<std::string> outs;
  std::int64_t rate = 20'000, seconds = 60, warm_up = 30;

  std::int64_t events() const { return (seconds + warm_up) * rate; }
};

struct Seen {
  std::int64_t event;
  Clock::time_point at;
};

/// The number of the event: the last 8 characters of its id, 5 bits each.
std::int64_t number_of(std::string_view id) {
  static constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::int64_t number = 0;
  for (const char digit : id.substr(id.size() < 8 ? 0 : id.size() - 8))
    number = number * 32 + static_cast<std::int64_t>(kDigits.find(digit) & 31);
  return number;
}

/// The id of the last event that a warning rests on. A notice has one, told whole.
std::string_view last_evidence(std::string_view warning) {
  if (const std::string_view whole = benchmarks::quoted(warning, R"("evidence":[{"id":")");
      !whole.empty())
    return whole;
  const std::size_t from = warning.find(R"("evidence":[)");
  const std::size_t end = warning.find(']', from);
  if (from == std::string_view::npos || end == std::string_view::npos) return {};
  const std::size_t close = warning.rfind('"', end);
  const std::size_t open = warning.rfind('"', close - 1);
  return warning.substr(open + 1, close - open - 1);
}

class Pace {
 public:
  Pace(const Options& options, Clock::time_point start) : rate_(options.rate), start_(start) {}
  Clock::time_point due(std::int64_t event) const {
    return start_ + std::chrono::nanoseconds{event * 1'000'000'000 / rate_};
  }

 private:
  std::int64_t rate_;
  Clock::time_point start_;
};

/// Sends every event at its moment; gives the worst delay of each window.
std::vector<double> send(const Options& options, const Pace& pace, benchmarks::Lines& lines,
                         benchmarks::EventProducer& producer) {
  std::vector<double> lags(static_cast<std::size_t>(options.seconds + options.warm_up));
  for (std::int64_t i = 0; i < options.events(); ++i) {
    const std::string_view event = lines.next();
    if (event.empty()) benchmarks::fail("the file has fewer events than the run needs");
    const auto due = pace.due(i);
    if (Clock::now() < due) std::this_thread::sleep_until(due);
    producer.send(event);
    double& lag = lags[static_cast<std::size_t>(i / options.rate)];
    lag = std::max(lag, Ms{Clock::now() - due}.count());
  }
  producer.flush();
  return lags;
}

double at(const std::vector<double>& sorted, double share) {
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

void report(const Options& options, const Pace& pace, const std::vector<double>& lags,
            const std::vector<Seen>& seen) {
  std::vector<double> times;
  std::size_t received = 0;
  for (const Seen& one : seen) {
    const auto window = static_cast<std::size_t>(one.event / options.rate);
    if (one.event < options.warm_up * options.rate || one.event >= options.events()) continue;
    ++received;
    if (lags[window] <= kMostLag) times.push_back(Ms{one.at - pace.due(one.event)}.count());
  }
  std::printf("RECEIVED %zu\n", received);
  if (times.empty()) benchmarks::fail("no warning came in an undisturbed window");
  std::sort(times.begin(), times.end());
  const auto measured = lags.begin() + options.warm_up;
  std::printf("LATENCY p50 %.1f p90 %.1f p99 %.1f p99.9 %.1f ms\n", at(times, 0.5), at(times, 0.9),
              at(times, 0.99), at(times, 0.999));
  std::printf("PROBE %zu warnings, worst own lag %.1f ms, %ld of %ld windows left out\n",
              times.size(), *std::max_element(measured, lags.end()),
              std::count_if(measured, lags.end(), [](double lag) { return lag > kMostLag; }),
              options.seconds);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App cli{"End-to-end time at a fixed rate"};
  cli.add_option("--broker", options.broker, "HOST:PORT")->required();
  cli.add_option("--in", options.in, "topic of events")->required();
  cli.add_option("--out", options.outs, "topics of warnings")->required();
  cli.add_option("--file", options.path, "events, one a line")->required();
  cli.add_option("--rate", options.rate, "events per second")->check(CLI::PositiveNumber);
  cli.add_option("--seconds", options.seconds, "measured")->check(CLI::PositiveNumber);
  cli.add_option("--warm-up", options.warm_up, "seconds before that");
  CLI11_PARSE(cli, argc, argv);

  benchmarks::Lines lines{options.path};
  benchmarks::EventProducer producer{options.broker, options.in, "1"};
  std::vector<std::vector<Seen>> seen(options.outs.size());
  std::atomic<bool> over{false};
  std::vector<std::thread> reading;
  for (std::size_t i = 0; i < options.outs.size(); ++i)
    reading.emplace_back([&, i] {
      benchmarks::Reader reader{options.broker, options.outs[i]};
      while (!over)
        reader.read(50, [&](std::string_view warning) {
          seen[i].push_back({number_of(last_evidence(warning)), Clock::now()});
        });
    });
  const Pace pace{options, Clock::now() + std::chrono::milliseconds{500}};
  const std::vector<double> lags = send(options, pace, lines, producer);
  std::this_thread::sleep_for(kTail);
  over = true;
  for (std::thread& one : reading) one.join();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen.size() > 1) std::printf("TOPIC %s\n", options.outs[i].c_str());
    report(options, pace, lags, seen[i]);
  }
}
