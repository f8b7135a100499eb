#pragma once

// LatestRecords: one partition of a topic that keeps only the newest record of each key (a status
// topic): a table instead of blocks. A record without bytes removes its key. EmbeddedLog owns one
// per such partition; add() and take() are called under its lock, visit() without.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "state/database.h"
#include "state/log_key.h"
#include "streams/log.h"

namespace state {

class LatestRecords {
 public:
  using Row = std::pair<std::string, std::string>;  // key and value; no value: delete

  explicit LatestRecords(LogPlace place) : place_(place) {}
  streams::Result<void> load(Database& database);
  /// Every partition that has such a table.
  static streams::Result<std::vector<LogPlace>> places(Database& database);

  void add(const streams::Append& record);
  /// Rows added since the last call, and where the partition now ends.
  std::vector<Row> take();

  LogPlace place() const { return place_; }
  std::int64_t end() const { return end_; }
  streams::Time last_recorded() const { return last_recorded_; }

 private:
  const LogPlace place_;
  std::int64_t end_ = 0;
  streams::Time last_recorded_{};
  std::vector<Row> rows_;
};

/// Key and newest record in key order, until `visit` returns false. Only what is written is seen.
using VisitLatest = std::function<bool(std::string_view, const streams::LogRecord&)>;
streams::Result<void> visit_latest(Database& database, LogPlace place, const VisitLatest& visit);

/// The newest records whose offset is `offset` or later, by offset: with gaps where a newer record
/// of the same key came.
streams::Result<streams::Batch> newest_from(Database& database, LogPlace place,
                                            std::int64_t offset);

}  // namespace state
