#pragma once

// LineFile: the lines of a plain or gzipped file, one after the other. First step of a replay;
// used by FileStream and CsvRows, on the thread that replays. A line is bounded, so a file that is
// no text costs no memory; of a gzip file that is broken in the middle, what could be read is
// given, and failure() says the rest (zlib keeps the last few KiB before the fault for itself).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "streams/result.h"

struct gzFile_s;

namespace connectors {

struct Line {
  std::string_view text;     // without its end; lives until the next call
  std::int64_t number = 0;   // from 1
  std::string_view problem;  // why it can't be used: a sentence; empty: it can
};

class LineFile {
 public:
  static constexpr std::size_t kMaxLineBytes = 1 << 20;

  /// An error names the file and what is wrong with it.
  static streams::Result<LineFile> open(const std::string& path);
  LineFile(LineFile&& other) noexcept;
  LineFile& operator=(LineFile&&) = delete;
  ~LineFile();

  /// Nothing: the end, or where the file is broken.
  std::optional<Line> next();
  const std::optional<streams::Error>& failure() const { return failure_; }

  const std::string& path() const { return path_; }
  /// Progress, in bytes as they lie on disk.
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const { return total_; }

 private:
  LineFile(std::string path, gzFile_s* file, std::uint64_t total);
  bool refill();
  Line finish(bool ended);

  std::string path_;
  gzFile_s* file_;
  std::uint64_t total_;
  std::string block_;
  std::size_t at_ = 0;  // in block_
  bool end_ = false;
  std::string line_;
  bool too_long_ = false;
  std::int64_t number_ = 0;
  std::optional<streams::Error> failure_;
};

/// Of the text inside (a file and its .gz have the same): 32 hex digits. Reads the whole file.
streams::Result<std::string> content_hash(const std::string& path);

}  // namespace connectors
