#include "streams/epochs.h"

#include <algorithm>
#include <utility>

#include "streams/complete.h"

namespace streams {

void one_after_another(int count, const std::function<void(int)>& work) {
  for (int i = 0; i < count; ++i) work(i);
}

Epochs::Epochs(const Topology& topology, Log& log, Store& store, const MakeDecoder& make_decoder,
               EpochOptions options, Parallel parallel)
    : log_(log),
      store_(store),
      options_(std::move(options)),
      parallel_(std::move(parallel)),
      failures_(static_cast<std::size_t>(options_.partitions)) {
  for (int p = 0; p < options_.partitions; ++p) {
    TaskOptions task{options_.city, p,
                     options_.memory_bytes / static_cast<std::size_t>(options_.partitions)};
    tasks_.push_back(std::make_unique<Task>(topology, store, make_decoder(), task));
    inboxes_.emplace_back(log, options_.doors, p);
    marks_.push_back({p, 0});
  }
}

Result<void> Epochs::restore() {
  Result<Log::Position> position = log_.position();
  if (!position) return position.error();
  for (int p = 0; p < options_.partitions; ++p)
    if (Result<void> restored = restore_task(p); !restored) return restored;
  return seek(*position);
}

Result<void> Epochs::restore_task(int number) {
  Task& task = *tasks_[static_cast<std::size_t>(number)];
  Result<std::optional<Complete>> complete = read_complete(store_, number);
  if (!complete) return complete.error();
  if (Result<void> loaded = task.load(); !loaded) return loaded;
  const Mark mark = *complete ? (*complete)->mark : 0;
  const auto take = [&task](const ChangeBlock& block) { return task.take_in(block); };
  if (Result<void> taken = log_.changes_after(number, mark, take); !taken) return taken;
  task.ready();
  clock_ = std::max(clock_, task.clock());
  return {};
}

Result<void> Epochs::seek(const Log::Position& position) {
  sequence_ = position.sequence;
  for (Inbox& inbox : inboxes_)
    if (Result<void> sought = inbox.seek(position.consumed); !sought) return sought;
  return {};
}

Result<std::optional<Time>> Epochs::next_tick(std::optional<Time> next_event) {
  bool letters = false;
  for (Inbox& inbox : inboxes_) {
    letters = letters || !inbox.letters.empty();
    Result<Inbox::Next> next = inbox.peek();
    if (!next) return next.error();
    if (next->record != nullptr && (!next_event || next->record->recorded < *next_event))
      next_event = next->record->recorded;
  }
  const Time soon = clock_ + kTickInterval;
  if (letters && clock_ != Time{}) return std::optional{soon};
  if (!next_event) return std::optional<Time>{};
  Time first = *next_event;
  for (const std::unique_ptr<Task>& task : tasks_) {
    const std::optional<Time> timer = task->next_timer();
    if (task->failed()) return task->error();
    if (timer) first = std::min(first, *timer);
  }
  return std::optional{std::max(tick_at_or_after(first), soon)};
}

void Epochs::post(int partition, std::string bytes) {
  outputs_.push_back(Append{Partition{kCityEvents, partition}, clock_, bytes, {}});
  uncommitted_bytes_ += bytes.size();
  inboxes_[static_cast<std::size_t>(partition)].letters.push_back(std::move(bytes));
  ++epochs_since_cut_;
}

bool Epochs::waiting(std::string_view text) const {
  for (const Inbox& inbox : inboxes_)
    for (const std::string& letter : inbox.letters)
      if (letter.find(text) != std::string::npos) return true;
  return false;
}

Result<void> Epochs::run(Time tick) {
  parallel_(static_cast<int>(tasks_.size()), [this, tick](int number) {
    Result<void> ran = run_task(number, tick);
    if (!ran) failures_[static_cast<std::size_t>(number)] = ran.error();
  });
  for (const std::optional<Error>& failure : failures_)
    if (failure) return *failure;
  clock_ = tick;
  ++epochs_since_cut_;
  collect();
  return {};
}

Result<void> Epochs::run_again(Time tick) {
  if (Result<void> back = rollback(); !back) return back;
  while (clock_ < tick) {
    const Result<std::optional<Time>> next = next_tick(tick);
    if (!next) return next.error();
    if (Result<void> ran = run(std::min(next->value_or(tick), tick)); !ran) return ran;
  }
  return {};
}

Result<void> Epochs::run_task(int number, Time tick) {
  Task& task = *tasks_[static_cast<std::size_t>(number)];
  Inbox& inbox = inboxes_[static_cast<std::size_t>(number)];
  while (!inbox.letters.empty()) {
    std::string& bytes = inbox.letters.front();
    bytes.reserve(bytes.size() + Decoder::kPadding);
    task.process(kCityEvents, {inbox.letters_next(), clock_, bytes});
    inbox.letter_taken();
    if (task.failed()) return task.error();
  }
  while (true) {
    Result<Inbox::Next> next = inbox.peek();
    if (!next) return next.error();
    if (next->record == nullptr || next->record->recorded > tick) break;
    task.process(*next->topic, *next->record);
    inbox.take();
    if (task.failed()) return task.error();
  }
  task.tick(tick);
  if (task.failed()) return task.error();
  task.evict();
  return {};
}

void Epochs::collect() {
  last_outputs_.clear();
  for (const std::unique_ptr<Task>& task : tasks_) {
    for (Output& output : task->outputs()) {
      uncommitted_bytes_ += output.bytes.size();
      urgent_ = urgent_ || output.urgent;
      outputs_.push_back(Append{Partition{*output.topic, 0}, clock_, output.bytes, output.key});
      last_outputs_.push_back(std::move(output));
    }
    task->outputs().clear();
  }
  for (const std::unique_ptr<Task>& task : tasks_) {
    for (Output& letter : task->letters()) {
      if (letter.key.empty())
        for (int p = 0; p < options_.partitions; ++p) post(p, letter.bytes);
      else
        post(partition_of(letter.key, options_.partitions), std::move(letter.bytes));
    }
    task->letters().clear();
  }
}

Commit Epochs::cut() {
  Commit commit;
  commit.sequence = ++sequence_;
  for (std::size_t p = 0; p < tasks_.size(); ++p) {
    inboxes_[p].add_positions(commit.consumed);
    commit.changes.push_back({static_cast<int>(p), tasks_[p]->cut()});
  }
  commit.outputs = std::exchange(outputs_, {});
  uncommitted_bytes_ = 0;
  epochs_since_cut_ = 0;
  urgent_ = false;
  return commit;
}

void Epochs::confirm(const std::vector<TaskMark>& marks) {
  for (const TaskMark& mark : marks) marks_[static_cast<std::size_t>(mark.partition)] = mark;
  for (const std::unique_ptr<Task>& task : tasks_) task->confirm();
}

Result<void> Epochs::rollback() {
  clock_ = Time{};
  for (const std::unique_ptr<Task>& task : tasks_) {
    task->rollback();
    if (task->failed()) return task->error();
    clock_ = std::max(clock_, task->clock());
  }
  std::fill(failures_.begin(), failures_.end(), std::nullopt);
  outputs_.clear();
  last_outputs_.clear();
  uncommitted_bytes_ = 0;
  epochs_since_cut_ = 0;
  urgent_ = false;
  Result<Log::Position> position = log_.position();
  if (!position) return position.error();
  return seek(*position);
}

Epochs::Flush Epochs::take_flush() {
  Flush flush;
  for (const std::unique_ptr<Task>& task : tasks_) {
    std::vector<StoreWrite> rows = task->take_flush();
    flush.rows.insert(flush.rows.end(), std::make_move_iterator(rows.begin()),
                      std::make_move_iterator(rows.end()));
  }
  for (const TaskMark& mark : marks_)
    flush.rows.push_back(complete_row(mark.partition, {mark.mark, {}}));
  flush.marks = marks_;
  return flush;
}

void Epochs::flushed() {
  for (const std::unique_ptr<Task>& task : tasks_) task->flushed();
}

std::int64_t Epochs::taken() const {
  std::int64_t taken = 0;
  for (const Inbox& inbox : inboxes_) taken += inbox.taken();
  return taken;
}

std::size_t Epochs::unflushed_bytes() const {
  std::size_t bytes = 0;
  for (const std::unique_ptr<Task>& task : tasks_) bytes += task->unflushed_bytes();
  return bytes;
}

}  // namespace streams
