#pragma once

// Retry: dead letters go through their doors once more. Each is put back as it came, and in the
// same append a second revision of its dead letter says so: after a kill both are there or neither.
// What was put back once is not put back again, also when it was buried anew; the worker thread
// runs the engine between begin() and outcome().

#include <map>
#include <set>
#include <string>

#include "app/dead_letter.h"
#include "app/engine.h"

namespace app {

class Retry {
 public:
  /// `again`: also what was put back before, such as after a new program was installed.
  Retry(Engine& engine, std::string city, bool again)
      : engine_(engine), city_(std::move(city)), again_(again) {}

  /// Appends them to their doors, recorded at `now`.
  streams::Result<void> begin(streams::Time now);
  /// Whether the city's clock has come past all of them.
  bool processed() const { return engine_.epochs().clock() >= until_; }
  /// How many were put back, how many of them were accepted, and what could not be; for people.
  streams::Result<std::string> outcome();

 private:
  struct Content {
    std::string topic;
    int partition;
    std::string bytes;
    auto operator<=>(const Content&) const = default;
  };
  static Content content_of(const DeadLetter& letter) {
    return {letter.topic, letter.partition, letter.bytes};
  }
  streams::Result<void> put_back(std::vector<DeadLetter> letters, streams::Time now);

  Engine& engine_;
  std::string city_;
  bool again_;
  std::set<Content> put_back_;
  std::map<std::string, int> left_;  // sentence, how often
  std::int64_t next_ = 0;            // of `dead.letters`: behind what begin() saw
  streams::Time until_{};
};

}  // namespace app
