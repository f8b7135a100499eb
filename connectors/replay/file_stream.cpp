#include "connectors/replay/file_stream.h"

#include "streams/hash.h"
#include "streams/version.h"

namespace connectors {
namespace {

using streams::Error;

bool is_csv(std::string_view path) {
  if (path.ends_with(".gz")) path.remove_suffix(3);
  return path.ends_with(".csv") || path.ends_with(".CSV");
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

}  // namespace

streams::Result<std::unique_ptr<FileStream>> FileStream::open(const std::string& path,
                                                              const CsvAdapter* adapter,
                                                              streams::Decoder& decoder) {
  streams::Result<std::string> content = content_hash(path);
  if (!content) return content.error();
  streams::Result<LineFile> lines = LineFile::open(path);
  if (!lines) return lines.error();
  const bool csv = is_csv(path);
  std::string key = streams::make_id("", {*content, csv && adapter ? adapter->hash() : ""});
  std::unique_ptr<FileStream> stream{new FileStream{std::move(*lines), std::move(key), decoder}};
  if (csv)
    if (std::optional<Error> error = stream->open_table(adapter)) return *error;
  return stream;
}

FileStream::FileStream(LineFile lines, std::string key, streams::Decoder& decoder)
    : lines_(std::move(lines)), key_(std::move(key)), decoder_(decoder) {}

std::optional<Error> FileStream::open_table(const CsvAdapter* adapter) {
  const std::string& path = lines_.path();
  if (adapter == nullptr)
    return Error{Error::Kind::usage,
                 "the file '" + path + "' is CSV: an adapter must say what its rows mean"};
  rows_ = std::make_unique<CsvRows>(lines_);
  CsvRow header;
  if (!rows_->next(header) || !header.problem.empty())
    return Error{Error::Kind::usage, "the file '" + path + "' has no header" +
                                         (header.problem.empty() ? "" : ": " + header.problem)};
  table_ = adapter->open(path, header.cells);
  if (table_ != nullptr) return std::nullopt;
  return Error{Error::Kind::usage, "no table of the adapter '" + adapter->name() +
                                       "' takes the file '" + path + "' with the columns " +
                                       joined(header.cells)};
}

const FileRecord* FileStream::peek() {
  while (ready_.empty() && read_more()) {
  }
  if (!dated_ && !ready_.empty()) date_first();
  return ready_.empty() ? nullptr : &ready_.front();
}

/// Dead records at the beginning belong to where the others begin, not to 1970.
void FileStream::date_first() {
  dated_ = true;
  const streams::Time first = begins().value_or(streams::Time{});
  for (FileRecord& record : ready_) {
    auto* dead = std::get_if<DeadRecord>(&record);
    if (dead == nullptr) return;
    dead->recorded = first;
  }
  last_ = std::max(last_, first);
}

FileRecord FileStream::take() {
  CHECK(peek() != nullptr);
  FileRecord record = std::move(ready_.front());
  ready_.pop_front();
  ++position_;
  return record;
}

std::optional<streams::Time> FileStream::begins() {
  constexpr std::size_t kMostDead = 1000;
  for (std::size_t i = 0; i < kMostDead; ++i) {
    while (ready_.size() <= i && read_more()) {
    }
    if (ready_.size() <= i) return std::nullopt;
    if (std::holds_alternative<DoorRecord>(ready_[i])) return recorded_of(ready_[i]);
  }
  return std::nullopt;
}

/// Reads one line or row; false: the end, and all is ready.
bool FileStream::read_more() {
  if (end_) return false;
  if (rows_ != nullptr) {
    read_row();
  } else if (const std::optional<Line> line = lines_.next()) {
    if (!line->problem.empty())
      bury(std::string{line->text}, line->number, std::string{line->problem});
    else if (line->text.find_first_not_of(" \t\r") != std::string_view::npos)
      read_event(std::string{line->text}, line->number);
  } else {
    end_ = true;
  }
  if (end_) window_.end();
  while (std::optional<Ordered> next = window_.pop())
    pass(std::move(next->record), next->recorded);
  return !end_;
}

void FileStream::read_row() {
  CsvRow row;
  if (!rows_->next(row)) {
    end_ = true;
    return;
  }
  if (!row.problem.empty()) return bury(std::move(row.bytes), row.line, std::move(row.problem));
  Converted converted = table_->convert(row);
  if (!converted.problem.empty())
    return bury(std::move(row.bytes), row.line, std::move(converted.problem));
  if (!converted.skipped.empty()) ++skipped_[converted.skipped];
  for (std::string& event : converted.events) read_event(std::move(event), row.line);
}

void FileStream::read_event(std::string bytes, std::int64_t line) {
  const std::size_t size = bytes.size();
  bytes.append(streams::Decoder::kPadding, ' ');
  streams::Event event;
  const std::optional<streams::Reject> reject = decoder_.decode({bytes.data(), size}, event);
  bytes.resize(size);
  if (reject)
    return bury(std::move(bytes), line,
                reject->reason + " (byte " + std::to_string(reject->position) + ")");
  if (event.type == streams::kTickType) {
    ++skipped_["a tick: a replay makes its own"];
    return;
  }
  const city::Door* door = city::door_of_type(event.type);
  if (door == nullptr)
    return bury(std::move(bytes), line, "no door takes the type '" + std::string{event.type} + "'");
  const streams::Time recorded = event.recorded;
  Arrived record{event.time, std::string{event.source}, std::string{event.id}, std::move(bytes),
                 std::string{door->topic}, std::string{event.subject}, line};
  if (!recorded_times_)  // rows are made without: with them, the adapter gives the order
    recorded_times_ = table_ == nullptr && has_recorded_time(record.bytes);
  if (timeless()) return pass(std::move(record), record.time);
  if (!*recorded_times_) return window_.push(std::move(record));
  const bool known = record.bytes.find("\"recordedtime\"") != std::string::npos;
  pass(std::move(record), known ? recorded : last_);
}

/// An event says so itself: the decoder fills a missing one.
bool FileStream::has_recorded_time(std::string_view bytes) {
  bool has = false;
  decoder_.read(bytes).object([&](std::string_view name, streams::JsonReader& value) {
    if (name == "recordedtime") has = !value.null();
    return true;
  });
  return has;
}

void FileStream::pass(Arrived record, streams::Time recorded) {
  last_ = std::max(last_, recorded);
  ready_.push_back(DoorRecord{std::move(record.topic), std::move(record.subject), last_,
                              std::move(record.bytes)});
}

void FileStream::bury(std::string bytes, std::int64_t line, std::string reason) {
  ready_.push_back(DeadRecord{std::move(bytes), lines_.path(), line, std::move(reason), last_});
}

}  // namespace connectors
