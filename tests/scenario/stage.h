#pragma once

// Stage: plays one scenario, a text file, on the whole city of Shanghai over any Log and Store, and
// checks what came out. The same files run in memory, embedded and on a broker. tests/README.md has
// the language.

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "connectors/json/event_decoder.h"
#include "operators/city_loop.h"
#include "streams/epochs.h"
#include "tests/driver/recorded_city.h"

namespace scenario {

using streams::Duration;
using streams::Time;

inline const Time kStart = *streams::parse_time("2026-11-22T08:00:00Z");
inline constexpr int kPartitions = 2;
inline const std::vector<std::string> kOutputs{"warnings", "dispatch.orders", "complaints",
                                               "notices",  "rejected",        "dead.letters"};

inline std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry :
       std::filesystem::directory_iterator{WATCHFIRE_SOURCE_DIR "/tests/scenario"})
    if (entry.path().extension() == ".txt") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

class Stage {
 public:
  Stage(streams::Log& log, streams::Store& store) : log_(log), store_(store), topology_("city") {
    operators::declare_city(topology_, {"shanghai", nullptr});
    open();
    advance(kStart - std::chrono::hours{1});
    for (const streams::Version& version : recorded::versions_of("shanghai")) activate(version);
  }

  void play(const std::filesystem::path& file) {
    std::ifstream in{file};
    int number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      SCOPED_TRACE(file.filename().string() + " line " + std::to_string(number));
      step(line);
      if (testing::Test::HasFatalFailure()) return;
    }
    ASSERT_GT(expected_, 0) << file << " expects nothing";
  }

 private:
  struct Said {
    YAML::Node event;
    std::string text;
    bool taken = false;
  };

  void open() {
    epochs_ = std::make_unique<streams::Epochs>(
        topology_, log_, store_, [] { return std::make_unique<connectors::EventDecoder>(); },
        streams::EpochOptions{
            .city = "shanghai", .doors = city::door_topics(), .partitions = kPartitions});
    const auto restored = epochs_->restore();
    ASSERT_TRUE(restored.ok()) << restored.error().what;
  }
  void commit() {
    const auto marks = log_.commit(epochs_->cut());
    ASSERT_TRUE(marks.ok()) << marks.error().what;
    epochs_->confirm(*marks);
  }
  void activate(const streams::Version& version) {
    for (int p = 0; p < kPartitions; ++p)
      epochs_->post(p, streams::version_event(version, epochs_->clock()));
    commit();
  }
  void advance(Time until) {
    while (epochs_->clock() < until) {
      const auto tick = epochs_->next_tick(until);
      ASSERT_TRUE(tick.ok() && tick->has_value());
      const auto ran = epochs_->run(**tick);
      ASSERT_TRUE(ran.ok()) << ran.error().what;
    }
    commit();
  }

  void step(const std::string& line) {
    std::istringstream words{line};
    std::string word;
    if (!(words >> word) || word.front() == '#') return;
    if (word == "let") {
      std::string name;
      words >> name;
      std::getline(words >> std::ws, names_[name]);
    } else if (word == "at") {
      send(words);
    } else if (word == "until") {
      read_outputs(words);
    } else if (word == "crash") {
      open();  // what was committed is what there is
    } else if (word == "expect") {
      expect(words);
    } else {
      FAIL() << "unknown word '" << word << "': let, at, until, crash, expect";
    }
  }
  static Duration offset(const std::string& text) {
    const bool before = text.starts_with("-");
    const auto duration = streams::parse_duration(before ? text.substr(1) : text);
    EXPECT_TRUE(duration) << text << " is no duration";
    return before ? -duration.value_or(Duration{}) : duration.value_or(Duration{});
  }
  void send(std::istringstream& words) {
    std::string at, door, entity, data;
    words >> at >> door >> entity;
    std::getline(words >> std::ws, data);
    const bool exercise = data.starts_with("exercise ");
    if (exercise) data.erase(0, 9);
    if (const auto name = names_.find(data); name != names_.end()) data = name->second;
    const city::Door* into = nullptr;
    for (const city::Door& one : city::kDoors)
      if (one.topic == door) into = &one;
    ASSERT_NE(into, nullptr) << "no door " << door;
    const Time time = kStart + offset(at);
    std::string bytes = R"({"specversion":"1.0","id":"e)" + std::to_string(++sent_) +
                        R"(","source":"/stage","type":")" + std::string{into->type} +
                        R"(","subject":")" + entity + R"(","time":")" + streams::format_time(time) +
                        "\"" + (exercise ? R"(,"exercise":true)" : "") + R"(,"data":)" + data + "}";
    const int partition = streams::partition_of(entity, kPartitions);
    const auto appended = log_.append({{{door, partition}, time, std::move(bytes), entity}}, true);
    ASSERT_TRUE(appended.ok()) << appended.error().what;
  }
  void read_outputs(std::istringstream& words) {
    std::string at;
    words >> at;
    advance(kStart + offset(at));
    said_.clear();
    for (const std::string& topic : kOutputs) {
      std::int64_t& next = read_[topic];
      while (true) {
        const auto batch = log_.fetch({topic, 0}, next, 1 << 20);
        ASSERT_TRUE(batch.ok()) << batch.error().what;
        if (batch->records.empty()) break;
        for (const streams::LogRecord& record : batch->records) {
          std::string text{record.bytes};
          said_[topic].push_back({YAML::Load(text), text});
        }
        next = batch->records.back().offset + 1;
      }
    }
  }
  /// expect [no] TOPIC SUBJECT|* path=value …: in order within a topic since the last `until`.
  void expect(std::istringstream& words) {
    ++expected_;
    std::string topic, subject;
    words >> topic;
    const bool none = topic == "no";
    if (none) words >> topic;
    words >> subject;
    std::vector<std::pair<std::string, std::string>> wanted;
    for (std::string word; words >> word;) {
      const auto equals = word.find('=');
      ASSERT_NE(equals, std::string::npos) << word << " is not path=value";
      wanted.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
    for (Said& said : said_[topic]) {
      if (said.taken || !matches(said, subject, wanted)) continue;
      if (none) {
        FAIL() << "unexpected: " << said.text;
      }
      said.taken = true;
      return;
    }
    if (none) return;
    std::string all;
    for (const Said& said : said_[topic]) all += "\n  " + said.text.substr(0, 1200);
    FAIL() << "no such record; there are:" << all;
  }
  static bool matches(const Said& said, const std::string& subject,
                      const std::vector<std::pair<std::string, std::string>>& wanted) {
    if (subject != "*" && said.event["subject"].as<std::string>("") != subject) return false;
    for (const auto& [path, value] : wanted) {
      if (path == "time") {
        if (said.event["time"].as<std::string>("") != streams::format_time(kStart + offset(value)))
          return false;
        continue;
      }
      YAML::Node node = YAML::Clone(said.event["data"]);
      if (path == "exercise") {
        if (said.event["exercise"].as<std::string>("false") != value) return false;
        continue;
      }
      std::istringstream parts{path};
      for (std::string part; std::getline(parts, part, '.');) {
        if (!node.IsDefined() || node.IsNull()) break;
        if (node.IsSequence())
          node.reset(YAML::Node{node[part == "last" ? node.size() - 1 : std::stoul(part)]});
        else
          node.reset(YAML::Node{node[part]});
      }
      const bool there = node.IsDefined() && !node.IsNull();
      if (value == "null" ? there : !there) return false;
      if (value == "null" || value == "*") continue;
      if (!node.IsScalar() || node.Scalar() != value) return false;
    }
    return true;
  }

  streams::Log& log_;
  streams::Store& store_;
  streams::Topology topology_;
  std::unique_ptr<streams::Epochs> epochs_;
  std::map<std::string, std::string> names_;
  std::map<std::string, std::vector<Said>> said_;
  std::map<std::string, std::int64_t> read_;
  int sent_ = 0;
  int expected_ = 0;
};

}  // namespace scenario
