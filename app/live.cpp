#include "app/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "app/city_files.h"
#include "app/figures.h"
#include "app/log_identity.h"
#include "operators/city/topics.h"

namespace app {

using streams::Result;
using streams::Time;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kLookInterval{500};
/// Behind by more than this, a waiting door no longer holds the clock back.
constexpr streams::Duration kMostHeld = std::chrono::seconds{5};

volatile std::sig_atomic_t stop_signal = 0;

Result<TracePorts::Extent> extent_of(const state::EmbeddedLog& log,
                                     const streams::Partition& place) {
  for (const auto& topic : log.topics())
    for (const auto& partition : topic.partitions)
      if (topic.name == place.topic && partition.number == place.number)
        return TracePorts::Extent{partition.first, partition.end};
  return TracePorts::Extent{};
}

}  // namespace

Time wall_clock() {
  return std::chrono::floor<streams::Duration>(std::chrono::system_clock::now());
}

bool Live::stop_asked() {
  return stop_signal != 0;
}

void Live::watch_signals() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stop_signal = 1; });
}

Live::Live(RunningCity& city, const LiveOptions& options)
    : city_(city), options_(options), clock_health_(city.clock()), begun_(Steady::now()) {
  tick_ = city.engine().epochs().clock().time_since_epoch().count();
}

Live::~Live() = default;

Result<std::unique_ptr<Live>> Live::start(RunningCity& city, const RunOptions& options,
                                          const LiveOptions& live_options) {
  std::unique_ptr<Live> live{new Live{city, live_options}};
  watch_signals();
  if (!options.http.empty())
    if (Result<void> opened = live->open_doors(options); !opened) return opened.error();
  return live;
}

FrontPorts Live::ports() {
  state::EmbeddedLog& log = city_.engine().log();
  FrontPorts ports{
      log,
      log,
      TracePorts{log, [&log](const streams::Partition& place) { return extent_of(log, place); }},
      [&log](std::vector<streams::Append> records) { return log.append(std::move(records), true); },
      [this] { return door_clock(); },
      [this] { return health(); },
      [this] {
        const std::lock_guard lock{mutex_};
        return view_.metrics;
      },
      [this] {
        const std::lock_guard lock{mutex_};
        return view_.versions;
      },
      [this] { return city_.clock().status().monotonic; }};
  if (options_.virtual_clock) return ports;
  ports.ahead = [this](std::size_t records) {
    const Backlog& backlog = city_.backlog();
    return backlog.ahead(city_.clock().status().monotonic) +
           static_cast<double>(records) * backlog.cost();
  };
  ports.added = [this](std::size_t records) { city_.backlog().add(records); };
  ports.clock_ahead = [this](Time stated) { return city_.clock().ahead(stated); };
  return ports;
}

Result<void> Live::open_doors(const RunOptions& options) {
  Result<FrontOptions> front_options = app::front_options(options, city_.files());
  if (!front_options) return front_options.error();
  Result<std::string> identity = log_identity(options.data);
  if (!identity) return identity.error();
  look();
  // With those that the first epoch makes active: the door asks them what is life from now on.
  Result<std::vector<streams::Version>> versions = city_.engine().versions();
  if (!versions) return versions.error();
  view_.versions = std::move(*versions);
  front_options->log_identity = std::move(*identity);
  front_options->partitions = city_.partitions();
  Result<std::unique_ptr<Front>> front = Front::open(ports(), *front_options);
  if (!front) return front.error();
  front_ = std::move(*front);
  return {};
}

/// A live city's events are recorded by the clock that its ticks are of; a simulated one's just
/// behind its last tick, so that a replay reads them in the same epoch.
Time Live::door_clock() const {
  if (!options_.virtual_clock) return city_.clock().now();
  return tick() + streams::Duration{1};
}

void Live::pace(Time tick) {
  if (options_.speed <= 0) return;
  if (first_tick_ == Time{}) {
    first_tick_ = tick;
    begun_ = Steady::now();
  }
  const auto city = std::chrono::duration<double>(tick - first_tick_) / options_.speed;
  const auto until = begun_ + std::chrono::duration_cast<Steady::duration>(city);
  while (!stop_asked() && Steady::now() < until) {  // a signal does not wait for the city's night
    std::this_thread::sleep_until(std::min(until, Steady::now() + std::chrono::milliseconds{200}));
    city_.serve();
  }
}

Time Live::safe_tick(Time wanted) const {
  if (!front_) return wanted;
  const std::optional<Time> waiting = front_->oldest_waiting();
  if (!waiting || *waiting > wanted) return wanted;
  return std::max(*waiting - streams::kTickInterval, wanted - kMostHeld);
}

Result<void> Live::after_epoch() {
  tick_ = city_.engine().epochs().clock().time_since_epoch().count();
  if (Steady::now() - looked_ > kLookInterval) look();
  return {};
}

void Live::look() {
  looked_ = Steady::now();
  View view;
  view.health.city = city_.files().name;
  view.health.clock = city_.engine().epochs().clock();
  view.health.speed = options_.speed;
  view.health.simulated = options_.virtual_clock;
  add_sources(view.health);
  Figures figures;
  figures.commits = city_.engine().counts().commits;
  figures.unflushed_bytes = city_.engine().epochs().unflushed_bytes();
  const auto& tasks = city_.engine().epochs().tasks();
  for (std::size_t p = 0; p < tasks.size(); ++p) figures.add(*tasks[p], static_cast<int>(p));
  figures.fill(view.health);
  if (!options_.virtual_clock) clock_health_.tell(view.health.clock, view.health);
  view.metrics = figures.metrics(view.health);
  view.versions = tasks.front()->versions();
  const std::lock_guard lock{mutex_};
  view_ = std::move(view);
}

Health Live::health() {
  Health health;
  {
    const std::lock_guard lock{mutex_};
    health = view_.health;
  }
  health.clock = tick();
  if (!options_.virtual_clock) clock_health_.tell(health.clock, health);
  return health;
}

void Live::add_sources(Health& health) const {
  for (const auto& topic : city_.engine().log().topics()) {
    if (std::none_of(city::kDoors.begin(), city::kDoors.end(),
                     [&](const city::Door& door) { return door.topic == topic.name; }))
      continue;
    std::optional<Time> last_seen;
    for (const auto& partition : topic.partitions)
      if (partition.end > partition.first)
        last_seen = std::max(last_seen.value_or(Time{}), partition.last_recorded);
    health.sources.push_back(source_health(topic.name, last_seen, health.clock));
  }
}

}  // namespace app
