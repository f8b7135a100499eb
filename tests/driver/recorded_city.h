#pragma once

// A city made of recorded data for tests: its folder under deploy/city, its files in the shared
// datasets (WATCHFIRE_SHARED, else ../shared beside the project), and Detect alone on the test
// driver, whose conclusions are read as plain records.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "connectors/json/event_decoder.h"
#include "connectors/json/raw_slots.h"
#include "connectors/replay/file_source.h"
#include "operators/city/topics.h"
#include "operators/see/detect.h"
#include "streams/test_driver.h"
#include "tests/support/source_directory.h"

namespace recorded {

using streams::field;

/// What a rule concluded, without evidence.
struct Said {
  static constexpr std::string_view kType = "test.said.v1";
  std::string id;
  int revision = 1;
  std::string what, rule;
  std::string at;
  static constexpr auto fields() {
    return std::tuple{field("what", &Said::what), field("rule", &Said::rule),
                      field("at", &Said::at)};
  }
};

class Say : public streams::Operator<Said(city::Conclusion)> {
 public:
  void process(const streams::Record<city::Conclusion>& in, streams::Emit<Said>& out) override {
    Said said;
    said.what = in.value.permit ? "permitted" : std::string{streams::name_of(in.value.what)};
    said.rule = in.value.rule;
    said.at = streams::format_time(in.time());
    said.id = streams::make_id("", {in.key(), said.what, said.rule, said.at});
    out(said);
  }
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline std::filesystem::path city_folder(const std::string& name) {
  return std::filesystem::path{source_directory()} / "deploy/city" / name;
}

/// Empty when the data is not there.
inline std::filesystem::path datasets() {
  const char* shared = std::getenv("WATCHFIRE_SHARED");
  const std::filesystem::path root =
      shared != nullptr ? std::filesystem::path{shared}
                        : std::filesystem::path{source_directory()}.parent_path() / "shared";
  return std::filesystem::exists(root / "datasets") ? root / "datasets" : std::filesystem::path{};
}

inline std::unique_ptr<connectors::CsvAdapter> adapter_of(const std::string& city) {
  const std::filesystem::path file = city_folder(city) / "adapter.yaml";
  auto adapter = connectors::CsvAdapter::read(read_file(file), file.string());
  EXPECT_TRUE(adapter.ok()) << adapter.error().what;
  return adapter.ok() ? std::move(*adapter) : nullptr;
}

/// All rule packs of a city, by their versions' names.
inline std::vector<streams::Version> packs_of(const std::string& city) {
  std::vector<streams::Version> packs;
  for (const auto& entry : std::filesystem::directory_iterator{city_folder(city) / "rules"})
    packs.push_back({"rules/" + entry.path().stem().string(), "00000000", read_file(entry.path())});
  return packs;
}

/// Its packs and everything else that a city's folder makes active.
inline std::vector<streams::Version> versions_of(const std::string& city) {
  std::vector<streams::Version> versions = packs_of(city);
  for (const std::string name : {"duty", "calendar", "gazetteer", "hotline", "law", "parents"})
    if (const auto file = city_folder(city) / (name + ".yaml"); std::filesystem::exists(file))
      versions.push_back({name, "0badf00d", read_file(file)});
  return versions;
}

class DetectAlone {
 public:
  explicit DetectAlone(const std::string& city, int partitions = 4)
      : topology_(declared(city)),
        driver_(*topology_, [] { return std::make_unique<connectors::EventDecoder>(); },
                {.city = city, .doors = city::door_topics(), .partitions = partitions}) {
    for (const streams::Version& pack : packs_of(city)) driver_.activate(pack);
  }
  streams::TestDriver& driver() { return driver_; }

 private:
  static std::unique_ptr<streams::Topology> declared(const std::string& city) {
    auto topology = std::make_unique<streams::Topology>(city);
    std::vector<std::string> types;
    for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
    topology
        ->apply<Say>("say", topology->apply<see::Detect>(
                                "detect", with(topology->events(types), topology->versions()),
                                see::DetectOptions{connectors::read_raw_slot}))
        .to(streams::Topic<Said>{"said"});
    return topology;
  }

  std::unique_ptr<streams::Topology> topology_;
  streams::TestDriver driver_;
};

/// The text of a member of a flat JSON record.
inline std::string member(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const std::size_t at = json.rfind(key);
  if (at == std::string::npos) return {};
  return json.substr(at + key.size(), json.find('"', at + key.size()) - at - key.size());
}

}  // namespace recorded
