#include "state/stored_blocks.h"

#include <rocksdb/convenience.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <deque>
#include <limits>

#include "state/log_block.h"

namespace state {

using rocksdb::PinnableSlice;
using rocksdb::Status;
using streams::Batch;
using streams::Error;
using streams::LogRecord;
using streams::Result;
using streams::Time;

namespace {

rocksdb::ReadOptions block_reads() {
  rocksdb::ReadOptions options;
  options.verify_checksums = false;  // a block has its own
  return options;
}

std::string described(const NamedPlace& at, std::int64_t offset) {
  return "topic " + at.partition.topic + " partition " + std::to_string(at.partition.number) +
         " at offset " + std::to_string(offset);
}

}  // namespace

Error StoredBlocks::damaged(const NamedPlace& at, std::int64_t offset) const {
  return {Error::Kind::fatal, "the log is damaged: " + described(at, offset) + " in " +
                                  database_.directory() +
                                  "/state is not what was written; check the disk and restore the "
                                  "directory from a copy"};
}

Error StoredBlocks::failed(const Status& status, const NamedPlace& at, std::int64_t offset) const {
  return database_.error(status, "read " + described(at, offset));
}

Result<std::vector<LogPlace>> StoredBlocks::places() {
  std::vector<LogPlace> places;
  const std::unique_ptr<rocksdb::Iterator> it{
      database_.rocks().NewIterator(block_reads(), database_.log())};
  for (it->SeekToFirst(); it->Valid();) {
    const LogPlace place = place_of(it->key().ToStringView());
    places.push_back(place);
    it->Seek(block_key(place, std::numeric_limits<std::int64_t>::max()));
  }
  if (!it->status().ok()) return database_.error(it->status(), "read the log");
  return places;
}

Result<StoredBlocks::Extent> StoredBlocks::extent(const NamedPlace& at) {
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  const Result<Head> first = head_of(at, 0);
  if (!first) return first.error();
  const Result<Head> last = head_of(at, kLast);
  if (!last) return last.error();
  const Result<Batch> batch = fetch(at, last->base, last->end, 1);
  if (!batch) return batch.error();
  Extent extent{first->base,
                last->end,
                first->first_recorded,
                batch->records.back().recorded,
                first->bytes_before,
                0};
  PinnableSlice block;
  const Status status = database_.rocks().Get(block_reads(), database_.log(),
                                              block_key(at.place, last->base), &block);
  if (!status.ok()) return failed(status, at, last->base);
  extent.bytes_end = last->bytes_before + block.size();
  return extent;
}

Result<StoredBlocks::Head> StoredBlocks::head_of(const NamedPlace& at, std::int64_t offset) {
  const std::unique_ptr<rocksdb::Iterator> it{
      database_.rocks().NewIterator(block_reads(), database_.log())};
  const std::string place = place_key(at.place);
  it->SeekForPrev(block_key(at.place, offset));
  // Before the first block: a trim took the rest, the first block is where the partition begins.
  if (it->status().ok() && (!it->Valid() || !it->key().starts_with(place)))
    it->Seek(block_key(at.place, offset));
  if (!it->status().ok()) return failed(it->status(), at, offset);
  if (!it->Valid() || !it->key().starts_with(place)) return damaged(at, offset);
  const std::int64_t base = offset_of(it->key().ToStringView());
  const std::optional<BlockHeader> header = read_block_header(it->value().ToStringView());
  if (!header || header->count == 0) return damaged(at, base);
  return Head{base, base + header->count, header->first_recorded, header->bytes_before};
}

Result<Batch> StoredBlocks::fetch(const NamedPlace& at, std::int64_t offset, std::int64_t end,
                                  std::size_t limit_bytes) {
  auto owner = std::make_shared<std::deque<PinnableSlice>>();
  Batch batch;
  std::size_t bytes = 0;
  std::int64_t base = offset;
  while (base < end && (bytes == 0 || bytes < limit_bytes)) {
    PinnableSlice& block = owner->emplace_back();
    Status status = database_.rocks().Get(block_reads(), database_.log(),
                                          block_key(at.place, base), &block);
    // A reader that goes on where it stopped hits the block's beginning; another is inside it.
    if (status.IsNotFound() && bytes == 0) {
      const Result<Head> head = head_of(at, offset);
      if (!head) return head.error();
      if (head->end <= offset) return damaged(at, offset);
      base = head->base;
      status = database_.rocks().Get(block_reads(), database_.log(), block_key(at.place, base),
                                     &block);
    }
    if (status.IsNotFound()) return damaged(at, base);
    if (!status.ok()) return failed(status, at, base);
    if (!read_block(block.ToStringView(), base, offset, batch.records)) return damaged(at, base);
    if (batch.records.empty()) return damaged(at, base);
    bytes += block.size();
    base = batch.records.back().offset + 1;
  }
  batch.owner = std::move(owner);
  return batch;
}

Result<std::int64_t> StoredBlocks::offset_at(const NamedPlace& at, std::int64_t first,
                                             std::int64_t end, Time time) {
  // The last block that begins before `time` is the only one in which it can lie.
  std::int64_t candidate = first;
  std::int64_t low = first;
  for (std::int64_t high = end; low < high;) {
    const std::int64_t middle = low + (high - low) / 2;
    const Result<Head> head = head_of(at, middle);
    if (!head) return head.error();
    if (head->first_recorded < time) {
      candidate = head->base;
      low = head->end;
    } else {
      high = std::min(head->base, middle);
    }
  }
  if (candidate >= end) return end;
  const Result<Batch> batch = fetch(at, candidate, end, 1);
  if (!batch) return batch.error();
  for (const LogRecord& record : batch->records)
    if (record.recorded >= time) return record.offset;
  return batch->records.back().offset + 1;
}

Result<void> StoredBlocks::remove_before(const NamedPlace& at, std::int64_t base) {
  const std::string from = block_key(at.place, 0);
  const std::string to = block_key(at.place, base);
  const rocksdb::Slice begin{from};
  const rocksdb::Slice limit{to};
  rocksdb::DB& rocks = database_.rocks();
  Status status = rocksdb::DeleteFilesInRange(&rocks, database_.log(), &begin, &limit, false);
  if (status.ok()) status = rocks.DeleteRange({}, database_.log(), begin, limit);
  if (status.ok()) {
    // Keys are few: it drops them, with the blob files in which nothing else lies.
    rocksdb::CompactRangeOptions compact;
    compact.exclusive_manual_compaction = false;
    status = rocks.CompactRange(compact, database_.log(), &begin, &limit);
  }
  if (status.ok()) status = collect_garbage();
  if (!status.ok()) return database_.error(status, "trim " + described(at, base));
  return {};
}

Status StoredBlocks::collect_garbage() {
  rocksdb::ColumnFamilyMetaData family;
  database_.rocks().GetColumnFamilyMetaData(database_.log(), &family);
  // The longest run of oldest files that is half garbage: what lives in them is moved out.
  std::uint64_t garbage = 0;
  std::uint64_t total = 0;
  std::size_t collected = 0;
  for (std::size_t i = 0; i < family.blob_files.size(); ++i) {
    garbage += family.blob_files[i].garbage_blob_bytes;
    total += family.blob_files[i].total_blob_bytes;
    if (garbage >= total / 2) collected = i + 1;
  }
  if (collected == 0 || garbage == 0) return Status::OK();
  rocksdb::CompactRangeOptions compact;
  compact.exclusive_manual_compaction = false;
  compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  compact.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;
  compact.blob_garbage_collection_age_cutoff =
      static_cast<double>(collected) / static_cast<double>(family.blob_files.size());
  return database_.rocks().CompactRange(compact, database_.log(), nullptr, nullptr);
}

}  // namespace state
