#pragma once

// Pool: the threads that run the tasks of one epoch side by side. run() is called by the worker
// thread, which takes part; it returns when all work is done.

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace app {

class Pool {
 public:
  /// `threads` in all, the caller's included.
  explicit Pool(int threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void run(int count, const std::function<void(int)>& work);

 private:
  void help();
  void take_part();

  const std::function<void(int)>* work_ = nullptr;
  std::atomic<int> count_ = 0;
  std::atomic<int> next_ = 0;
  std::atomic<int> helping_ = 0;  // helpers that have not yet finished this round
  std::atomic<std::uint32_t> round_ = 0;
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> helpers_;
};

}  // namespace app
