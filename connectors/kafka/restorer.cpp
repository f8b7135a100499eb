#include "connectors/kafka/restorer.h"

#include "connectors/kafka/transactor.h"

namespace connectors::kafka {

using streams::Error;
using streams::Mark;
using streams::RestoredTask;
using streams::Result;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kAgain{200};
constexpr int kAttempts = 600;

}  // namespace

Restorer::Restorer(const Connection& connection, streams::Store& store, RestorerOptions options)
    : connection_(connection),
      store_(store),
      options_(std::move(options)),
      changelog_(connection, options_.flush_bytes),
      thread_([this] { work(); }) {}

Restorer::~Restorer() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
    ++epoch_;
  }
  changed_.notify_all();
  thread_.join();
}

void Restorer::start(int partition) {
  {
    const std::lock_guard lock{mutex_};
    wanted_.push_back({partition, epoch_});
  }
  changed_.notify_all();
}

void Restorer::cancel() {
  const std::lock_guard lock{mutex_};
  ++epoch_;
  wanted_.clear();
  finished_.clear();
}

std::optional<Restorer::Finished> Restorer::take() {
  const std::lock_guard lock{mutex_};
  if (finished_.empty()) return std::nullopt;
  Finished first = std::move(finished_.front());
  finished_.pop_front();
  return first;
}

void Restorer::work() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return stop_ || !wanted_.empty(); });
    if (stop_) return;
    const Wanted wanted = wanted_.front();
    wanted_.pop_front();
    lock.unlock();
    const auto begun = Clock::now();
    rows_done_ = rows_all_ = 0;
    Finished finished{wanted.partition, restore(wanted.partition, wanted.epoch), rows_done_, 0};
    finished.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    lock.lock();
    if (wanted.epoch == epoch_) finished_.push_back(std::move(finished));
  }
}

Result<RestoredTask> Restorer::restore(int partition, std::uint64_t epoch) {
  if (!group_) {
    ConsumerOptions options;
    options.settings = {{"group.id", options_.group}};
    Result<std::unique_ptr<Consumer>> consumer = Consumer::open(connection_, options);
    if (!consumer) return consumer.error();
    group_ = std::move(*consumer);
  }
  const streams::Partition input{streams::kCityEvents, partition};
  std::optional<Committed> offset;
  for (int attempt = 0;; ++attempt) {
    // Before the changelog: whoever had the partition may be ending its last transaction.
    auto all = committed(group_->handle(), connection_, {input});
    if (all) {
      if (const auto one = all->find(input); one != all->end()) offset = one->second;
      break;
    }
    if (all.error().kind != Error::Kind::retry || attempt == kAttempts || epoch != epoch_)
      return all.error();
    std::this_thread::sleep_for(kAgain);
  }

  RestoredTask restored{options_.make_task(partition), 0, 0};
  if (offset) {
    const std::optional<OffsetNote> note = read_offset_note(offset->note);
    if (!note)
      return Error{Error::Kind::fatal,
                   "the committed offset of " + connection_.topic(streams::kCityEvents) +
                       " partition " + std::to_string(partition) +
                       " was not written by watchfire: offsets were reset by hand; take another "
                       "--app name, or reset the changelog too"};
    restored.next = offset->offset;
    restored.mark = note->mark;
  } else {
    // Offsets of a group that rested for long expire; the changelog still knows.
    auto newest = changelog_.newest(partition);
    if (!newest) return newest.error();
    if (*newest) {
      for (const MarkerPosition& one : (*newest)->first.consumed)
        if (one.topic == streams::kCityEvents) restored.next = one.next;
      restored.mark = (*newest)->second;
    }
  }
  Result<Mark> from = stored_mark(partition, restored.mark);
  if (!from) return from.error();
  if (Result<void> loaded = restored.task->load(); !loaded) return loaded.error();
  if (restored.mark > *from) {
    Result<void> read =
        read_changes(*restored.task, partition, *from, restored.mark, restored.next, epoch);
    if (!read) return read.error();
  }
  restored.task->ready();
  if (restored.next == 0 && restored.mark == 0)
    for (const streams::Version& version : options_.first_versions) restored.task->adopt(version);
  return restored;
}

/// How far the store's copy is complete; one that can't be brought up to date is taken out.
Result<Mark> Restorer::stored_mark(int partition, Mark end) {
  Result<std::optional<streams::Complete>> complete = streams::read_complete(store_, partition);
  if (!complete) return complete.error();
  if (!*complete) return Mark{0};
  Result<Consumer::Extent> extent = changelog_.extent(partition);
  if (!extent) return extent.error();
  const bool old = options_.wall_clock() - (*complete)->written > options_.oldest_copy;
  const bool gap = static_cast<Mark>(extent->first) > (*complete)->mark;
  if ((*complete)->mark <= end && !old && !gap) return (*complete)->mark;
  if (Result<void> wiped = streams::wipe(store_, partition); !wiped) return wiped.error();
  return Mark{0};
}

Result<void> Restorer::read_changes(streams::Task& task, int partition, Mark from, Mark to,
                                    std::int64_t next, std::uint64_t epoch) {
  Mark taken_to = from;
  const auto progress = [&](std::int64_t done, std::int64_t all) {
    rows_done_ = done;
    rows_all_ = all;
    taken_to = from + static_cast<Mark>(done);
  };
  const auto take = [&](const streams::ChangeBlock& block) -> Result<void> {
    if (epoch != epoch_) return Error{Error::Kind::retry, "the partition went elsewhere"};
    if (Result<void> taken = task.take_in(block); !taken) return taken;
    if (task.unflushed_bytes() < options_.flush_bytes) return {};
    return flush(task, partition, taken_to);
  };
  Result<Marker> marker = changelog_.read(partition, from, to, take, progress);
  if (!marker) return marker.error();
  for (const MarkerPosition& one : marker->consumed)
    if (one.topic == streams::kCityEvents && one.next == next) return {};
  return Error{Error::Kind::fatal,
               "the changelog of partition " + std::to_string(partition) +
                   " is complete to another offset than the group has committed (" +
                   std::to_string(next) +
                   "): offsets were reset; take another --app name, or reset the changelog too"};
}

Result<void> Restorer::flush(streams::Task& task, int partition, Mark mark) {
  std::vector<streams::StoreWrite> rows = task.take_flush();
  rows.push_back(streams::complete_row(partition, {mark, options_.wall_clock()}));
  if (Result<void> written = store_.write(std::move(rows)); !written) return written;
  task.flushed();
  task.evict();
  return {};
}

}  // namespace connectors::kafka
