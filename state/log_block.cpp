#include "state/log_block.h"

#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "streams/bytes.h"
#include "streams/decoder.h"

namespace state {

using streams::ByteReader;
using streams::ByteWriter;
using streams::Decoder;
using streams::Duration;
using streams::LogRecord;
using streams::Time;

namespace {

constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kHeaderBytes = kChecksumBytes + 4 + 8 + 8;

std::uint64_t checksum_of(std::string_view block, std::int64_t base) {
  const std::string_view covered = block.substr(kChecksumBytes);
  return XXH3_64bits_withSeed(covered.data(), covered.size(), static_cast<XXH64_hash_t>(base));
}

/// Walks `count` records; those from offset `from` on are added.
bool read_records(std::string_view bytes, std::int64_t count, std::int64_t offset, Time recorded,
                  std::int64_t from, std::vector<LogRecord>& records) {
  ByteReader reader{bytes};
  const std::size_t before = records.size();
  for (const std::int64_t end = offset + count; offset < end; ++offset) {
    recorded += Duration{static_cast<Duration::rep>(reader.varint())};
    const std::string_view record = reader.text();
    if (!reader.good()) {
      records.resize(before);
      return false;
    }
    if (offset >= from) records.push_back({offset, recorded, record});
  }
  return true;
}

}  // namespace

std::optional<BlockHeader> read_block_header(std::string_view block) {
  if (block.size() < kHeaderBytes + Decoder::kPadding) return std::nullopt;
  ByteReader reader{block.substr(kChecksumBytes)};
  BlockHeader header;
  header.count = reader.fixed<std::uint32_t>();
  header.first_recorded = Time{Duration{reader.fixed<std::int64_t>()}};
  header.bytes_before = reader.fixed<std::uint64_t>();
  return header;
}

bool read_block(std::string_view block, std::int64_t base, std::int64_t from,
                std::vector<LogRecord>& records) {
  const std::optional<BlockHeader> header = read_block_header(block);
  if (!header || ByteReader{block}.fixed<std::uint64_t>() != checksum_of(block, base)) return false;
  block.remove_prefix(kHeaderBytes);
  block.remove_suffix(Decoder::kPadding);
  records.reserve(records.size() + static_cast<std::size_t>(header->count));
  return read_records(block, header->count, base, header->first_recorded, from, records);
}

void BlockWriter::start() {
  bytes_.assign(kHeaderBytes, '\0');
  places_.clear();
}

void BlockWriter::add(Time recorded, std::string_view bytes) {
  const Duration delta = places_.empty() ? Duration{} : recorded - places_.back().recorded;
  places_.push_back({bytes_.size(), recorded});
  ByteWriter writer{bytes_};
  writer.varint(static_cast<std::uint64_t>(delta.count()));
  writer.text(bytes);
}

std::string BlockWriter::finish(std::int64_t base, std::uint64_t bytes_before) {
  bytes_.append(Decoder::kPadding, '\0');
  std::string header(kChecksumBytes, '\0');
  ByteWriter writer{header};
  writer.fixed(static_cast<std::uint32_t>(places_.size()));
  writer.fixed(static_cast<std::int64_t>(places_.front().recorded.time_since_epoch().count()));
  writer.fixed(bytes_before);
  bytes_.replace(0, kHeaderBytes, header);
  const std::uint64_t checksum = checksum_of(bytes_, base);
  std::memcpy(bytes_.data(), &checksum, sizeof checksum);
  std::string block = std::exchange(bytes_, {});
  start();
  return block;
}

streams::Batch BlockWriter::copy(std::int64_t base, std::int64_t from) const {
  const Place& first = places_[static_cast<std::size_t>(from - base)];
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(bytes_.size() - first.at + Decoder::kPadding);
  bytes->append(bytes_, first.at).append(Decoder::kPadding, '\0');
  streams::Batch batch;
  // The first one's delta counts from a predecessor that is not in the copy.
  const Time predecessor =
      from == base ? first.recorded : places_[static_cast<std::size_t>(from - base - 1)].recorded;
  CHECK(read_records(*bytes, base + count() - from, from, predecessor, from, batch.records));
  batch.owner = std::move(bytes);
  return batch;
}

}  // namespace state
