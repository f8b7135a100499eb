#pragma once

// TopicFeed: how another system follows what the city decides, over HTTP: GET
// /v1/topics/TOPIC?from=CURSOR gives the records of an output topic from there on, one CloudEvent a
// line, and names the next cursor in a header. Where nothing is there yet the answer waits for it.
// A cursor knows its log: one of another log, or of records that are not there, is answered 410.
// Requests are taken on the server's thread; one thread of its own reads the log.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
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
  struct Extent {
    std::int64_t first = 0, end = 0;  // offsets
  };
  struct Ports {
    streams::Reader& log;  // nobody else reads through it
    std::function<streams::Result<Extent>(const streams::Partition&)> extent;
  };
  struct Options {
    std::string log_identity{};  // of this log, for ever
    int partitions = 1;          // of every output topic
    std::size_t answer_bytes = 1 << 20;
    std::size_t waiting = 64;  // requests; more are answered 503
    std::chrono::milliseconds wait{20'000};
    std::chrono::milliseconds look_interval{100};
  };
  TopicFeed(Ports ports, Options options);
  ~TopicFeed();  // stops

  void add_routes(connectors::Server& server);
  /// Answers those who wait; who comes later is answered 503.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  using Place = std::shared_ptr<const std::atomic<bool>>;  // among those who wait: whether it left
  struct Asked {
    std::string topic;
    bool begun = false;              // `next` was looked at: it lies within the log
    bool from_cursor = false;        // else from the first record kept
    std::vector<std::int64_t> next;  // by partition
    streams::Time since{};           // what was recorded before is passed over
    Clock::time_point until{};
    connectors::Reply reply;
    bool masked = false;  // the caller is not to see all of each record
    Place place;
  };
  void take(const connectors::Request& request, const connectors::Reply& reply);
  std::optional<connectors::Response> read_from(std::string_view from, Asked& asked) const;
  std::string identity_of(std::string_view topic) const;
  std::string cursor_of(const Asked& asked) const;
  connectors::Response gone(const Asked& asked, std::string_view why) const;
  bool begin(Asked& asked);
  void serve();
  /// False: nothing is there yet, and there is time to wait.
  bool answer(Asked& asked, bool last);

  const Ports ports_;
  const Options options_;
  std::mutex mutex_;  // the next three
  std::list<Asked> asked_;
  std::vector<Place> places_;  // of those not answered yet
  bool stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace app
