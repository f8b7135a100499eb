#include "state/log_position.h"

#include <map>

#include "streams/bytes.h"

namespace state {

using streams::Commit;
using streams::Log;
using streams::Partition;

std::string position_bytes(const Log::Position& position) {
  std::string bytes;
  streams::ByteWriter writer{bytes};
  writer.varint(position.sequence);
  writer.varint(position.consumed.size());
  for (const auto& [partition, next] : position.consumed) {
    writer.text(partition.topic);
    writer.varint(static_cast<std::uint64_t>(partition.number));
    writer.varint(static_cast<std::uint64_t>(next));
  }
  return bytes;
}

std::optional<Log::Position> read_position(std::string_view bytes) {
  streams::ByteReader reader{bytes};
  Log::Position position;
  position.sequence = reader.varint();
  for (std::uint64_t left = reader.varint(); left > 0 && reader.good(); --left) {
    std::string topic{reader.text()};
    const auto number = static_cast<int>(reader.varint());
    position.consumed.push_back(
        {{std::move(topic), number}, static_cast<std::int64_t>(reader.varint())});
  }
  if (!reader.good()) return std::nullopt;
  return position;
}

Log::Position moved(const Log::Position& from, const Commit& commit) {
  std::map<Partition, std::int64_t> consumed{from.consumed.begin(), from.consumed.end()};
  for (const auto& [partition, next] : commit.consumed) consumed[partition] = next;
  return {commit.sequence, {consumed.begin(), consumed.end()}};
}

}  // namespace state
