#include "app/home.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/files.h"
#include "connectors/json/raw_slots.h"
#include "operators/city_loop.h"
#include "operators/yaml/document.h"
#include "operators/yaml/mapping.h"

namespace app {

using streams::Error;
using streams::Result;

namespace {

constexpr int kMaxPartitions = 1024;

std::string home_path(const std::string& data) {
  return data + "/watchfire.yaml";
}

/// The city's directory is kept relative to nothing: a data directory may be used from anywhere.
Result<Home> home_for(const RunOptions& options) {
  Result<std::optional<Home>> kept = Home::read(options.data);
  if (!kept) return kept.error();
  if (!*kept && options.city.empty() && std::filesystem::exists(options.data + "/state/CURRENT"))
    return Error{Error::Kind::usage,
                 home_path(options.data) +
                     " is missing or empty, and with it which city's this directory is: say it "
                     "with --city, and the file is written anew (the records are not touched)"};
  Home home = kept->value_or(Home{});
  if (options.partitions) home.partitions = options.partitions;
  if (!options.city.empty()) home.city = options.city;
  if (home.city.empty()) home.city = default_city_directory();
  home.city = std::filesystem::absolute(home.city).lexically_normal().string();
  return home;
}

}  // namespace

Result<std::optional<Home>> Home::read(const std::string& data) {
  if (!std::filesystem::exists(home_path(data))) return std::optional<Home>{};
  Result<std::string> text = read_file(home_path(data));
  if (!text) return text.error();
  if (text->find_first_not_of(" \t\r\n") == std::string::npos) return std::optional<Home>{};
  yaml::Problems problems{home_path(data)};
  const yaml::Document document = yaml::Document::read(*text, problems);
  Home home;
  if (document.root() != nullptr) {
    yaml::Mapping map{*document.root(), "a data directory's file", problems};
    home.city = map.text("city");
    if (const auto partitions = map.number("partitions", 1, kMaxPartitions))
      home.partitions = static_cast<int>(*partitions);
    map.members("versions", [&](const yaml::Node& name, const yaml::Node& hash) {
      home.versions[name.text] = yaml::read_text(hash, problems).value_or("");
    });
  }
  if (problems.all.empty()) return std::optional{std::move(home)};
  return yaml::refusal(std::move(problems.all));
}

Result<void> Home::write(const std::string& data) const {
  if (Result<void> made = make_private_directory(data); !made) return made;
  std::string text = "city: " + city + "\n";
  if (partitions) text += "partitions: " + std::to_string(*partitions) + "\n";
  if (!versions.empty()) text += "versions:\n";
  for (const auto& [name, hash] : versions) text += "  " + name + ": '" + hash + "'\n";
  return write_file(home_path(data), text);
}

Result<std::unique_ptr<RunningCity>> RunningCity::open(const RunOptions& options,
                                                       ClockSource clock) {
  const std::optional<std::size_t> memory = parse_bytes(options.memory);
  if (!memory || *memory < (64u << 20))
    return Error{Error::Kind::usage,
                 "--memory is a size of at least 64MiB, such as 512MiB or 2GiB, not '" +
                     options.memory + "'"};
  Result<Home> home = home_for(options);
  if (!home) return home.error();
  Result<CityFiles> files = read_city(home->city);
  if (!files) return files.error();
  std::unique_ptr<RunningCity> city{new RunningCity{std::move(clock)}};
  city->home_ = *home;
  city->files_ = std::move(*files);
  operators::declare_city(city->topology_, {city->files_.name, connectors::read_raw_slot});
  if (Result<void> made = make_private_directory(options.data); !made) return made.error();
  EngineOptions engine;
  engine.data = options.data;
  engine.threads = options.threads;
  engine.partitions = home->partitions;
  engine.commit = std::chrono::milliseconds{options.commit_ms};
  engine.memory_bytes = *memory;
  Result<std::unique_ptr<Engine>> opened = Engine::open(engine, city->topology_, city->files_.name);
  if (!opened) return opened.error();
  city->engine_ = std::move(*opened);
  city->home_.partitions = city->engine_->partitions();
  if (Result<void> written = city->home_.write(options.data); !written) return written.error();
  if (Result<void> taken = city->take_in_files(options.data); !taken) return taken.error();
  Result<std::unique_ptr<LocalSocket>> socket =
      LocalSocket::open(options.data, *city->engine_, city->files_.name, city->clock_);
  if (!socket) return socket.error();
  city->socket_ = std::move(*socket);
  return city;
}

Result<void> RunningCity::take_in_files(const std::string& data) {
  std::vector<streams::Version> changed;
  for (const streams::Version& version : files_.versions) {
    std::string& taken = home_.versions[version.name];
    if (taken != version.hash) changed.push_back(version);
    taken = version.hash;
  }
  if (changed.empty()) return {};
  if (Result<void> active = engine_->activate(changed); !active) return active;
  return home_.write(data);
}

void RunningCity::print_summary() const {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& task : engine_->epochs().tasks()) {
    counts["events"] += task->counts().events;
    counts["letters"] += task->counts().letters;
    counts["timers"] += task->counts().timers;
    counts["dead letters"] += task->counts().dead;
    counts["clamped clocks"] += task->counts().clamped;
    for (const auto& counter : task->graph().counters()) counts[counter.name] += *counter.value;
  }
  fmt::print("city {} at {}\n", files_.name, streams::format_time(engine_->epochs().clock()));
  for (const auto& [name, count] : counts) fmt::print("  {:<40} {}\n", name, count);
  for (const auto& topic : engine_->log().topics()) {
    std::int64_t records = 0;
    for (const auto& partition : topic.partitions) records += partition.end - partition.first;
    fmt::print("  topic {:<34} {}\n", topic.name, records);
  }
}

}  // namespace app
