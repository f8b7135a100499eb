#include "app/worker.h"

#include <algorithm>
#include <thread>

namespace app {

using connectors::kafka::Member;
using connectors::kafka::Polled;
using connectors::kafka::Restorer;
using connectors::kafka::Transactor;
using streams::Error;
using streams::Result;
using Outcome = Transactor::Outcome;

namespace {

constexpr std::size_t kCommitBytes = 32 << 20;       // uncommitted outputs
constexpr std::chrono::seconds kFlushInterval{5};    // of each task
constexpr std::chrono::milliseconds kUrgentGap{50};  // between early commits
constexpr std::chrono::milliseconds kLongestPoll{20};
constexpr std::chrono::milliseconds kLookInterval{500};
constexpr std::chrono::milliseconds kBrokerAgain{250};
constexpr std::chrono::milliseconds kRestoreAgain{1'000}, kRestoreAgainAtMost{60'000};
constexpr std::chrono::seconds kBehind{1};      // no end reached for so long
constexpr std::size_t kRoundBytes = 256 << 10;  // taken in before tasks run

}  // namespace

Worker::Worker(const streams::Topology& topology, streams::Store& store,
               const streams::MakeDecoder& make_decoder, WorkerOptions options)
    : topology_(topology),
      store_(store),
      make_decoder_(make_decoder),
      options_(std::move(options)),
      transactor_(options_.connection, {.id = options_.app + "-" + options_.instance,
                                        .group = options_.app,
                                        .timeout = std::chrono::milliseconds{10'000},
                                        .partitions = options_.output_partitions,
                                        .cloud_events = options_.cloud_events}),
      tasks_(options_.partitions) {}

Worker::~Worker() {
  stop_ = true;
  (void)committer_.wait();
}

Result<void> Worker::join() {
  // First of all: it ends what an earlier holder of this place left open.
  while (!stop_) {
    Result<void> opened = claim();
    if (opened) opened = transactor_.open();
    if (opened) break;
    if (opened.error().kind != Error::Kind::retry) return opened;
    options_.say(opened.error().what + "; trying again");
    std::this_thread::sleep_for(kBrokerAgain);
  }
  connectors::kafka::RestorerOptions restore;
  restore.group = options_.app;
  restore.first_versions = options_.first_versions;
  restore.wall_clock = options_.clock;
  restore.oldest_copy = options_.oldest_copy;
  restore.flush_bytes = options_.restore_flush_bytes;
  restore.make_task = [this](int partition) {
    const streams::TaskOptions task{
        options_.city, partition,
        options_.memory_bytes / static_cast<std::size_t>(options_.partitions)};
    return std::make_unique<streams::Task>(topology_, store_, make_decoder_(), task);
  };
  restorer_ = std::make_unique<Restorer>(options_.connection, store_, std::move(restore));
  Result<std::unique_ptr<Member>> member =
      Member::open(options_.connection, {.group = options_.app,
                                         .instance = options_.app + "-" + options_.instance,
                                         .topics = {streams::kCityEvents},
                                         .session = options_.session,
                                         .queue_kib = options_.queue_kib});
  if (!member) return member.error();
  member_ = std::move(*member);
  last_commit_ = Clock::now();
  return {};
}

/// Ours alone, or not at all: two applications on the same topics would double their outputs.
Result<void> Worker::claim() {
  auto claimed = connectors::kafka::claim_city(options_.connection, options_.partitions,
                                               options_.app, options_.city);
  if (!claimed) return claimed.error();
  identity_ = std::move(*claimed);
  return {};
}

Result<void> Worker::run() {
  if (Result<void> joined = join(); !joined) return joined;
  while (!stop_) {
    if (Result<void> polled = poll(); !polled) return polled;
    if (auto change = member_->take_change())
      if (Result<void> answered = answer(*change); !answered) return answered;
    if (Result<void> taken = take_restored(); !taken) return taken;
    if (Result<void> ran = process(); !ran) return ran;
    if (Result<void> stepped = step(); !stepped) return stepped;
    look();
  }
  Result<void> settled = settle();
  last_look_ = {};
  look();
  return settled;
}

/// Takes in what has come, until there is enough for a round or nothing more is there.
Result<void> Worker::poll() {
  const auto now = Clock::now();
  std::chrono::milliseconds wait = patience(now);
  std::size_t bytes = 0;
  while (bytes < kRoundBytes) {
    Result<std::optional<Polled>> polled = member_->poll(wait);
    if (!polled) {
      if (polled.error().kind != Error::Kind::retry) return polled.error();
      options_.say(polled.error().what + "; trying again");
      std::this_thread::sleep_for(kBrokerAgain);
      return {};
    }
    if (!*polled) break;
    if ((*polled)->end) continue;
    wait = std::chrono::milliseconds{0};
    if (!any_record_) {
      any_record_ = true;
      options_.first_record();
    }
    const Polled& record = **polled;
    received_[record.partition].add(record.offset, record.recorded, record.value);
    bytes += record.value.size();
  }
  counts_.behind = member_->unended_for() > kBehind;
  return {};
}

Result<void> Worker::process() {
  for (auto& [partition, building] : received_) {
    if (building.empty()) continue;
    const streams::Batch batch = building.take();
    if (!tasks_.owns(partition)) continue;
    counts_.records += batch.records.size();
    Result<void> ran = tasks_.process(partition, batch);
    if (ran) continue;
    if (ran.error().kind != Error::Kind::abort_task) return ran;
    options_.say(ran.error().what);
    return start_again();
  }
  return {};
}

/// An invariant broke in a task: all go back to the last commit, and that one comes to the same
/// place again, knowing it.
Result<void> Worker::start_again() {
  if (job_ != Job::none)
    if (Result<void> done = finished(*committer_.wait()); !done) return done;
  if (Result<void> back = tasks_.rollback(); !back) return back;
  return read_from_positions();
}

// ---- ownership ----------------------------------------------------------------------------------

Result<void> Worker::answer(const Change& change) {
  received_.clear();  // of before; what is not processed comes again
  if (change.kind == Change::Kind::assigned) return assigned(change);
  return revoked(change);
}

Result<void> Worker::revoked(const Change& change) {
  restorer_->cancel();
  restoring_.clear();
  again_.clear();
  group_ = change.group;
  if (change.kind == Change::Kind::revoked) {
    if (Result<void> settled = settle(); !settled) return settled;
    if (!tasks_.uncommitted())
      for (const int partition : tasks_.owned()) parked_[partition] = tasks_.take(partition);
  } else if (job_ != Job::none) {
    (void)committer_.wait();
    job_ = Job::none;
  }
  drop_tasks();
  group_.reset();
  member_->release();
  return {};
}

void Worker::drop_tasks() {
  tasks_.clear();
  last_flush_.clear();
}

Result<void> Worker::assigned(const Change& change) {
  group_ = change.group;
  std::string names;
  for (const streams::Partition& partition : change.partitions) {
    names += " " + std::to_string(partition.number);
    const auto parked = parked_.find(partition.number);
    if (parked != parked_.end()) {
      // Nobody else has moved it on meanwhile, or the one in memory is of no use.
      const auto now =
          connectors::kafka::committed(member_->handle(), options_.connection, {partition});
      const bool same =
          now && (parked->second.next == 0 ? now->empty()
                                           : now->contains(partition) &&
                                                 now->at(partition).offset == parked->second.next);
      if (same) {
        tasks_.add(partition.number, std::move(parked->second));
        continue;
      }
    }
    restoring_.insert(partition.number);
    restorer_->start(partition.number);
  }
  parked_.clear();
  options_.say("owns partitions" + (names.empty() ? " none" : names));
  return read_from_positions();
}

/// What is ready is read, from where its task stands.
Result<void> Worker::read_from_positions() {
  received_.clear();
  return member_->assign(tasks_.positions());
}

Result<void> Worker::take_restored() {
  restore_again();
  bool any = false;
  while (auto finished = restorer_->take()) {
    Result<streams::RestoredTask>& task = *finished->task;
    if (!restoring_.contains(finished->partition)) continue;
    if (!task) {
      restore_later(finished->partition, task.error());
      continue;
    }
    restoring_.erase(finished->partition);
    again_.erase(finished->partition);
    counts_.restored_rows += static_cast<std::uint64_t>(finished->rows);
    if (finished->rows > 0)
      options_.say("partition " + std::to_string(finished->partition) +
                   " restored: " + std::to_string(finished->rows) + " rows in " +
                   std::to_string(finished->seconds) + " s");
    tasks_.add(finished->partition, std::move(*task));
    any = true;
  }
  if (!any) return {};
  if (Result<void> ran = process(); !ran) return ran;
  return read_from_positions();
}

/// Whatever it was: the other partitions, the doors and the screen are worth more than an end.
void Worker::restore_later(int partition, const Error& why) {
  ++counts_.restores_failed;
  Again& again = again_[partition];
  again.pause = std::clamp(again.pause * 2, kRestoreAgain, kRestoreAgainAtMost);
  again.at = Clock::now() + again.pause;
  again.why = "partition " + std::to_string(partition) + " can't be restored, and nothing of it is "
              "worked on: " + why.what;
  options_.say(again.why + "; trying again in " + std::to_string(again.pause.count()) + " ms");
}

void Worker::restore_again() {
  const auto now = Clock::now();
  for (auto& [partition, again] : again_) {
    if (again.at > now) continue;
    again.at = Clock::time_point::max();  // until it is known
    restorer_->start(partition);
  }
}

// ---- commits and flushes ------------------------------------------------------------------------

bool Worker::commit_is_due(Clock::time_point now) const {
  if (!tasks_.uncommitted() || !group_) return false;
  const auto since = now - last_commit_;
  return since >= (counts_.behind ? options_.lagging_commit : options_.commit) ||
         (tasks_.urgent() && since >= kUrgentGap) || tasks_.uncommitted_bytes() > kCommitBytes;
}

/// How long to wait for the next record at most.
std::chrono::milliseconds Worker::patience(Clock::time_point now) const {
  if (job_ != Job::none || !restoring_.empty()) return std::chrono::milliseconds{1};
  if (!tasks_.uncommitted()) return kLongestPoll;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      last_commit_ + (tasks_.urgent() ? kUrgentGap : options_.commit) - now);
  return std::clamp(left, std::chrono::milliseconds{0}, kLongestPoll);
}

/// Takes what the committer has finished and gives it the next job that is due.
Result<void> Worker::step() {
  if (job_ != Job::none) {
    const bool must_wait = tasks_.uncommitted_bytes() > 2 * kCommitBytes;
    const std::optional<Result<void>> result = must_wait ? committer_.wait() : committer_.take();
    if (!result) return {};
    if (Result<void> done = finished(*result); !done) return done;
  }
  const auto now = Clock::now();
  const ToFlush waits = find_to_flush(now);
  const std::size_t limit = options_.flush_bytes / static_cast<std::size_t>(options_.partitions);
  const Job job = next_job({.commit_due = commit_is_due(now),
                            .urgent = tasks_.urgent(),
                            .unflushed = waits.bytes,
                            .limit = limit,
                            .stale = waits.stale.has_value()});
  if (job == Job::commit) start_commit();
  if (job == Job::flush)
    start_flush(waits.bytes < limit && waits.stale ? *waits.stale : waits.fullest);
  return {};
}

Worker::ToFlush Worker::find_to_flush(Clock::time_point now) {
  ToFlush found;
  for (const int partition : tasks_.owned()) {
    const Clock::time_point last = last_flush_.try_emplace(partition, now).first->second;
    const std::size_t bytes = tasks_.unflushed_bytes(partition);
    if (bytes > found.bytes) {
      found.bytes = bytes;
      found.fullest = partition;
    }
    if (bytes > 0 && now - last >= kFlushInterval) found.stale = partition;
  }
  return found;
}

void Worker::start_commit() {
  last_commit_ = Clock::now();
  auto commit = std::make_shared<streams::Commit>(tasks_.cut());
  job_ = Job::commit;
  Transactor::Clocks clocks;
  for (const auto& [partition, next] : commit->consumed)
    clocks[partition.number] = tasks_.task(partition.number).clock();
  committer_.start([this, commit, group = *group_, clocks = std::move(clocks)] {
    return write(*commit, group, clocks);
  });
}

/// On the committer's thread. While the broker is away it tries again, until it is asked to stop.
Result<void> Worker::write(const streams::Commit& commit,
                           const connectors::kafka::GroupMetadata& group,
                           const Transactor::Clocks& clocks) {
  while (true) {
    Result<Ended> ended = transactor_.run(commit, group, clocks);
    if (ended) {
      ended_ = std::move(*ended);
      return ended_.outcome == Outcome::unknown ? resolve(commit) : Result<void>{};
    }
    if (ended.error().kind != Error::Kind::retry) return ended.error();
    if (stop_) {
      ended_ = {Outcome::aborted, {}, ended.error().what};
      return {};
    }
    options_.say(ended.error().what + "; trying again");
    std::this_thread::sleep_for(kBrokerAgain);
  }
}

/// The broker did not say whether it committed: what is noted with the group's offsets does.
Result<void> Worker::resolve(const streams::Commit& commit) {
  while (!stop_) {
    Result<void> opened = transactor_.open();
    if (opened) {
      const streams::Partition& first = commit.consumed.front().first;
      const auto now =
          connectors::kafka::committed(member_->handle(), options_.connection, {first});
      if (now) {
        const auto one = now->find(first);
        const bool there =
            one != now->end() && one->second.offset == commit.consumed.front().second;
        ended_.outcome = there ? Outcome::committed : Outcome::aborted;
        return {};
      }
      opened = now.error();
    }
    if (opened.error().kind != Error::Kind::retry) return opened;
    std::this_thread::sleep_for(kBrokerAgain);
  }
  ended_.outcome = Outcome::aborted;
  return {};
}

void Worker::start_flush(int partition) {
  last_flush_[partition] = Clock::now();
  auto rows = std::make_shared<std::vector<streams::StoreWrite>>(
      tasks_.take_flush(partition, options_.clock()));
  job_ = Job::flush;
  flushing_ = partition;
  committer_.start([this, rows] { return store_.write(std::move(*rows)); });
}

Result<void> Worker::finished(const Result<void>& result) {
  const Job job = std::exchange(job_, Job::none);
  if (!result) return result;
  if (job == Job::flush) {
    tasks_.flushed(flushing_);
    return {};
  }
  if (ended_.outcome == Outcome::committed) {
    tasks_.confirm(ended_.marks);
    ++counts_.commits;
    counts_.commit_seconds = std::chrono::duration<double>(Clock::now() - last_commit_).count();
    return {};
  }
  ++counts_.aborts;
  options_.say("a transaction was aborted (" + ended_.why + "): back to the last commit");
  if (Result<void> back = tasks_.rollback(); !back) return back;
  return read_from_positions();
}

/// Commits what is left, in order to hand over or to end. After it nothing is uncommitted: what
/// could not be committed is dropped.
Result<void> Worker::settle() {
  if (job_ != Job::none)
    if (Result<void> done = finished(*committer_.wait()); !done) return done;
  if (!tasks_.uncommitted() || !group_) return {};
  start_commit();
  return finished(*committer_.wait());
}

// ---- seen from outside --------------------------------------------------------------------------

void Worker::look() {
  const auto now = Clock::now();
  if (now - last_look_ < kLookInterval) return;
  last_look_ = now;
  counts_.restoring = static_cast<int>(restoring_.size());
  counts_.problem = again_.empty() ? std::string{} : again_.begin()->second.why;
  counts_.rebuilt = transactor_.counts().rebuilt;
  Figures figures;
  figures.commits = counts_.commits;
  figures.restores_failed = counts_.restores_failed;
  for (const int partition : tasks_.owned()) {
    figures.add(tasks_.task(partition), partition);
    figures.unflushed_bytes += tasks_.unflushed_bytes(partition);
  }
  const std::lock_guard lock{mutex_};
  shown_ = counts_;
  figures_ = std::move(figures);
}

Figures Worker::figures() const {
  const std::lock_guard lock{mutex_};
  return figures_;
}

Worker::Counts Worker::counts() const {
  const std::lock_guard lock{mutex_};
  return shown_;
}

}  // namespace app
