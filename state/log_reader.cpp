#include "state/log_reader.h"

namespace state {

using streams::Batch;
using streams::Result;

namespace {

constexpr int kAttempts = 10;  // a file must go between reading its name and reading it, each time

}  // namespace

Result<LogReader> LogReader::open(const std::string& directory) {
  LogReader reader{directory};
  if (Result<void> opened = reader.refresh(); !opened) return opened.error();
  return reader;
}

Result<void> LogReader::refresh() {
  Result<void> last;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Result<std::unique_ptr<Database>> database = Database::open_read_only(directory_);
    if (!database) {
      last = database.error();
      if (last.error().kind == streams::Error::Kind::usage) return last;
      continue;
    }
    Result<std::unique_ptr<EmbeddedLog>> log = EmbeddedLog::open(**database);
    if (log) {
      moment_ = std::make_shared<Moment>(std::move(*database), std::move(*log));
      return {};
    }
    last = log.error();
  }
  return last;
}

Result<Batch> LogReader::fetch(const streams::Partition& partition, std::int64_t offset,
                               std::size_t limit_bytes) {
  using Kept = std::pair<std::shared_ptr<Moment>, std::shared_ptr<const void>>;
  Result<Batch> batch = moment_->log->fetch(partition, offset, limit_bytes);
  for (int attempt = 0; !batch && attempt < kAttempts; ++attempt) {
    if (Result<void> moved = refresh(); !moved) return moved.error();
    batch = moment_->log->fetch(partition, offset, limit_bytes);
  }
  if (batch)
    batch->owner = std::make_shared<Kept>(moment_, std::move(batch->owner));
  return batch;
}

}  // namespace state
