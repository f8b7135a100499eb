#include "connectors/replay/csv_rows.h"

namespace connectors {
namespace {

// A lone carriage return is a character like others: LineFile knows where lines end.
int is_line_end(unsigned char c) { return c == '\n' ? 1 : 0; }

}  // namespace

CsvRows::CsvRows(LineFile& lines) : lines_(lines) {
  CHECK(csv_init(&parser_, CSV_STRICT) == 0);
  csv_set_term_func(&parser_, is_line_end);
}

CsvRows::~CsvRows() { csv_free(&parser_); }

void CsvRows::restart() {
  csv_free(&parser_);
  CHECK(csv_init(&parser_, CSV_STRICT) == 0);
  csv_set_term_func(&parser_, is_line_end);
  cells_.clear();
  complete_ = false;
}

bool CsvRows::take(Kept& line) {
  if (!again_.empty()) {
    line = std::move(again_.front());
    again_.pop_front();
    return true;
  }
  const std::optional<Line> read = lines_.next();
  if (!read) return false;
  line = {std::string{read->text}, read->number, std::string{read->problem}};
  return true;
}

/// False: a quote stands where none may.
bool CsvRows::feed(std::string_view text) {
  const auto on_cell = [](void* cell, std::size_t size, void* self) {
    static_cast<CsvRows*>(self)->cells_.emplace_back(static_cast<const char*>(cell), size);
  };
  const auto on_row = [](int, void* self) { static_cast<CsvRows*>(self)->complete_ = true; };
  return csv_parse(&parser_, text.data(), text.size(), on_cell, on_row, this) == text.size() &&
         csv_parse(&parser_, "\n", 1, on_cell, on_row, this) == 1;
}

bool CsvRows::fail(CsvRow& row, std::deque<Kept>& taken, std::string problem) {
  row = {{}, std::move(taken.front().text), taken.front().number, std::move(problem)};
  again_.insert(again_.begin(), std::make_move_iterator(taken.begin() + 1),
                std::make_move_iterator(taken.end()));
  return true;
}

bool CsvRows::next(CsvRow& row) {
  restart();
  std::deque<Kept> taken;
  std::size_t bytes = 0;
  Kept line;
  while (take(line)) {
    if (taken.empty() && line.problem.empty() &&
        line.text.find_first_not_of(" \t") == std::string::npos)
      continue;
    taken.push_back(std::move(line));
    const Kept& last = taken.back();
    bytes += last.text.size() + 1;
    if (!last.problem.empty())
      return fail(
          row, taken,
          taken.size() == 1 ? last.problem : "a quoted cell is still open: " + last.problem);
    if (!feed(last.text))
      return fail(row, taken, "a quote stands inside a cell, or behind one something else than a "
                              "comma (within a quoted cell a quote is written twice)");
    if (complete_) {
      row = {std::move(cells_), {}, taken.front().number, {}};
      for (const Kept& part : taken) row.bytes += (row.bytes.empty() ? "" : "\n") + part.text;
      return true;
    }
    if (taken.size() == kMaxRowLines || bytes > LineFile::kMaxLineBytes)
      return fail(row, taken, "a quote is opened and not closed within 64 lines and 1 MiB");
  }
  if (taken.empty()) return false;
  return fail(row, taken, "a quote is opened and not closed before the end of the file");
}

}  // namespace connectors
