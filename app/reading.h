#pragma once

// Reading a data directory that another process may be writing: topics and their records, in order.
// Used by topics, tail, dead-letters and rules explain. One thread.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "state/log_reader.h"

namespace app {

class Reading {
 public:
  static streams::Result<Reading> open(const std::string& data);

  std::vector<state::EmbeddedLog::TopicSummary> topics() const { return reader_->log().topics(); }
  streams::Result<streams::Batch> fetch(const streams::Partition& partition, std::int64_t offset,
                                        std::size_t limit_bytes) const {
    return reader_->fetch(partition, offset, limit_bytes);
  }
  /// Moves on to what has been written since.
  streams::Result<void> refresh() { return reader_->refresh(); }
  /// An error of kind usage that names the topics there are.
  streams::Result<void> must_have(const std::string& topic) const;

  /// Every record recorded at `from` or later, in (recorded time, partition, offset) order, until
  /// `visit` returns false. Of a topic that keeps only the newest record of each key: those.
  using Visit = std::function<bool(const streams::Partition&, const streams::LogRecord&)>;
  streams::Result<void> each(const std::string& topic, streams::Time from,
                             const Visit& visit) const;

 private:
  std::string data_;
  std::unique_ptr<state::LogReader> reader_;
};

}  // namespace app
