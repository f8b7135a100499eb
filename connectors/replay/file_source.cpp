#include "connectors/replay/file_source.h"

#include <algorithm>

namespace connectors {

streams::Result<FileSource> FileSource::open(const std::vector<std::string>& paths,
                                             const CsvAdapter* adapter, streams::Decoder& decoder,
                                             Positions done) {
  FileSource source;
  source.positions_ = std::move(done);
  for (const std::string& path : paths) {
    auto stream = FileStream::open(path, adapter, decoder);
    if (!stream) return stream.error();
    const auto same = [&](const auto& other) { return other->key() == (*stream)->key(); };
    if (std::any_of(source.streams_.begin(), source.streams_.end(), same))
      source.progress_.repeated.push_back(path);
    else
      source.streams_.push_back(std::move(*stream));
  }
  std::stable_partition(source.streams_.begin(), source.streams_.end(),
                        [](const auto& stream) { return stream->timeless(); });
  source.set_start();
  for (const auto& stream : source.streams_) source.resume(*stream);
  return source;
}

/// Registries that name no start lie where the other files begin.
void FileSource::set_start() {
  std::optional<streams::Time> start;
  for (const auto& stream : streams_) {
    if (stream->needs_start()) continue;
    const std::optional<streams::Time> begins = stream->begins();
    if (begins && (!start || *begins < *start)) start = begins;
  }
  for (const auto& stream : streams_)
    if (start && stream->needs_start()) stream->set_start(*start);
}

void FileSource::resume(FileStream& stream) {
  const std::int64_t done = positions_[stream.key()];
  while (stream.position() < done && stream.peek() != nullptr) {
    (void)stream.take();
    ++progress_.resumed;
  }
}

FileStream* FileSource::first() {
  FileStream* first = nullptr;
  for (const auto& stream : streams_) {
    if (stream->peek() == nullptr) continue;
    if (first == nullptr || recorded_of(*stream->peek()) < recorded_of(*first->peek()))
      first = stream.get();
  }
  return first;
}

std::optional<streams::Time> FileSource::next_time() {
  FileStream* stream = first();
  if (stream == nullptr) return std::nullopt;
  return recorded_of(*stream->peek());
}

std::optional<FileRecord> FileSource::next() {
  FileStream* stream = first();
  if (stream == nullptr) return std::nullopt;
  FileRecord record = stream->take();
  ++(std::holds_alternative<DoorRecord>(record) ? progress_.records : progress_.dead);
  positions_[stream->key()] = stream->position();
  return record;
}

ReplayProgress FileSource::progress() const {
  ReplayProgress progress = progress_;
  for (const auto& stream : streams_) {
    progress.bytes_read += stream->file().bytes_read();
    progress.bytes_total += stream->file().bytes_total();
    progress.early += stream->early();
    for (const auto& [reason, count] : stream->skipped()) progress.skipped[reason] += count;
  }
  return progress;
}

std::vector<std::string> FileSource::failures() const {
  std::vector<std::string> sentences;
  for (const auto& stream : streams_)
    if (stream->failure()) sentences.push_back(stream->failure()->what);
  return sentences;
}

}  // namespace connectors
