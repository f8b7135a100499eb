#pragma once

// DirectoryLock: one process writes to a data directory. Taken by Database before it opens anything
// and held until the process ends, however it ends. DIR/lock holds the process id as text, for the
// sentence and for people.

#include <memory>
#include <string>

#include "streams/result.h"

namespace state {

class DirectoryLock {
 public:
  static streams::Result<std::unique_ptr<DirectoryLock>> take(const std::string& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_;
};

}  // namespace state
