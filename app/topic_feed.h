#pragma once

// TopicFeed: how another system follows what the city decides, over HTTP: GET
// /v1/topics/TOPIC?from=CURSOR gives the records of an output topic from there on, one CloudEvent a
// line, and names the next cursor in a header. Where nothing is there yet the answer waits for it.
// Requests are taken on the server's thread; one thread of its own reads the log.

#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "connectors/http/server.h"
#include "streams/log.h"

namespace app {

/// Every topic that the city writes for others; what comes in through doors is not among them.
const std::vector<std::string>& output_topics();

class TopicFeed {
 public:
  struct Options {
    int partitions = 1;  // of every output topic
    std::size_t answer_bytes = 1 << 20;
    std::size_t waiting = 64;  // requests; more are answered 503
    std::chrono::milliseconds wait{20'000};
    std::chrono::milliseconds look_interval{100};
  };
  /// `log` outlives it; nobody else reads through it.
  TopicFeed(streams::Reader& log, Options options);
  ~TopicFeed();  // stops

  void add_routes(connectors::Server& server);
  /// Answers those who wait; who comes later is answered 503.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Asked {
    std::string topic;
    std::vector<std::int64_t> next;  // by partition
    streams::Time since{};           // what was recorded before is passed over
    Clock::time_point until{};
    connectors::Reply reply;
    bool masked = false;  // the caller is not to see all of each record
  };
  void take(const connectors::Request& request, const connectors::Reply& reply);
  std::string read_from(std::string_view from, Asked& asked) const;
  void serve();
  /// False: nothing is there yet, and there is time to wait.
  bool answer(Asked& asked, bool last);

  streams::Reader& log_;
  const Options options_;
  std::mutex mutex_;  // the next three
  std::list<Asked> asked_;
  std::size_t held_ = 0;  // not answered yet
  bool stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace app
