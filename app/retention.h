#pragma once

// Retention: how long a live city keeps the records of each topic, from its retention.yaml, and the
// thread that drops what is older, once at the start and then every kTrimInterval. Only `run` on
// the wall clock has one: simulate, replay and --until-end play a time of their own and keep all.
// What no commit has consumed and the last block of a partition stay, whatever their age.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "state/embedded_log.h"

namespace app {

inline constexpr std::chrono::minutes kTrimInterval{10};

class Retention {
 public:
  /// The defaults: what a city without a file keeps.
  Retention();
  /// `topic: duration` by line; topics left out keep their default. An error names file and place
  /// of an unknown one, of what is no duration, or of text of complaints kept longer than by their
  /// door.
  static streams::Result<Retention> read(const std::string& text, const std::string& file);

  const std::map<std::string, streams::Duration>& by_topic() const { return kept_; }
  /// Drops what was recorded longer ago; topics that keep the newest record of each key stay whole.
  streams::Result<void> trim(state::EmbeddedLog& log, streams::Time now) const;

 private:
  std::map<std::string, streams::Duration> kept_;
};

class Trimmer {
 public:
  /// `log` outlives it. `clock`: the city's, so that a machine's clock that is wrong drops nothing.
  /// A failure is told on standard error and tried again at the next interval.
  Trimmer(Retention retention, state::EmbeddedLog& log, std::function<streams::Time()> clock);
  ~Trimmer();

 private:
  void work();

  const Retention retention_;
  state::EmbeddedLog& log_;
  const std::function<streams::Time()> clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace app
