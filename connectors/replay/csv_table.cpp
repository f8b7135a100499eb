#include "connectors/replay/csv_table.h"

#include <algorithm>
#include <ctime>

#include "streams/hash.h"
#include "streams/json.h"

namespace connectors {
namespace {

using streams::Slot;

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 80;
  return "'" + std::string{text.substr(0, kShown)} + (text.size() > kShown ? "…'" : "'");
}

/// False: such a value has no place in `data`.
bool append_slot(const Slot& slot, std::string& out) {
  switch (slot.kind) {
    case Slot::Kind::null: out += "null"; return true;
    case Slot::Kind::boolean: out += slot.b ? "true" : "false"; return true;
    case Slot::Kind::integer: out += std::to_string(slot.i); return true;
    case Slot::Kind::natural: out += std::to_string(slot.u); return true;
    case Slot::Kind::number: streams::append_json_number(out, slot.d); return true;
    case Slot::Kind::text: streams::append_json_text(out, slot.view()); return true;
    default: return false;
  }
}

std::optional<streams::Time> parse_format(const std::string& text, const TimeSpec& spec) {
  std::tm fields{};
  const char* end = strptime(text.c_str(), spec.format.c_str(), &fields);
  if (end == nullptr || *end != '\0') return std::nullopt;
  char iso[32];
  if (std::strftime(iso, sizeof iso, "%Y-%m-%dT%H:%M:%S", &fields) == 0) return std::nullopt;
  return streams::parse_time(iso + spec.offset);
}

/// Names the row's content: the same row has the same id wherever and whenever it is read.
std::string row_id(const TableSpec& spec, const CsvRow& row) {
  std::string joined;
  for (const std::string& cell : row.cells) joined += std::to_string(cell.size()) + ":" + cell;
  return streams::make_id("", {spec.source, spec.file, joined});
}

}  // namespace

CsvTable::CsvTable(const TableSpec& spec, const std::vector<std::string>& header)
    : spec_(spec), header_size_(header.size()), start_(spec.time.start) {
  for (const std::string& column : spec.columns)
    places_.push_back(static_cast<std::size_t>(std::find(header.begin(), header.end(), column) -
                                               header.begin()));
  cells_.resize(places_.size());
}

Converted CsvTable::convert(const CsvRow& row) {
  Converted done;
  ++rows_;
  if (row.cells.size() != header_size_) {
    done.problem = "the row has " + std::to_string(row.cells.size()) + " cells, the header " +
                   std::to_string(header_size_);
    return done;
  }
  for (std::size_t i = 0; i < places_.size(); ++i) cells_[i] = Slot::text(row.cells[places_[i]]);
  arena_.reset();
  for (const RowSpec& spec : spec_.rows) {
    const Answer answer = ask(spec.when, done.problem);
    if (answer == Answer::problem) return done;
    if (answer == Answer::no) continue;
    done.skipped = spec.skip;
    if (!spec.skip.empty()) return done;
    const std::optional<streams::Time> time = time_of_row(done.problem);
    if (!time) return done;
    for (std::size_t place = 0; place < spec.events.size(); ++place) {
      const Answer wanted = ask(spec.events[place].when, done.problem);
      std::string event;
      if (wanted == Answer::yes)
        event = event_of(spec.events[place], place + 1, *time, row, done.problem);
      if (!done.problem.empty()) {  // a row counts whole or not at all
        done.events.clear();
        return done;
      }
      if (!event.empty()) done.events.push_back(std::move(event));
    }
    return done;
  }
  done.problem = "no entry of the adapter's 'rows' takes a row like this";
  return done;
}

CsvTable::Answer CsvTable::ask(const std::optional<cel::Program>& when, std::string& problem) {
  if (!when) return Answer::yes;
  const Slot answer = cel::evaluate(*when, cells_, arena_);
  if (answer.is(Slot::Kind::boolean)) return answer.b ? Answer::yes : Answer::no;
  problem = "the condition `" + std::string{when->source()} + "` can't be decided: " +
            (answer.is(Slot::Kind::error) ? when->explain(answer) : "it is neither true nor false");
  return Answer::problem;
}

std::optional<streams::Time> CsvTable::time_of_row(std::string& problem) const {
  if (timeless()) {
    if (!start_) problem = "the row has no time, and no other file says when the replay starts";
    if (!start_) return std::nullopt;
    return *start_ + spec_.time.step * (rows_ - 1);
  }
  const std::string text = spec_.time.text.fill(cells_);
  const auto time = spec_.time.format.empty() ? streams::parse_time(text)
                                              : parse_format(text, spec_.time);
  if (!time)
    problem = quoted(text) + " is no time of the form " +
              (spec_.time.format.empty() ? "2026-11-22T08:00:00Z" : spec_.time.format);
  return time;
}

bool CsvTable::append_value(const ValueSpec& value, std::string& out, std::string& problem) {
  switch (value.kind) {
    case ValueSpec::Kind::constant: out += value.constant; return true;
    case ValueSpec::Kind::text: {
      const std::string text = value.text.fill(cells_);
      if (text.empty())
        out += "null";
      else
        streams::append_json_text(out, text);
      return true;
    }
    case ValueSpec::Kind::lookup: {
      const auto found = value.values.find(cells_[value.column].view());
      if (found == value.values.end() && !value.otherwise) {
        problem = "'" + value.name + "' has no value for " + quoted(cells_[value.column].view()) +
                  " in column '" + spec_.columns[value.column] + "'";
        return false;
      }
      out += found == value.values.end() ? *value.otherwise : found->second;
      return true;
    }
    case ValueSpec::Kind::expression: {
      const Slot slot = cel::evaluate(*value.expression, cells_, arena_);
      if (append_slot(slot, out)) return true;
      problem = "'" + value.name + "' can't be made of";
      for (const cel::Use& use : value.expression->variables())
        problem += " " + use.path + " " + quoted(cells_[use.index].view());
      problem += slot.is(Slot::Kind::error) ? ": " + value.expression->explain(slot)
                                            : ": it is neither text nor number nor true or false";
      return false;
    }
  }
  return false;
}

bool CsvTable::append_data(const EventSpec& event, std::string& out, std::string& problem) {
  out += '{';
  for (const ValueSpec& value : event.data) {
    if (out.back() != '{') out += ',';
    streams::append_json_text(out, value.name);
    out += ':';
    if (!append_value(value, out, problem)) return false;
  }
  out += '}';
  return true;
}

std::string CsvTable::event_of(const EventSpec& event, std::size_t place, streams::Time time,
                               const CsvRow& row, std::string& problem) {
  const std::string id = event.id.empty() ? row_id(spec_, row) + "." + std::to_string(place)
                                          : event.id.fill(cells_);
  std::string out = R"({"specversion":"1.0","id":)";
  streams::append_json_text(out, id);
  out += R"(,"source":)";
  streams::append_json_text(out, spec_.source);
  out += R"(,"type":)";
  streams::append_json_text(out, event.door->type);
  out += R"(,"subject":)";
  streams::append_json_text(out, event.subject.fill(cells_));
  out += R"(,"time":")";
  streams::append_time(out, time);
  out += R"(","datacontenttype":"application/json","data":)";
  std::string data;
  if (!append_data(event, data, problem)) return {};
  return out + data + "}";
}

}  // namespace connectors
