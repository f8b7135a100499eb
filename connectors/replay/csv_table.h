#pragma once

// CsvTable: one file that an adapter recognised: each of its rows becomes events, is skipped with a
// reason, or has a problem. TableSpec: what the adapter says about such files, read and compiled by
// csv_adapter. A table belongs to one FileStream and its thread.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connectors/replay/csv_rows.h"
#include "connectors/replay/text_template.h"
#include "operators/city/topics.h"
#include "operators/rules/cel/cel.h"
#include "streams/time.h"

namespace connectors {

/// A member of an event's `data`.
struct ValueSpec {
  enum class Kind { constant, text, lookup, expression } kind = Kind::constant;
  std::string name;
  std::string constant;                       // JSON
  TextTemplate text;                          // what comes out empty is null
  std::size_t column = 0;                     // of a lookup: whose cell is looked up
  std::map<std::string, std::string, std::less<>> values;  // JSON by cell
  std::optional<std::string> otherwise;       // JSON; none: a cell that is not listed is a problem
  std::optional<cel::Program> expression;
};

struct EventSpec {
  std::optional<cel::Program> when;
  const city::Door* door = nullptr;
  TextTemplate subject;
  TextTemplate id;  // empty: a hash of the row and the event's place in its list
  std::vector<ValueSpec> data;
};

struct RowSpec {
  std::optional<cel::Program> when;
  std::string skip;  // why such rows are left out on purpose
  std::vector<EventSpec> events;
};

struct TimeSpec {
  TextTemplate text;            // empty: the rows have no time of their own
  std::string format;           // of strptime; empty: RFC 3339
  std::string offset = "Z";     // of times in such a format
  std::optional<streams::Time> start;
  streams::Duration step{};     // from row to row, where they have no time
};

struct TableSpec {
  std::string file;             // pattern of its name, as shells match it
  std::string source;           // of the events
  std::vector<std::string> columns;
  TimeSpec time;
  std::vector<RowSpec> rows;    // the first one whose `when` is true takes the row
};

struct Converted {
  std::vector<std::string> events;  // structured CloudEvents
  std::string skipped;              // why the row was left out on purpose
  std::string problem;
};

class CsvTable {
 public:
  /// `spec` outlives the table.
  CsvTable(const TableSpec& spec, const std::vector<std::string>& header);

  Converted convert(const CsvRow& row);

  /// Rows without a time of their own lie at `start`, and before what others say of that time.
  bool timeless() const { return spec_.time.text.empty(); }
  bool needs_start() const { return timeless() && !spec_.time.start; }
  void set_start(streams::Time start) { start_ = start; }

 private:
  enum class Answer { no, yes, problem };
  Answer ask(const std::optional<cel::Program>& when, std::string& problem);
  std::optional<streams::Time> time_of_row(std::string& problem) const;
  bool append_value(const ValueSpec& value, std::string& out, std::string& problem);
  bool append_data(const EventSpec& event, std::string& out, std::string& problem);
  std::string event_of(const EventSpec& event, std::size_t place, streams::Time time,
                       const CsvRow& row, std::string& problem);

  const TableSpec& spec_;
  std::size_t header_size_;
  std::vector<std::size_t> places_;  // in the file, by column of the spec
  std::optional<streams::Time> start_;
  std::int64_t rows_ = 0;
  std::vector<streams::Slot> cells_;
  cel::Arena arena_;
};

}  // namespace connectors
