#pragma once

// CsvRows: the rows of a CSV file by RFC 4180: quoted cells may hold commas, quotes and newlines.
// libcsv parses, line by line, so that one stray quote costs the line it stands in and not the
// rest of the file: a row may go over 64 lines and 1 MiB at most, and where one can't be read,
// reading starts again at the line after its first. Used by FileStream; one thread.

#include <csv.h>

#include <deque>
#include <string>
#include <vector>

#include "connectors/replay/line_file.h"

namespace connectors {

struct CsvRow {
  std::vector<std::string> cells;
  std::string bytes;       // as it stood in the file; of a row with a problem its first line
  std::int64_t line = 0;   // of its beginning
  std::string problem;     // a sentence; empty: the cells are good
};

class CsvRows {
 public:
  static constexpr std::size_t kMaxRowLines = 64;

  explicit CsvRows(LineFile& lines);
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;
  ~CsvRows();

  /// False: the end. Blank lines are no rows.
  bool next(CsvRow& row);

 private:
  struct Kept {
    std::string text;
    std::int64_t number;
    std::string problem;
  };
  bool take(Kept& line);
  bool feed(std::string_view text);
  void restart();
  bool fail(CsvRow& row, std::deque<Kept>& taken, std::string problem);

  LineFile& lines_;
  csv_parser parser_;
  std::vector<std::string> cells_;
  bool complete_ = false;
  std::deque<Kept> again_;  // lines of a row that could not be read
};

}  // namespace connectors
