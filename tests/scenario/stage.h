#pragma once

// Stage: plays one scenario, a text file, on the whole city of Shanghai over any Log and Store, and
// checks what came out. The same files run in memory, embedded and on a broker. tests/README.md has
// the language.

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "connectors/json/event_decoder.h"
#include "connectors/json/raw_slots.h"
#include "operators/city_loop.h"
#include "streams/epochs.h"
#include "tests/driver/recorded_city.h"
#include "tests/support/source_directory.h"

namespace scenario {

using streams::Duration;
using streams::Time;

inline constexpr std::string_view kStart = "2026-11-22T08:00:00Z";  // a Sunday, 16:00 in Shanghai
inline constexpr int kPartitions = 2;
inline const std::vector<std::string> kOutputs{
    "warnings", "dispatch.orders", "complaints", "matters", "notices", "rejected", "dead.letters"};

inline std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry :
       std::filesystem::directory_iterator{source_directory("/tests/scenario")})
    if (entry.path().extension() == ".txt") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

/// What a scenario expected and did not get.
struct Problem : std::runtime_error {
  using std::runtime_error::runtime_error;
};
inline void need(bool good, const std::string& otherwise) {
  if (!good) throw Problem{otherwise};
}

class Stage {
 public:
  Stage(streams::Log& log, streams::Store& store,
        std::vector<streams::Version> city = recorded::versions_of("shanghai"))
      : log_(log), store_(store), city_(std::move(city)), topology_("city") {
    operators::declare_city(topology_, {"shanghai", connectors::read_raw_slot});
  }

  /// Empty, or the line and what was wrong there.
  std::string play(const std::filesystem::path& file) {
    std::ifstream in{file};
    int number = 0;
    try {
      for (std::string line; std::getline(in, line);) {
        ++number;
        step(line);
      }
      need(expected_ > 0, "it expects nothing");
    } catch (const Problem& problem) {
      return file.filename().string() + " line " + std::to_string(number) + ": " + problem.what();
    }
    return {};
  }

 private:
  struct Said {
    YAML::Node event;
    std::string text;
    bool taken = false;
  };

  void begin(const std::string& time) {
    const auto start = streams::parse_time(time);
    need(start.has_value(), time + " is no time");
    start_ = *start;
    open();
    advance(start_ - std::chrono::hours{1});
    for (const streams::Version& version : city_) activate(version);
  }
  void open() {
    epochs_ = std::make_unique<streams::Epochs>(
        topology_, log_, store_, [] { return std::make_unique<connectors::EventDecoder>(); },
        streams::EpochOptions{
            .city = "shanghai", .doors = city::door_topics(), .partitions = kPartitions});
    const auto restored = epochs_->restore();
    need(restored.ok(), restored ? "" : "it restores: " + restored.error().what);
    need(!epochs_->replay_differed(), "what is run again says the same");
  }
  void commit() {
    const bool third = ++commits_ % 3 == 0;
    const auto marks = log_.commit(epochs_->cut(third ? streams::Epochs::Cut::checkpoint
                                                      : streams::Epochs::Cut::plain));
    need(marks.ok(), "it commits");
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
      need(tick.ok() && tick->has_value(), "there is a next tick");
      need(epochs_->run(**tick).ok(), "it runs");
    }
    commit();
  }

  void step(const std::string& line) {
    std::istringstream words{line};
    std::string word;
    if (!(words >> word) || word.front() == '#') return;
    if (word == "start") {
      need(epochs_ == nullptr, "'start' comes first");
      words >> word;
      begin(word);
      return;
    }
    if (epochs_ == nullptr) begin(std::string{kStart});
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
      need(false, "unknown word '" + word + "': start, let, at, until, crash, expect");
    }
  }
  static Duration offset(const std::string& text) {
    const bool before = text.starts_with("-");
    const auto duration = streams::parse_duration(before ? text.substr(1) : text);
    need(duration.has_value(), text + " is no duration");
    return before ? -*duration : *duration;
  }
  void send(std::istringstream& words) {
    std::string at, door, entity, data;
    words >> at >> door >> entity;
    std::getline(words >> std::ws, data);
    const bool exercise = data.starts_with("exercise ");
    if (exercise) data.erase(0, 9);
    std::string of = at;  // when it happened
    if (data.starts_with("of ")) {
      std::istringstream dated{data};
      dated >> of >> of;
      std::getline(dated >> std::ws, data);
    }
    std::string vouched;
    if (data.starts_with("for ")) {
      vouched = data.substr(4, data.find(' ', 4) - 4);
      data.erase(0, 5 + vouched.size());
    }
    if (const auto name = names_.find(data); name != names_.end()) data = name->second;
    const city::Door* into = nullptr;
    for (const city::Door& one : city::kDoors)
      if (one.topic == door) into = &one;
    need(into != nullptr, "no door " + door);
    const Time time = start_ + offset(at);
    const Time happened = start_ + offset(of);
    std::string bytes = R"({"specversion":"1.0","id":"e)" + std::to_string(++sent_) +
                        R"(","source":"/stage","type":")" + std::string{into->type} +
                        R"(","subject":")" + entity + R"(","time":")" +
                        streams::format_time(happened) +
                        "\"" + (exercise ? R"(,"exercise":true)" : "") +
                        (vouched.empty() ? "" : R"(,"vouchedunits":")" + vouched + "\"") +
                        R"(,"data":)" + data + "}";
    const int partition = streams::partition_of(entity, kPartitions);
    const auto appended = log_.append({{{door, partition}, time, std::move(bytes), entity}}, true);
    need(appended.ok(), "the door takes it");
  }
  void read_outputs(std::istringstream& words) {
    std::string at;
    words >> at;
    advance(start_ + offset(at));
    said_.clear();
    for (const std::string& topic : kOutputs) {
      std::int64_t& next = read_[topic];
      while (true) {
        const auto batch = log_.fetch({topic, 0}, next, 1 << 20);
        need(batch.ok(), topic + " can be read");
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
      need(equals != std::string::npos, word + " is not path=value");
      wanted.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
    for (Said& said : said_[topic]) {
      if (said.taken || !matches(said, subject, wanted)) continue;
      need(!none, "unexpected: " + said.text);
      said.taken = true;
      return;
    }
    if (none) return;
    std::string all;
    for (const Said& said : said_[topic]) all += "\n  " + said.text.substr(0, 1200);
    need(false, "no such record; there are:" + all);
  }
  bool matches(const Said& said, const std::string& subject,
               const std::vector<std::pair<std::string, std::string>>& wanted) const {
    if (subject != "*" && said.event["subject"].as<std::string>("") != subject) return false;
    for (const auto& [path, value] : wanted) {
      if (path == "time") {
        if (said.event["time"].as<std::string>("") != streams::format_time(start_ + offset(value)))
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
  const std::vector<streams::Version> city_;
  Time start_{};
  streams::Topology topology_;
  std::unique_ptr<streams::Epochs> epochs_;
  int commits_ = 0;
  std::map<std::string, std::string> names_;
  std::map<std::string, std::vector<Said>> said_;
  std::map<std::string, std::int64_t> read_;
  int sent_ = 0;
  int expected_ = 0;
};

}  // namespace scenario
