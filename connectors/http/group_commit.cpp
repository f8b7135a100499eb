#include "connectors/http/group_commit.h"

#include <algorithm>
#include <iterator>

namespace connectors {

using streams::Append;
using streams::Time;

GroupCommit::GroupCommit(Ingest ingest, Limits limits)
    : ingest_(std::move(ingest)), limits_(limits), thread_([this] { run(); }) {}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool GroupCommit::submit(std::vector<Append> records, Done done, Urgency urgency) {
  std::size_t bytes = 0;
  for (const Append& record : records) bytes += sizeof(Append) + record.bytes.size();
  {
    const std::lock_guard lock{mutex_};
    const std::size_t kept = urgency == Urgency::first ? limits_.kept_bytes : 0;
    if (stopping_ || waiting_bytes_ + bytes > limits_.waiting_bytes + kept) {
      ++refused_;
      return false;
    }
    waiting_bytes_ += bytes;
    waiting_records_ += records.size();
    waiting_.push_back({std::move(records), bytes, std::move(done)});
  }
  changed_.notify_one();
  return true;
}

bool GroupCommit::full(std::size_t bytes) const {
  const std::lock_guard lock{mutex_};
  return waiting_bytes_ + bytes > limits_.waiting_bytes;
}

std::size_t GroupCommit::waiting_records() const {
  const std::lock_guard lock{mutex_};
  return waiting_records_;
}

std::optional<Time> GroupCommit::oldest_waiting() const {
  const std::lock_guard lock{mutex_};
  std::optional<Time> oldest = in_hand_;
  for (const Waiting& waiting : waiting_)
    for (const Append& record : waiting.records)
      oldest = oldest ? std::min(*oldest, record.recorded) : record.recorded;
  return oldest;
}

std::uint64_t GroupCommit::refused() const {
  const std::lock_guard lock{mutex_};
  return refused_;
}

/// What it throws is an answer too: whoever waits is told, and what comes next is taken in.
streams::Result<void> GroupCommit::take_in(std::vector<Append> group) const {
  try {
    return ingest_(std::move(group));
  } catch (const std::exception& e) {
    return streams::Error{streams::Error::Kind::retry, e.what()};
  }
}

void GroupCommit::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::vector<Append> group;
    std::vector<Done> answers;
    std::size_t bytes = 0;
    do {
      Waiting& next = waiting_.front();
      bytes += next.bytes;
      for (const Append& record : next.records)
        in_hand_ = in_hand_ ? std::min(*in_hand_, record.recorded) : record.recorded;
      std::move(next.records.begin(), next.records.end(), std::back_inserter(group));
      answers.push_back(std::move(next.done));
      waiting_.pop_front();
    } while (!waiting_.empty() && bytes + waiting_.front().bytes <= limits_.group_bytes);

    const std::size_t records = group.size();
    lock.unlock();
    const streams::Result<void> result = take_in(std::move(group));
    for (const Done& answer : answers) answer(result);
    answers.clear();
    lock.lock();
    waiting_bytes_ -= bytes;
    waiting_records_ -= records;
    in_hand_.reset();
  }
}

}  // namespace connectors
