#pragma once

// Epochs: how the tasks of one process run over a log that they own whole (embedded, in memory). An
// epoch is: the letters of the epoch before, the door records up to the next tick in (recorded
// time, topic, offset) order, the tick. What the tasks emit is appended at its end in (task,
// sequence) order: the same for any number of threads, commit interval or crash. So a commit needs
// to carry what came out and how far the input was read, and only now and then, at a checkpoint,
// what the tasks remember: the epochs since are run again by a restart, which says nothing twice.
// Called by app's worker, by the simulator and by the test driver; tasks of one epoch may run on
// several threads through `Parallel`.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "streams/inbox.h"
#include "streams/task.h"

namespace streams {

/// Runs work(0) … work(count - 1), on any threads, and returns when all are done.
using Parallel = std::function<void(int count, const std::function<void(int)>& work)>;
void one_after_another(int count, const std::function<void(int)>& work);

struct EpochOptions {
  std::string city;
  std::vector<std::string> doors;  // topics, in the order that breaks ties
  int partitions = 4;
  std::size_t memory_bytes = 256 << 20;  // for all decoded entities
};

class Epochs {
 public:
  Epochs(const Topology& topology, Log& log, Store& store, const MakeDecoder& make_decoder,
         EpochOptions options, Parallel parallel = one_after_another);

  /// Continues where the log's last commit ended.
  Result<void> restore();
  /// What was run again did not say what it had said before: another program, or a damaged one.
  bool replay_differed() const { return replay_differed_; }

  /// The tick of the next epoch: the first at or after the next event or the earliest timer before
  /// it, or the next one when letters wait. Nothing when sources and letters are exhausted.
  /// `next_event`: that of a source that has not yet written to its door.
  Result<std::optional<Time>> next_tick(std::optional<Time> next_event = std::nullopt);
  Result<void> run(Time tick);
  /// Where run() answered `abort_task`: back to the last confirmed cut and through the same epochs
  /// to `tick`, past the place that broke an invariant. No cut may be unconfirmed.
  Result<void> run_again(Time tick);

  /// Puts an event or version into every partition or one, ahead of the next epoch's letters.
  void post(int partition, std::string bytes);

  /// Whether a posted record with this text still waits to be read.
  bool waiting(std::string_view text) const;

  /// Outputs of the last epoch, in order; for crews and screens that follow in step.
  const std::vector<Output>& last_outputs() const { return last_outputs_; }

  bool uncommitted() const { return epochs_since_cut_ > 0; }
  std::size_t uncommitted_bytes() const { return uncommitted_bytes_; }
  /// Something uncommitted asks for an early commit.
  bool urgent() const { return urgent_; }
  enum class Cut { plain, checkpoint };
  /// Everything since the last cut; a checkpoint has what the tasks have changed since the last
  /// one. The caller writes it to the log and calls confirm or rollback. Where a record came with a
  /// time that was over already it is a checkpoint in any case: run again, it might come sooner.
  Commit cut(Cut kind);
  /// What the next checkpoint will write, about.
  std::size_t changed_bytes() const;
  /// What a restart would have to run again, were everything committed: epochs and door records.
  struct ToReplay {
    std::size_t epochs = 0;
    std::int64_t records = 0;
  };
  ToReplay to_replay() const;
  /// It is written; `marks`: what the log answered.
  void confirm(const std::vector<TaskMark>& marks);
  /// Undoes everything since the last confirmed cut and continues from there.
  Result<void> rollback();

  /// Confirmed rows for the store, and how far it is then complete.
  struct Flush {
    std::vector<StoreWrite> rows;
    std::vector<TaskMark> marks;
  };
  Flush take_flush();
  void flushed();
  std::size_t unflushed_bytes() const;

  Time clock() const { return clock_; }
  /// The sum of the next offsets at all doors: less their ends, what waits there.
  std::int64_t taken() const;
  /// Of the last cut.
  std::uint64_t sequence() const { return sequence_; }
  const std::vector<std::unique_ptr<Task>>& tasks() const { return tasks_; }

 private:
  Result<void> restore_task(int number);
  Result<void> run_tasks(Time tick);
  Result<void> run_task(int number, Time tick);
  void collect();
  void note_told(const Output& output);
  void post_letter(Output& letter);
  void drop_outputs();
  const Offsets& checkpoint() const;
  Result<void> roll_tasks_back();
  Result<void> replay();
  Result<void> run_silently(const std::vector<Time>& ticks);
  Result<void> seek(const Offsets& offsets);

  Log& log_;
  Store& store_;
  EpochOptions options_;
  Parallel parallel_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::vector<Inbox> inboxes_;                  // by task
  std::vector<std::optional<Error>> failures_;  // by task
  std::vector<TaskMark> marks_;                 // by task: of the last confirmed commit
  std::vector<char> out_of_order_;              // by task: a record came too late for its time
  Time clock_{};
  std::uint64_t sequence_ = 0;       // of the last cut
  Log::Position confirmed_;          // of the last confirmed commit
  Log::Position cut_;                // of the last cut
  bool cut_is_checkpoint_ = false;
  std::int64_t checkpoint_taken_ = 0;  // taken(), at the last checkpoint's cut
  std::vector<Time> ticks_;            // of the epochs since then
  std::uint64_t told_ = 0;             // hash of what they said
  bool replaying_ = false, replay_differed_ = false;
  std::vector<Append> outputs_;  // since the last cut
  std::vector<Output> last_outputs_;
  std::size_t uncommitted_bytes_ = 0;
  int epochs_since_cut_ = 0;
  bool urgent_ = false;
};

}  // namespace streams
