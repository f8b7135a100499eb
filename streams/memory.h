#pragma once

// The Log and Store ports in memory: for tests, for the simulator when nothing is to be kept, and
// as the plainest statement of what the ports promise. MemoryLog may be shared by threads.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "streams/log.h"
#include "streams/store.h"

namespace streams {

class MemoryStore : public Store {
 public:
  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view, std::string_view)>& visit) override;
  Result<void> write(std::vector<StoreWrite> batch) override;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> rows_;
};

class MemoryLog : public Log {
 public:
  Result<Batch> fetch(const Partition& partition, std::int64_t offset,
                      std::size_t limit_bytes) override;
  Result<void> append(std::vector<Append> records, bool durable) override;
  Result<std::vector<TaskMark>> commit(Commit commit) override;
  Result<Position> position() override;
  Result<void> changes_after(int partition, Mark mark, const TakeChanges& take) override;
  Result<void> forget_changes(const std::vector<TaskMark>& stored) override;

 private:
  struct Kept {
    Time recorded;
    std::shared_ptr<const std::string> bytes;  // with padding
    std::size_t size;
  };
  void keep(Append record);

  mutable std::mutex mutex_;
  std::map<Partition, std::vector<Kept>> partitions_;
  std::map<Partition, std::int64_t> consumed_;
  std::uint64_t sequence_ = 0;
  Replay replay_;
  std::map<std::pair<int, Mark>, ChangeBlock> changes_;
};

}  // namespace streams
