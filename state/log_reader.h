#pragma once

// LogReader: the log of a directory as it stood at one moment, for `tail` and `topics` beside a
// running process or without one. It writes nothing. The running process may remove a file that
// this moment still names: then the reader moves on to a newer moment by itself. One thread.

#include <memory>
#include <string>

#include "state/embedded_log.h"

namespace state {

class LogReader {
 public:
  static streams::Result<LogReader> open(const std::string& directory);

  /// As EmbeddedLog::fetch; the batch may outlive the reader.
  streams::Result<streams::Batch> fetch(const streams::Partition& partition, std::int64_t offset,
                                        std::size_t limit_bytes);
  /// Moves on to what the running process has written since: for following a topic.
  streams::Result<void> refresh();

  /// The rest of what can be read, of the same moment.
  EmbeddedLog& log() { return *moment_->log; }

 private:
  struct Moment {
    Moment(std::unique_ptr<Database> opened, std::unique_ptr<EmbeddedLog> read)
        : database(std::move(opened)), log(std::move(read)) {}
    std::unique_ptr<Database> database;
    std::unique_ptr<EmbeddedLog> log;
  };
  explicit LogReader(std::string directory) : directory_(std::move(directory)) {}

  std::string directory_;
  std::shared_ptr<Moment> moment_;  // a batch keeps its own
};

}  // namespace state
