#pragma once

// Appender: an idempotent producer without transactions: what comes in from outside (HTTP door,
// replay, forwarded doors, ticks). What it says is appended is on the broker, on all replicas in
// sync. Threads may share it.

#include <mutex>

#include "connectors/kafka/connection.h"
#include "streams/log.h"

namespace connectors::kafka {

struct AppenderOptions {
  std::map<std::string, int> partitions;      // of the topics that are written by key
  std::chrono::milliseconds timeout{30'000};  // then an append has failed
};

class Appender {
 public:
  static streams::Result<std::unique_ptr<Appender>> open(const Connection& connection,
                                                         const AppenderOptions& options);
  ~Appender();
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  /// All of them, in order within a partition; returns when the broker has them. An error of kind
  /// retry: some may be there; appending them again may double them.
  streams::Result<void> append(const std::vector<streams::Append>& records);

 private:
  Appender(const Connection& connection, const AppenderOptions& options)
      : connection_(connection), options_(options) {}
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*);
  streams::Result<rd_kafka_topic_t*> topic(const std::string& name);
  int partition_of(const streams::Append& record) const;

  const Connection connection_;
  const AppenderOptions options_;
  std::mutex mutex_;
  rd_kafka_t* producer_ = nullptr;
  std::map<std::string, Topic> topics_;
};

}  // namespace connectors::kafka
