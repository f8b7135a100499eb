#include "state/latest_records.h"

#include <algorithm>

#include "streams/decoder.h"

namespace state {

using rocksdb::Status;
using streams::Append;
using streams::ByteReader;
using streams::ByteWriter;
using streams::Duration;
using streams::LogRecord;
using streams::Result;
using streams::Time;

namespace {

std::string head_of(std::int64_t offset, Time recorded) {
  std::string bytes;
  ByteWriter writer{bytes};
  writer.varint(static_cast<std::uint64_t>(offset));
  writer.fixed(static_cast<std::int64_t>(recorded.time_since_epoch().count()));
  return bytes;
}

LogRecord read_head(ByteReader& reader) {
  LogRecord record;
  record.offset = static_cast<std::int64_t>(reader.varint());
  record.recorded = Time{Duration{reader.fixed<std::int64_t>()}};
  return record;
}

streams::Error damaged(const Database& database, std::string_view key) {
  return {streams::Error::Kind::fatal,
          "the newest record of \"" + std::string{key} + "\" in " + database.directory() +
              "/state is not what was written; restore the directory from a copy"};
}

}  // namespace

Result<void> LatestRecords::load(Database& database) {
  std::string value;
  const Status status = database.rocks().Get({}, database.latest(), place_key(place_), &value);
  if (status.IsNotFound()) return {};
  if (!status.ok()) return database.error(status, "read the status topics");
  ByteReader reader{value};
  const LogRecord last = read_head(reader);
  if (!reader.good()) return damaged(database, "");
  end_ = last.offset;
  last_recorded_ = last.recorded;
  return {};
}

Result<std::vector<LogPlace>> LatestRecords::places(Database& database) {
  std::vector<LogPlace> places;
  const std::unique_ptr<rocksdb::Iterator> it{database.rocks().NewIterator({}, database.latest())};
  for (it->SeekToFirst(); it->Valid();) {
    LogPlace place = place_of(it->key().ToStringView());
    places.push_back(place);
    ++place.number;
    it->Seek(place_key(place));
  }
  if (!it->status().ok()) return database.error(it->status(), "read the status topics");
  return places;
}

void LatestRecords::add(const Append& record) {
  last_recorded_ = end_ == 0 ? record.recorded : std::max(record.recorded, last_recorded_);
  std::string value = record.bytes.empty() ? "" : head_of(end_, last_recorded_) + record.bytes;
  rows_.emplace_back(place_key(place_) + record.key, std::move(value));
  ++end_;
}

std::vector<LatestRecords::Row> LatestRecords::take() {
  std::vector<Row> rows = std::exchange(rows_, {});
  if (!rows.empty()) rows.emplace_back(place_key(place_), head_of(end_, last_recorded_));
  return rows;
}

Result<void> visit_latest(Database& database, LogPlace place, const VisitLatest& visit) {
  const std::string prefix = place_key(place);
  std::string padded;
  const std::unique_ptr<rocksdb::Iterator> it{database.rocks().NewIterator({}, database.latest())};
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    const std::string_view key = it->key().ToStringView().substr(prefix.size());
    if (key.empty()) continue;  // where the partition ends
    ByteReader reader{it->value().ToStringView()};
    LogRecord record = read_head(reader);
    if (!reader.good()) return damaged(database, key);
    padded.assign(reader.rest()).append(streams::Decoder::kPadding, '\0');
    record.bytes = std::string_view{padded}.substr(0, reader.rest().size());
    if (!visit(key, record)) break;
  }
  if (!it->status().ok()) return database.error(it->status(), "read the status topics");
  return {};
}

streams::Result<streams::Batch> newest_from(Database& database, LogPlace place,
                                            std::int64_t offset) {
  auto kept = std::make_shared<std::vector<std::string>>();
  streams::Batch batch;
  const streams::Result<void> visited =
      visit_latest(database, place, [&](std::string_view, const streams::LogRecord& record) {
        if (record.offset < offset) return true;
        kept->emplace_back(record.bytes).append(streams::Decoder::kPadding, ' ');
        batch.records.push_back({record.offset, record.recorded, {}});
        return true;
      });
  if (!visited) return visited.error();
  for (std::size_t i = 0; i < kept->size(); ++i)
    batch.records[i].bytes =
        std::string_view{(*kept)[i]}.substr(0, (*kept)[i].size() - streams::Decoder::kPadding);
  std::sort(batch.records.begin(), batch.records.end(),
            [](const auto& a, const auto& b) { return a.offset < b.offset; });
  batch.owner = std::move(kept);
  return batch;
}

}  // namespace state
