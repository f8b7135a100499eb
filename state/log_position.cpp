#include "state/log_position.h"

#include <map>
#include <utility>

#include "streams/bytes.h"

namespace state {

using streams::Commit;
using streams::Log;
using streams::Offsets;
using streams::Partition;
using streams::Time;

namespace {

void write_offsets(streams::ByteWriter& writer, const Offsets& offsets) {
  writer.varint(offsets.size());
  for (const auto& [partition, next] : offsets) {
    writer.text(partition.topic);
    writer.varint(static_cast<std::uint64_t>(partition.number));
    writer.varint(static_cast<std::uint64_t>(next));
  }
}

Offsets read_offsets(streams::ByteReader& reader) {
  Offsets offsets;
  for (std::uint64_t left = reader.varint(); left > 0 && reader.good(); --left) {
    std::string topic{reader.text()};
    const auto number = static_cast<int>(reader.varint());
    offsets.push_back({{std::move(topic), number}, static_cast<std::int64_t>(reader.varint())});
  }
  return offsets;
}

// As steps: two bytes each.
void write_ticks(streams::ByteWriter& writer, const std::vector<Time>& ticks) {
  writer.varint(ticks.size());
  Time before{};
  for (const Time tick : ticks)
    writer.zigzag((tick - std::exchange(before, tick)).count());
}

std::vector<Time> read_ticks(streams::ByteReader& reader) {
  std::vector<Time> ticks;
  Time at{};
  for (std::uint64_t left = reader.varint(); left > 0 && reader.good(); --left)
    ticks.push_back(at += streams::Duration{reader.zigzag()});
  return ticks;
}

}  // namespace

std::string position_bytes(const Log::Position& position) {
  std::string bytes;
  streams::ByteWriter writer{bytes};
  writer.varint(position.sequence);
  write_offsets(writer, position.consumed);
  write_offsets(writer, position.replay.from);
  write_ticks(writer, position.replay.ticks);
  writer.fixed(position.replay.told);
  return bytes;
}

std::optional<Log::Position> read_position(std::string_view bytes) {
  streams::ByteReader reader{bytes};
  Log::Position position;
  position.sequence = reader.varint();
  position.consumed = read_offsets(reader);
  position.replay.from = read_offsets(reader);
  position.replay.ticks = read_ticks(reader);
  position.replay.told = reader.fixed<std::uint64_t>();
  if (!reader.good()) return std::nullopt;
  return position;
}

Log::Position moved(const Log::Position& from, const Commit& commit) {
  std::map<Partition, std::int64_t> consumed{from.consumed.begin(), from.consumed.end()};
  for (const auto& [partition, next] : commit.consumed) consumed[partition] = next;
  return {commit.sequence, {consumed.begin(), consumed.end()}, commit.replay};
}

}  // namespace state
