#include "streams/task_set.h"

#include <algorithm>
#include <utility>

#include "streams/check.h"

namespace streams {

void TaskSet::add(int partition, RestoredTask task) {
  Owned owned{std::move(task.task), task.next, task.next, task.next, task.mark};
  tasks_[partition] = std::move(owned);
}

RestoredTask TaskSet::take(int partition) {
  CHECK(cut_.empty() && changed_.empty());
  Owned owned = std::move(tasks_.at(partition));
  tasks_.erase(partition);
  return {std::move(owned.task), owned.committed_next, owned.mark};
}

void TaskSet::clear() {
  tasks_.clear();
  changed_.clear();
  cut_.clear();
  outputs_.clear();
  output_bytes_ = 0;
  urgent_ = false;
}

std::vector<int> TaskSet::owned() const {
  std::vector<int> partitions;
  for (const auto& [partition, one] : tasks_) partitions.push_back(partition);
  return partitions;
}

Result<void> TaskSet::process(int partition, const Batch& batch) {
  Owned& owned = tasks_.at(partition);
  bool any = false;
  for (const LogRecord& record : batch.records) {
    if (record.offset < owned.next) continue;  // seen before the consumer was set back
    owned.next = record.offset + 1;
    owned.task->process(kCityEvents, record);
    if (owned.task->failed()) return owned.task->error();
    collect(*owned.task, record.recorded);
    any = true;
  }
  owned.task->evict();
  if (any && std::find(changed_.begin(), changed_.end(), partition) == changed_.end())
    changed_.push_back(partition);
  return {};
}

void TaskSet::collect(Task& task, Time recorded) {
  for (Output& output : task.outputs()) {
    output_bytes_ += output.bytes.size();
    urgent_ = urgent_ || output.urgent;
    outputs_.push_back(
        {{*output.topic, kByKey}, recorded, std::move(output.bytes), std::move(output.key)});
  }
  task.outputs().clear();
  for (Output& letter : task.letters()) {
    output_bytes_ += letter.bytes.size();
    if (letter.key.empty()) {
      for (int p = 0; p < partitions_; ++p)
        outputs_.push_back({{kCityEvents, p}, recorded, letter.bytes, {}});
    } else {
      const int to = partition_of(letter.key, partitions_);
      outputs_.push_back(
          {{kCityEvents, to}, recorded, std::move(letter.bytes), std::move(letter.key)});
    }
  }
  task.letters().clear();
}

Commit TaskSet::cut() {
  CHECK(cut_.empty());
  Commit commit;
  commit.sequence = ++sequence_;
  cut_ = std::exchange(changed_, {});
  std::sort(cut_.begin(), cut_.end());
  for (const int partition : cut_) {
    Owned& owned = tasks_.at(partition);
    owned.cut_next = owned.next;
    commit.consumed.emplace_back(Partition{kCityEvents, partition}, owned.next);
    commit.changes.push_back({partition, owned.task->cut()});
  }
  commit.outputs = std::exchange(outputs_, {});
  output_bytes_ = 0;
  urgent_ = false;
  return commit;
}

void TaskSet::confirm(const std::vector<TaskMark>& marks) {
  for (const int partition : std::exchange(cut_, {})) {
    Owned& owned = tasks_.at(partition);
    owned.task->confirm();
    owned.committed_next = owned.cut_next;
  }
  for (const TaskMark& mark : marks) tasks_.at(mark.partition).mark = mark.mark;
}

Result<void> TaskSet::rollback() {
  for (auto& [partition, owned] : tasks_) {
    owned.task->rollback();
    if (owned.task->failed()) return owned.task->error();
    owned.next = owned.committed_next;
  }
  changed_.clear();
  cut_.clear();
  outputs_.clear();
  output_bytes_ = 0;
  urgent_ = false;
  return {};
}

std::map<Partition, std::int64_t> TaskSet::positions() const {
  std::map<Partition, std::int64_t> positions;
  for (const auto& [partition, owned] : tasks_) positions[{kCityEvents, partition}] = owned.next;
  return positions;
}

std::vector<StoreWrite> TaskSet::take_flush(int partition, Time now) {
  Owned& owned = tasks_.at(partition);
  std::vector<StoreWrite> rows = owned.task->take_flush();
  rows.push_back(complete_row(partition, {owned.mark, now}));
  return rows;
}

void TaskSet::flushed(int partition) {
  tasks_.at(partition).task->flushed();
}

std::size_t TaskSet::unflushed_bytes(int partition) const {
  return tasks_.at(partition).task->unflushed_bytes();
}

}  // namespace streams
