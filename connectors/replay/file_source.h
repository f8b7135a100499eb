#pragma once

// FileSource: several files as one stream of door records in order of recorded time; at the same
// time registries (rows without a time of their own) first, then in the order of the files.
// `watchfire replay` and `load` pull from it and append to the doors; the demo city and tests too.
// One thread.
//
// Loading the same content again adds nothing, and a killed load goes on where it stopped: a file
// is known by its Position (its key: the hash of content and adapter; how many of its records have
// come out). The caller stores positions() beside what it appends and gives them back as `done`.
// If it dies between the two, the records since come again: the doors are at least once.

#include <memory>
#include <string>
#include <vector>

#include "connectors/replay/file_stream.h"

namespace connectors {

/// By FileStream::key(): records, door and dead ones, that came out.
using Positions = std::map<std::string, std::int64_t, std::less<>>;

struct ReplayProgress {
  std::uint64_t bytes_read = 0, bytes_total = 0;
  std::int64_t records = 0;  // of this run
  std::int64_t dead = 0;
  std::int64_t early = 0;    // see ReorderWindow::early
  std::int64_t resumed = 0;  // passed over: they had come out before
  std::vector<std::string> repeated;  // files with the same content as one before them
  std::map<std::string, std::int64_t> skipped;  // left out on purpose, by reason
};

class FileSource {
 public:
  /// `adapter` may be null when there is no CSV; it and the decoder outlive the source. An error
  /// names the file.
  static streams::Result<FileSource> open(const std::vector<std::string>& paths,
                                          const CsvAdapter* adapter, streams::Decoder& decoder,
                                          Positions done = {});

  /// Nothing: the end.
  std::optional<FileRecord> next();
  /// When the next one was recorded: for Epochs::next_tick.
  std::optional<streams::Time> next_time();

  /// After what next() gave so far, with what was `done`.
  const Positions& positions() const { return positions_; }
  ReplayProgress progress() const;
  /// Sentences about files that could be read only in part.
  std::vector<std::string> failures() const;

 private:
  FileSource() = default;
  void set_start();
  void resume(FileStream& stream);
  FileStream* first();

  std::vector<std::unique_ptr<FileStream>> streams_;  // registries first
  Positions positions_;
  ReplayProgress progress_;
};

}  // namespace connectors
