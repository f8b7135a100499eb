// simulate: a seeded city and its crews in lockstep with the engine, on virtual time.

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "app/commands.h"
#include "app/files.h"
#include "app/home.h"
#include "app/live.h"
#include "connectors/simulate/lockstep.h"

namespace app {

using streams::Error;
using streams::Result;
using streams::Time;

namespace {

constexpr Time kDefaultStart = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                               std::chrono::hours{16};  // midnight in Shanghai

/// A directory of its own that is gone afterwards.
class Scratch {
 public:
  Scratch() {
    std::string form = (std::filesystem::temp_directory_path() / "watchfire-XXXXXX").string();
    if (mkdtemp(form.data()) != nullptr) path_ = form;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<Time> start_of(const SimulateOptions& options) {
  if (options.start.empty()) return kDefaultStart;
  if (options.start == "now") return wall_clock();
  if (const std::optional<Time> time = streams::parse_time(options.start)) return *time;
  return Error{Error::Kind::usage,
               "--start is `now` or a time such as 2026-11-22T00:00:00+08:00, "
               "not '" +
                   options.start + "'"};
}

simulate::CitySize size_of(const SimulateOptions& options) {
  simulate::CitySize size = simulate::CitySize::of(options.elevators);
  size.kitchens = options.kitchens.value_or(size.kitchens);
  size.calls_a_day = options.calls.value_or(size.calls_a_day);
  if (options.street_cameras) {
    size.street_cameras = *options.street_cameras;
    size.shops = simulate::CitySize::shops_under(*options.street_cameras);
  }
  return size;
}

Result<void> must_be_new(const std::string& data) {
  std::error_code missing;
  if (std::filesystem::exists(data + "/state", missing))
    return Error{Error::Kind::usage,
                 data + " holds a city already: simulate wants a directory of its own"};
  return {};
}

class Simulation {
 public:
  Simulation(const SimulateOptions& options, RunningCity& running, simulate::City& city)
      : options_(options), running_(running), crews_({options.seed, simulate::crew_table()}, city) {
    if (!options.out.empty()) out_.open(options.out, std::ios::binary | std::ios::trunc);
  }
  bool can_write() const { return options_.out.empty() || out_.good(); }

  Result<void> run(simulate::City& city, Live* live) {
    simulate::LockstepPorts ports;
    ports.append = [this](std::vector<simulate::Arrival> arrivals) { return append(arrivals); };
    ports.next_tick = [this](std::optional<Time> next) {
      return running_.engine().next_tick(next);
    };
    ports.run_epoch = [this, live](Time tick, const std::function<void(simulate::Seen)>& see) {
      return run_epoch(tick, see, live);
    };
    ports.progress = [](const simulate::Progress& progress) {
      fmt::print(stderr, "\r{}  {} events, {} answers ", streams::format_time(progress.now),
                 progress.events, progress.feedback);
    };
    simulate::Lockstep lockstep{city, options_.feedback ? &crews_ : nullptr, std::move(ports)};
    if (Result<void> ran = lockstep.run(); !ran && !stopped_) return ran;
    fmt::print(stderr, "\n");
    return running_.engine().settle();
  }

  void print(const simulate::City& city) const {
    for (const auto& count : city.counts())
      fmt::print("  city {:<35} {}\n", count.what, count.events);
    if (!options_.feedback) return;
    fmt::print("{}", crews_.tally().report());
    for (const std::string& row : crews_.tally().missing())
      fmt::print("  never occurred: {}\n", row);
  }

 private:
  Result<void> append(const std::vector<simulate::Arrival>& arrivals) {
    std::vector<streams::Append> records;
    records.reserve(arrivals.size());
    for (const simulate::Arrival& arrival : arrivals) {
      if (out_.is_open()) out_ << arrival.bytes << '\n';
      records.push_back(streams::Append{
          {arrival.topic, streams::partition_of(arrival.subject, running_.partitions())},
          arrival.recorded,
          arrival.bytes,
          {}});
    }
    if (!can_write())
      return Error{Error::Kind::fatal, "can't write " + options_.out + ": is the disk full?"};
    return running_.engine().log().append(std::move(records), false);
  }

  Result<void> run_epoch(Time tick, const std::function<void(simulate::Seen)>& see, Live* live) {
    if (live != nullptr) live->pace(tick);
    if (Live::stop_asked()) {
      stopped_ = true;
      return Error{Error::Kind::retry, "stopped"};
    }
    if (Result<void> ran = running_.engine().run(tick); !ran) return ran;
    for (const streams::Output& output : running_.engine().epochs().last_outputs())
      see({*output.topic, output.bytes});
    running_.serve();
    return live == nullptr ? Result<void>{} : live->after_epoch();
  }

  const SimulateOptions& options_;
  RunningCity& running_;
  simulate::Crews crews_;
  std::ofstream out_;
  bool stopped_ = false;  // by a signal: what there is is settled
};

}  // namespace

int simulate(const SimulateOptions& given) {
  SimulateOptions options = given;
  if (options.out.empty() && options.engine.data.empty())
    return report({Error::Kind::usage, "simulate needs --data DIR, or --out FILE, or both"});
  std::optional<Scratch> scratch;
  if (options.engine.data.empty()) options.engine.data = scratch.emplace().path();
  if (Result<void> fresh = must_be_new(options.engine.data); !fresh) return report(fresh.error());
  const Result<Time> start = start_of(options);
  if (!start) return report(start.error());
  Result<std::unique_ptr<RunningCity>> opened = RunningCity::open(options.engine);
  if (!opened) return report(opened.error());
  RunningCity& running = **opened;
  Result<std::string> csv = read_file(running.files().directory + "/districts.csv");
  if (!csv) return report(csv.error());
  Result<std::vector<simulate::District>> districts = simulate::parse_districts(*csv);
  if (!districts) return report(districts.error());
  simulate::CityOptions city_options;
  city_options.seed = options.seed;
  city_options.start = *start;
  city_options.hours = static_cast<int>(std::max(1.0, options.hours));
  city_options.elevators = options.elevators;
  city_options.size = size_of(options);
  city_options.districts = *districts;
  simulate::City city{city_options};
  Simulation simulation{options, running, city};
  if (!simulation.can_write()) return report({Error::Kind::usage, "can't write " + options.out});
  std::unique_ptr<Live> live;
  Live::watch_signals();
  if (!options.engine.http.empty() || options.speed > 0) {
    Result<std::unique_ptr<Live>> started =
        Live::start(running, options.engine, {.speed = options.speed, .virtual_clock = true});
    if (!started) return report(started.error());
    live = std::move(*started);
  }
  if (Result<void> ran = simulation.run(city, live.get()); !ran) return report(ran.error());
  running.print_summary();
  simulation.print(city);
  return 0;
}

}  // namespace app
