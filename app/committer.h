#pragma once

// Committer: one thread that does one slow thing at a time (a commit to the log, a flush to the
// store) while the worker goes on with the next. Called by the worker.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "streams/result.h"

namespace app {

/// What the job answers; what it throws as an error: a thread ends with a sentence, not the process
/// with a stack.
streams::Result<void> orderly(const std::function<streams::Result<void>()>& job);

class Committer {
 public:
  using Job = std::function<streams::Result<void>()>;
  Committer();
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  bool busy() const;
  /// Not while busy or before the last job's result was taken.
  void start(Job job);
  /// The last job's result, once; nothing while it runs or when there is none. A job that throws
  /// has failed for good.
  std::optional<streams::Result<void>> take();
  /// Waits for it.
  std::optional<streams::Result<void>> wait();

 private:
  void work();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Job job_;
  bool busy_ = false;
  bool stop_ = false;
  std::optional<streams::Result<void>> result_;
  std::thread thread_;
};

}  // namespace app
