#pragma once

// FileStream: one file as door records in order: lines of NDJSON, or rows of CSV through the
// city's adapter; decoded, given a recorded time, sorted within the disorder bound; what can't be
// used comes out as a dead record with its reason. Opened and merged by FileSource; one thread.
// What comes out, and in which order, depends on the file and the adapter alone: so a count is a
// position.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "connectors/replay/csv_adapter.h"
#include "connectors/replay/reorder_window.h"
#include "streams/decoder.h"

namespace connectors {

/// For the door `topic`, keyed by `subject`.
struct DoorRecord {
  std::string topic;
  std::string subject;
  streams::Time recorded{};  // never falls within a file
  std::string bytes;         // structured CloudEvent
};

/// For `dead.letters`.
struct DeadRecord {
  std::string bytes;  // at most 1 MiB of what stood there
  std::string file;
  std::int64_t line = 0;
  std::string reason;
  streams::Time recorded{};  // of the door records around it; 1970 in a file that has none
};

using FileRecord = std::variant<DoorRecord, DeadRecord>;
inline streams::Time recorded_of(const FileRecord& record) {
  return std::visit([](const auto& one) { return one.recorded; }, record);
}

class FileStream {
 public:
  /// `adapter` may be null: then there is no CSV. Adapter and decoder outlive the stream; the
  /// decoder may be shared with other streams of the thread. Errors: no such file, a CSV that no
  /// table takes.
  static streams::Result<std::unique_ptr<FileStream>> open(const std::string& path,
                                                           const CsvAdapter* adapter,
                                                           streams::Decoder& decoder);

  /// The next record; null: the end.
  const FileRecord* peek();
  FileRecord take();

  /// When its first door record was recorded; looked for behind a thousand dead ones at most.
  std::optional<streams::Time> begins();

  /// What names this file's records: content and adapter.
  const std::string& key() const { return key_; }
  /// Records taken so far.
  std::int64_t position() const { return position_; }
  const LineFile& file() const { return lines_; }
  /// The file is broken: what could be read has come out.
  const std::optional<streams::Error>& failure() const { return lines_.failure(); }
  /// See ReorderWindow::early.
  std::int64_t early() const { return window_.early(); }
  /// Left out on purpose: how often, by reason.
  const std::map<std::string, std::int64_t>& skipped() const { return skipped_; }

  bool timeless() const { return table_ != nullptr && table_->timeless(); }
  bool needs_start() const { return table_ != nullptr && table_->needs_start(); }
  void set_start(streams::Time start) { table_->set_start(start); }

 private:
  FileStream(LineFile lines, std::string key, streams::Decoder& decoder);
  std::optional<streams::Error> open_table(const CsvAdapter* adapter);
  bool read_more();
  void date_first();
  void read_row();
  void read_event(std::string bytes, std::int64_t line);
  void pass(Arrived record, streams::Time recorded);
  void bury(std::string bytes, std::int64_t line, std::string reason);
  bool has_recorded_time(std::string_view bytes);

  LineFile lines_;
  std::string key_;
  streams::Decoder& decoder_;
  std::unique_ptr<CsvRows> rows_;
  std::unique_ptr<CsvTable> table_;
  std::optional<bool> recorded_times_;  // has the file its own? the first event decides
  ReorderWindow window_;
  bool end_ = false;
  std::deque<FileRecord> ready_;
  streams::Time last_{};  // recorded time of the last one made ready
  bool dated_ = false;
  std::int64_t position_ = 0;
  std::map<std::string, std::int64_t> skipped_;
};

}  // namespace connectors
