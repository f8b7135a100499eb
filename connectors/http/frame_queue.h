#pragma once

// FrameQueue: what an event stream's reader has not taken yet. Whoever sends puts frames in, from
// any thread; the session takes them out on the server's. A queue that is full ends.

#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace connectors {

class FrameQueue {
 public:
  using Frames = std::shared_ptr<const std::string>;
  enum class Put { good, ended, overflowed };

  Put put(Frames frames, std::size_t most_bytes) {
    const std::lock_guard lock{mutex_};
    if (ended_) return Put::ended;
    bytes_ += frames->size();
    frames_.push_back(std::move(frames));
    if (bytes_ <= most_bytes) return Put::good;
    ended_ = true;
    return Put::overflowed;
  }
  /// The next to be written, until written() of it; null: none, or the queue has ended.
  Frames take() {
    const std::lock_guard lock{mutex_};
    if (ended_ || frames_.empty()) return nullptr;
    Frames next = std::move(frames_.front());
    frames_.pop_front();
    return next;
  }
  void written(std::size_t bytes) {
    const std::lock_guard lock{mutex_};
    bytes_ -= std::min(bytes_, bytes);
  }
  void end() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    frames_.clear();
    bytes_ = 0;
  }
  bool ended() const {
    const std::lock_guard lock{mutex_};
    return ended_;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<Frames> frames_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace connectors
