#pragma once

// The Store port: one sorted key space on disk per process, layer 3 of the state (state/ makes it
// on RocksDB, tests in memory). Only whole batches are written, so what is on disk is always the
// state at some commit. Reads may run beside a write.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "streams/result.h"

namespace streams {

struct StoreWrite {
  std::string key;
  std::optional<std::string> value;  // nothing: delete
};

class Store {
 public:
  virtual ~Store() = default;
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  /// Every key with this prefix, in order, until `visit` returns false.
  virtual Result<void> scan(
      std::string_view prefix,
      const std::function<bool(std::string_view, std::string_view)>& visit) = 0;
  /// All of it or nothing; survives a kill of the process.
  virtual Result<void> write(std::vector<StoreWrite> batch) = 0;
};

}  // namespace streams
