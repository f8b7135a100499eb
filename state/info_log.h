#pragma once

// InfoLog: what RocksDB says about itself, in DIR/rocksdb.log, at most 2 MiB (one older file is
// kept). Instead of RocksDB's own, which ends the process (an assertion of Debian's build) when
// the disk is full: this one drops what it can't write. Database makes it; RocksDB calls it, on
// any thread.

#include <rocksdb/env.h>

#include <mutex>
#include <string>

namespace state {

class InfoLog : public rocksdb::Logger {
 public:
  explicit InfoLog(std::string path);
  ~InfoLog() override;

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override;

 private:
  void open();

  const std::string path_;
  std::mutex mutex_;
  int file_ = -1;
  std::size_t bytes_ = 0;
};

}  // namespace state
