#include "app/answerer.h"

namespace app {

using connectors::error_response;
using connectors::Reply;

namespace {

constexpr std::string_view kShutDown = "the city is being shut down";

}  // namespace

Answerer::Answerer(std::size_t most, std::string too_many)
    : most_(most), too_many_(std::move(too_many)), thread_([this] { serve(); }) {}

Answerer::~Answerer() {
  stop();
}

void Answerer::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Answerer::ask(Job job, const Reply& reply) {
  {
    const std::lock_guard lock{mutex_};
    if (stopping_) return reply(error_response(503, std::string{kShutDown}));
    if (jobs_.size() >= most_) return reply(error_response(503, too_many_));
    jobs_.emplace_back(std::move(job), reply);
  }
  wake_.notify_one();
}

/// A broken invariant is that of one question.
connectors::Response Answerer::answer_of(const Job& job) {
  try {
    return job();
  } catch (const std::exception& e) {
    return error_response(500, "this could not be looked up, for a fault of the program: " +
                                   std::string{e.what()});
  }
}

void Answerer::serve() {
  while (true) {
    std::pair<Job, Reply> next;
    bool stopping = false;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      next = std::move(jobs_.front());
      jobs_.pop_front();
      stopping = stopping_;
    }
    const auto& [job, reply] = next;
    reply(stopping ? error_response(503, std::string{kShutDown}) : answer_of(job));
  }
}

}  // namespace app
