#pragma once

// Pool: the threads that run the tasks of one epoch side by side. run() is called by the worker
// thread, which takes part; it returns when all work is done. A helper that the system wakes late
// holds up nobody: what it did not take, others have done.

#include <atomic>
#include <cstdint>
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

  // One number says which round it is, how many items it has and which is next, so an item is taken
  // only in its own round; run() changes the work only when every item of the round is done.
  const std::function<void(int)>* work_ = nullptr;
  std::atomic<std::uint64_t> ticket_ = 0;  // round << 32 | count << 16 | next item
  std::atomic<std::uint32_t> done_ = 0;    // items of this round
  std::atomic<std::uint32_t> round_ = 0;   // what helpers wait for
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> helpers_;
};

}  // namespace app
