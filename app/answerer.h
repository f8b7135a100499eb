#pragma once

// Answerer: a thread that answers requests one after the other, where that takes a disk or a log:
// the server's thread does not wait. Held by those who offer such routes (Photos, FindApi). ask()
// is for any thread.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "connectors/http/message.h"

namespace app {

class Answerer {
 public:
  using Job = std::function<connectors::Response()>;

  /// So many requests may wait; more are answered 503 with `too_many`.
  Answerer(std::size_t most, std::string too_many);
  ~Answerer();  // stops

  void ask(Job job, const connectors::Reply& reply);
  /// After the answer that is being made. Who waits or comes later is answered 503.
  void stop();

 private:
  static connectors::Response answer_of(const Job& job);
  void serve();

  const std::size_t most_;
  const std::string too_many_;
  std::mutex mutex_;  // the next two
  std::deque<std::pair<Job, connectors::Reply>> jobs_;
  bool stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace app
