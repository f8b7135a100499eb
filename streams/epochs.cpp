#include "streams/epochs.h"

#include <algorithm>
#include <utility>

#include "streams/complete.h"
#include "streams/hash.h"

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
      failures_(static_cast<std::size_t>(options_.partitions)),
      out_of_order_(static_cast<std::size_t>(options_.partitions)) {
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
  confirmed_ = std::move(*position);
  for (int p = 0; p < options_.partitions; ++p)
    if (Result<void> restored = restore_task(p); !restored) return restored;
  return replay();
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
  return {};
}

Result<void> Epochs::seek(const Offsets& offsets) {
  for (Inbox& inbox : inboxes_)
    if (Result<void> sought = inbox.seek(offsets); !sought) return sought;
  return {};
}

/// From the last checkpoint, where the tasks stand, to the last confirmed commit: the same epochs
/// once more, in silence.
Result<void> Epochs::replay() {
  const Replay& again = confirmed_.replay;
  sequence_ = confirmed_.sequence;
  while (true) {
    clock_ = Time{};
    for (const std::unique_ptr<Task>& task : tasks_) clock_ = std::max(clock_, task->clock());
    drop_outputs();
    last_outputs_.clear();
    ticks_.clear();
    told_ = 0;
    if (Result<void> sought = seek(checkpoint()); !sought) return sought;
    checkpoint_taken_ = taken();
    for (Inbox& inbox : inboxes_) inbox.end_at(confirmed_.consumed);
    const Result<void> ran = run_silently(again.ticks);
    if (ran) break;
    // As it did then, it comes to where an invariant broke.
    if (ran.error().kind != Error::Kind::abort_task) return ran;
    if (Result<void> back = roll_tasks_back(); !back) return back;
  }
  replay_differed_ = replay_differed_ || (!again.ticks.empty() && told_ != again.told);
  drop_outputs();
  last_outputs_.clear();
  return seek(confirmed_.consumed);  // with the letters that wait
}

Result<void> Epochs::run_silently(const std::vector<Time>& ticks) {
  replaying_ = true;
  Result<void> ran;
  for (std::size_t i = 0; ran && i < ticks.size(); ++i) {
    ran = run_tasks(ticks[i]);
    if (ran) collect();
  }
  replaying_ = false;
  return ran;
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
  inboxes_[static_cast<std::size_t>(partition)].letters.push_back({clock_, std::move(bytes)});
  ++epochs_since_cut_;
}

bool Epochs::waiting(std::string_view text) const {
  for (const Inbox& inbox : inboxes_)
    for (const Inbox::Letter& letter : inbox.letters)
      if (letter.bytes.find(text) != std::string::npos) return true;
  return false;
}

Result<void> Epochs::run(Time tick) {
  if (Result<void> ran = run_tasks(tick); !ran) return ran;
  ++epochs_since_cut_;
  collect();
  return {};
}

Result<void> Epochs::run_tasks(Time tick) {
  parallel_(static_cast<int>(tasks_.size()), [this, tick](int number) {
    Result<void> ran = run_task(number, tick);
    if (!ran) failures_[static_cast<std::size_t>(number)] = ran.error();
  });
  for (const std::optional<Error>& failure : failures_)
    if (failure) return *failure;
  clock_ = tick;
  ticks_.push_back(tick);
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
  while (!inbox.letters.empty() && inbox.letters.front().recorded <= clock_) {
    std::string& bytes = inbox.letters.front().bytes;
    bytes.reserve(bytes.size() + Decoder::kPadding);
    task.process(kCityEvents, {inbox.letters_next(), clock_, bytes});
    inbox.letter_taken();
    if (task.failed()) return task.error();
  }
  while (true) {
    Result<Inbox::Next> next = inbox.peek();
    if (!next) return next.error();
    if (next->record == nullptr || next->record->recorded > tick) break;
    if (next->record->recorded <= clock_) out_of_order_[static_cast<std::size_t>(number)] = 1;
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
      note_told(output);
      if (replaying_) continue;
      uncommitted_bytes_ += output.bytes.size();
      urgent_ = urgent_ || output.urgent;
      outputs_.push_back(Append{Partition{*output.topic, 0}, clock_, output.bytes, output.key});
      last_outputs_.push_back(std::move(output));
    }
    task->outputs().clear();
  }
  for (const std::unique_ptr<Task>& task : tasks_) {
    for (Output& letter : task->letters()) {
      note_told(letter);
      if (!replaying_) post_letter(letter);  // else the log has it
    }
    task->letters().clear();
  }
}

void Epochs::note_told(const Output& output) {
  told_ = hash64(output.bytes, hash64(output.key, told_));
}

void Epochs::post_letter(Output& letter) {
  if (!letter.key.empty())
    return post(partition_of(letter.key, options_.partitions), std::move(letter.bytes));
  for (int p = 0; p < options_.partitions; ++p) post(p, letter.bytes);
}

void Epochs::drop_outputs() {
  outputs_.clear();
  uncommitted_bytes_ = 0;
  epochs_since_cut_ = 0;
  urgent_ = false;
  std::fill(out_of_order_.begin(), out_of_order_.end(), 0);
}

Commit Epochs::cut(Cut kind) {
  const bool out_of_order = std::any_of(out_of_order_.begin(), out_of_order_.end(),
                                        [](char came) { return came != 0; });
  cut_is_checkpoint_ = kind == Cut::checkpoint || out_of_order || !log_.keeps_replays();
  Commit commit;
  commit.sequence = ++sequence_;
  for (const Inbox& inbox : inboxes_) inbox.add_positions(commit.consumed);
  if (cut_is_checkpoint_) {
    for (std::size_t p = 0; p < tasks_.size(); ++p)
      commit.changes.push_back({static_cast<int>(p), tasks_[p]->cut()});
    ticks_.clear();
    told_ = 0;
    checkpoint_taken_ = taken();
  } else {
    commit.replay = {checkpoint(), ticks_, told_};
  }
  cut_ = {commit.sequence, commit.consumed, commit.replay};
  commit.outputs = std::exchange(outputs_, {});
  drop_outputs();
  return commit;
}

const Offsets& Epochs::checkpoint() const {
  return confirmed_.replay.ticks.empty() ? confirmed_.consumed : confirmed_.replay.from;
}

void Epochs::confirm(const std::vector<TaskMark>& marks) {
  for (const TaskMark& mark : marks) marks_[static_cast<std::size_t>(mark.partition)] = mark;
  confirmed_ = std::move(cut_);
  if (!cut_is_checkpoint_) return;
  for (const std::unique_ptr<Task>& task : tasks_) task->confirm();
}

Result<void> Epochs::rollback() {
  if (Result<void> back = roll_tasks_back(); !back) return back;
  return replay();
}

Result<void> Epochs::roll_tasks_back() {
  for (const std::unique_ptr<Task>& task : tasks_) {
    task->rollback();
    if (task->failed()) return task->error();
  }
  std::fill(failures_.begin(), failures_.end(), std::nullopt);
  return {};
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

Epochs::ToReplay Epochs::to_replay() const {
  return {ticks_.size(), taken() - checkpoint_taken_};
}

std::size_t Epochs::changed_bytes() const {
  std::size_t bytes = 0;
  for (const std::unique_ptr<Task>& task : tasks_) bytes += task->touched_bytes();
  return bytes;
}

std::size_t Epochs::unflushed_bytes() const {
  std::size_t bytes = 0;
  for (const std::unique_ptr<Task>& task : tasks_) bytes += task->unflushed_bytes();
  return bytes;
}

}  // namespace streams
