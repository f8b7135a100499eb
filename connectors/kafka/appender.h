#pragma once

// Appender: an idempotent producer without transactions: what comes in from outside (HTTP door,
// replay, forwarded doors, ticks). What it says has arrived is on the broker, on all replicas in
// sync. A client of the library that has had a fatal error never sends again: what it had under way
// has failed, and the next records get a new one. Threads may share it.

#include <atomic>
#include <deque>
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

  /// Records under way.
  class Sent {
   public:
    bool over() const { return waiting_ == 0; }
    /// Once over. An error of kind retry: some may be there; sending them again may double them.
    streams::Result<void> result() const;

   private:
    friend class Appender;
    std::vector<streams::Append> records_;  // the library does not copy them
    std::atomic<std::size_t> waiting_{0};
    std::atomic<rd_kafka_resp_err_t> failure_{RD_KAFKA_RESP_ERR_NO_ERROR};
  };

  /// Hands them over, in order within a partition, behind what was sent before; does not wait but
  /// for room.
  std::shared_ptr<const Sent> send(std::vector<streams::Append> records);
  /// Takes note of what has arrived; waits up to `wait` for something to.
  void poll(std::chrono::milliseconds wait);
  /// Sends them and waits until the broker has them.
  streams::Result<void> append(std::vector<streams::Append> records);

 private:
  Appender(const Connection& connection, const AppenderOptions& options)
      : connection_(connection), options_(options) {}
  streams::Result<void> start();
  void stop(rd_kafka_resp_err_t why);
  rd_kafka_resp_err_t fatal_error() const;
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*);
  rd_kafka_resp_err_t produce(const streams::Append& record, Sent& sent);
  streams::Result<rd_kafka_topic_t*> topic(const std::string& name);
  int partition_of(const streams::Append& record) const;

  const Connection connection_;
  const AppenderOptions options_;
  std::mutex mutex_;
  rd_kafka_t* producer_ = nullptr;
  std::map<std::string, Topic> topics_;
  std::deque<std::shared_ptr<Sent>> under_way_;  // the library points to them
};

}  // namespace connectors::kafka
