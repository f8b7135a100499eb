#pragma once

// RocksStore: the Store port, layer 3 of the state, in the `rows` family of the Database. Tasks
// read rows they don't hold; the committer thread writes one batch of confirmed rows every few
// seconds. Any thread.

#include "state/database.h"
#include "streams/store.h"

namespace state {

class RocksStore : public streams::Store {
 public:
  explicit RocksStore(Database& database) : database_(database) {}

  streams::Result<std::optional<std::string>> get(std::string_view key) override;
  streams::Result<void> scan(
      std::string_view prefix,
      const std::function<bool(std::string_view, std::string_view)>& visit) override;
  /// Sorts the batch by key: RocksDB takes sorted keys faster.
  streams::Result<void> write(std::vector<streams::StoreWrite> batch) override;

 private:
  Database& database_;
};

}  // namespace state
