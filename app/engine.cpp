#include "app/engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/versions.h"
#include "connectors/json/event_decoder.h"
#include "operators/city/topics.h"
#include "state/fail_point.h"

namespace app {

using streams::Error;
using streams::Result;
using streams::Time;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t kCommitBytes = 32 << 20;  // uncommitted outputs
constexpr std::size_t kFlushBytes = 32 << 20;   // committed rows that the store does not have
constexpr std::chrono::seconds kFlushInterval{5};
constexpr std::size_t kReplayRecords = 1'000'000;  // that a restart runs again; seconds
constexpr std::size_t kReplayEpochs = 20'000;      // likewise: a simulated hour and more
constexpr std::chrono::milliseconds kUrgentGap{50};  // between early commits
constexpr std::size_t kLettersBytes = 1 << 20;       // at a time
constexpr int kPartitions = 4;                       // of a directory that nobody said more of
constexpr std::size_t kShareOfChanges = 8;           // of the memory: what waits for a checkpoint

constexpr const char* kDiffered =
    "watchfire: the last seconds before the stop were run again and came out otherwise than what "
    "was told then. Another version of this program does so; the same one must not: then check "
    "memory and disk, and report it. Open warnings and orders are to be looked through\n";

/// What the database has, which no option and no file changes.
Result<int> partitions_of(state::Database& database, const EngineOptions& options) {
  const Result<std::optional<int>> stored = database.partitions();
  if (!stored) return stored.error();
  if (*stored && options.partitions && *options.partitions != **stored)
    return Error{Error::Kind::usage,
                 options.data + " was made with " + std::to_string(**stored) +
                     " partitions, which can't be changed, and not with " +
                     std::to_string(*options.partitions) +
                     ": leave --partitions out and correct " + options.data +
                     "/watchfire.yaml, or replay into another directory"};
  if (*stored) return **stored;
  const int partitions = options.partitions.value_or(kPartitions);
  if (Result<void> kept = database.set_partitions(partitions); !kept) return kept.error();
  return partitions;
}

}  // namespace

Engine::Engine(const EngineOptions& options, std::unique_ptr<state::Database> database,
               std::unique_ptr<state::EmbeddedLog> log)
    : options_(options),
      database_(std::move(database)),
      log_(std::move(log)),
      store_(*database_),
      pool_(options.threads) {}

Engine::~Engine() {
  (void)committer_.wait();
}

// The one number of memory is shared out: a quarter for RocksDB's cache and write buffers, a half
// for decoded entities, the rest for blocks read ahead, uncommitted outputs and rows on their way.
Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions& options,
                                             const streams::Topology& topology,
                                             const std::string& city) {
  Result<std::unique_ptr<state::Database>> database =
      state::Database::open(options.data, {.memory_bytes = options.memory_bytes / 4});
  if (!database) return database.error();
  const Result<int> partitions = partitions_of(**database, options);
  if (!partitions) return partitions.error();
  state::EmbeddedLogOptions log_options;
  log_options.latest_only = {"entity.status"};
  Result<std::unique_ptr<state::EmbeddedLog>> log =
      state::EmbeddedLog::open(**database, log_options);
  if (!log) return log.error();
  std::unique_ptr<Engine> engine{new Engine{options, std::move(*database), std::move(*log)}};
  engine->partitions_ = *partitions;
  engine->epochs_ = std::make_unique<streams::Epochs>(
      topology, *engine->log_, engine->store_,
      [] { return std::make_unique<connectors::EventDecoder>(); },
      streams::EpochOptions{.city = city,
                            .doors = city::door_topics(),
                            .partitions = *partitions,
                            .memory_bytes = options.memory_bytes / 2},
      [pool = &engine->pool_](int count, const std::function<void(int)>& work) {
        pool->run(count, work);
      });
  if (Result<void> restored = engine->epochs_->restore(); !restored) return restored.error();
  if (engine->epochs_->replay_differed())
    fmt::print(stderr, "{}", kDiffered);
  engine->last_commit_ = engine->last_checkpoint_ = engine->last_flush_ = Clock::now();
  return engine;
}

Result<std::vector<streams::Version>> Engine::versions() {
  std::vector<streams::Version> versions = epochs_->tasks().front()->versions();
  Result<streams::Log::Position> position = log_->position();
  if (!position) return position.error();
  const streams::Partition letters{streams::kCityEvents, 0};
  std::int64_t next = 0;
  for (const auto& [partition, offset] : position->consumed)
    if (partition == letters) next = offset;
  connectors::EventDecoder decoder;
  while (true) {
    Result<streams::Batch> batch = log_->fetch(letters, next, kLettersBytes);
    if (!batch) return batch.error();
    if (batch->records.empty()) return versions;
    for (const streams::LogRecord& record : batch->records)
      (void)take_version(decoder, record.bytes, versions);
    next = batch->records.back().offset + 1;
  }
}

Result<void> Engine::activate(const std::vector<streams::Version>& versions) {
  const Result<std::vector<streams::Version>> active = this->versions();
  if (!active) return active.error();
  const std::vector<streams::Version> changed = differing(versions, *active);
  for (const streams::Version& version : changed)
    for (int p = 0; p < partitions_; ++p)
      epochs_->post(p, streams::version_event(version, epochs_->clock()));
  return changed.empty() ? Result<void>{} : settle();
}

std::vector<streams::SetAside> Engine::set_aside() const {
  std::vector<streams::SetAside> all;
  for (const auto& task : epochs_->tasks())
    all.insert(all.end(), task->set_aside().begin(), task->set_aside().end());
  return all;
}

Result<std::string> Engine::restore(const std::string& entity) {
  for (const streams::SetAside& mark : set_aside()) {
    if (mark.entity != entity) continue;
    epochs_->post(streams::partition_of(entity, partitions_),
                  streams::restore_event(entity, epochs_->clock()));
    if (Result<void> settled = settle(); !settled) return settled.error();
    return fmt::format(
        "{} goes on with the next record; it was set aside at {} ({}) and {} records were buried "
        "since: `dead-letters retry` brings back those that came by a door\n",
        entity, streams::format_time(mark.since), mark.reason, mark.buried);
  }
  return Error{Error::Kind::usage, entity + " is not set aside: `entity list` says which are"};
}

Result<void> Engine::run(Time tick) {
  Result<void> ran = epochs_->run(tick);
  while (!ran && ran.error().kind == Error::Kind::abort_task) {
    fmt::print(stderr, "watchfire: {}\n", ran.error().what);
    if (Result<void> done = finish_job(); !done) return done;
    ran = epochs_->run_again(tick);
    last_checkpoint_ = {};  // the next one is due, so that another break has little to run again
  }
  if (!ran) return ran;
  return step(false);
}

Result<void> Engine::finish_job() {
  if (job_ == Job::none) return {};
  return finished(*committer_.wait());
}

/// Takes what the committer has finished and gives it the next job that is due.
Result<void> Engine::step(bool wait) {
  if (job_ != Job::none) {
    const bool must_wait = wait || epochs_->uncommitted_bytes() > 2 * kCommitBytes;
    const std::optional<Result<void>> result = must_wait ? committer_.wait() : committer_.take();
    if (!result) return {};
    if (Result<void> done = finished(*result); !done) return done;
  }
  const auto now = Clock::now();
  const std::size_t unflushed = epochs_->unflushed_bytes();
  const auto patience = epochs_->urgent() ? std::min(kUrgentGap, options_.commit) : options_.commit;
  const bool checkpoint = checkpoint_is_due(now);
  const Job job = next_job(
      {.commit_due = checkpoint ||
                     (epochs_->uncommitted() && (now - last_commit_ >= patience ||
                                                 epochs_->uncommitted_bytes() > kCommitBytes)),
       .urgent = epochs_->urgent(),
       .unflushed = unflushed,
       .limit = kFlushBytes,
       .stale = unflushed > 0 && now - last_flush_ > kFlushInterval});
  using Cut = streams::Epochs::Cut;
  if (job == Job::commit) start_commit(checkpoint ? Cut::checkpoint : Cut::plain);
  if (job == Job::flush) start_flush();
  return {};
}

Result<void> Engine::finished(const Result<void>& result) {
  const Job job = std::exchange(job_, Job::none);
  if (!result) return result;
  if (job == Job::commit) {
    epochs_->confirm(marks_);
    ++counts_.commits;
    counts_.commit_seconds = std::chrono::duration<double>(Clock::now() - last_commit_).count();
  } else {
    epochs_->flushed();
  }
  return {};
}

/// What the tasks remember is written seldom, so that what changes with each event is written once
/// for many, and often enough that a restart has little to run again.
bool Engine::checkpoint_is_due(Clock::time_point now) const {
  const streams::Epochs::ToReplay again = epochs_->to_replay();
  if (again.epochs == 0) return false;
  return now - last_checkpoint_ >= options_.checkpoint || again.epochs >= kReplayEpochs ||
         static_cast<std::size_t>(again.records) >= kReplayRecords ||
         epochs_->changed_bytes() >= options_.memory_bytes / kShareOfChanges;
}

void Engine::start_commit(streams::Epochs::Cut kind) {
  last_commit_ = Clock::now();
  if (kind == streams::Epochs::Cut::checkpoint) last_checkpoint_ = last_commit_;
  auto commit = std::make_shared<streams::Commit>(epochs_->cut(kind));
  job_ = Job::commit;
  committer_.start([this, commit]() -> Result<void> {
    auto marks = log_->commit(std::move(*commit));
    if (!marks) return marks.error();
    marks_ = std::move(*marks);
    return {};
  });
}

void Engine::start_flush() {
  last_flush_ = Clock::now();
  auto flush = std::make_shared<streams::Epochs::Flush>(epochs_->take_flush());
  job_ = Job::flush;
  committer_.start([this, flush]() -> Result<void> {
    state::fail_point("store.before_write");
    if (Result<void> written = store_.write(std::move(flush->rows)); !written) return written;
    state::fail_point("store.after_write");
    return log_->forget_changes(flush->marks);
  });
}

Result<void> Engine::run_until_end(const std::function<void(Time)>& progress) {
  auto shown = Clock::now();
  while (true) {
    Result<std::optional<Time>> tick = epochs_->next_tick();
    if (!tick) return tick.error();
    if (!*tick) return settle();
    if (Result<void> ran = run(**tick); !ran) return ran;
    if (progress && Clock::now() - shown > std::chrono::seconds{1}) {
      shown = Clock::now();
      progress(**tick);
    }
  }
}

Result<void> Engine::settle() {
  if (Result<void> done = finish_job(); !done) return done;
  if (epochs_->uncommitted() || epochs_->to_replay().epochs > 0) {
    start_commit(streams::Epochs::Cut::checkpoint);
    if (Result<void> done = finished(*committer_.wait()); !done) return done;
  }
  if (epochs_->unflushed_bytes() > 0) {
    start_flush();
    if (Result<void> done = finished(*committer_.wait()); !done) return done;
  }
  return {};
}

}  // namespace app
