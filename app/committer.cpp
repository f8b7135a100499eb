#include "app/committer.h"

#include <utility>

namespace app {

streams::Result<void> orderly(const std::function<streams::Result<void>()>& job) {
  try {
    return job();
  } catch (const std::exception& e) {
    return streams::Error{streams::Error::Kind::fatal, e.what()};
  }
}

Committer::Committer() : thread_([this] { work(); }) {}

Committer::~Committer() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Committer::busy() const {
  const std::lock_guard lock{mutex_};
  return busy_;
}

void Committer::start(Job job) {
  {
    const std::lock_guard lock{mutex_};
    CHECK(!busy_ && !result_);
    job_ = std::move(job);
    busy_ = true;
  }
  changed_.notify_all();
}

std::optional<streams::Result<void>> Committer::take() {
  const std::lock_guard lock{mutex_};
  return std::exchange(result_, std::nullopt);
}

std::optional<streams::Result<void>> Committer::wait() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return !busy_; });
  return std::exchange(result_, std::nullopt);
}

void Committer::work() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return stop_ || job_; });
    if (!job_) return;
    const Job job = std::exchange(job_, nullptr);
    lock.unlock();
    streams::Result<void> result = orderly(job);
    lock.lock();
    result_ = std::move(result);
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace app
