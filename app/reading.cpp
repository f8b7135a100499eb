#include "app/reading.h"

#include "streams/inbox.h"

namespace app {

using streams::Error;
using streams::Result;

Result<Reading> Reading::open(const std::string& data) {
  Result<state::LogReader> reader = state::LogReader::open(data);
  if (!reader) return reader.error();
  Reading reading;
  reading.data_ = data;
  reading.reader_ = std::make_unique<state::LogReader>(std::move(*reader));
  return reading;
}

Result<void> Reading::must_have(const std::string& topic) const {
  // A topic of the contract may just have no record yet.
  for (const std::string_view name :
       {"elevator.telemetry", "camera.alerts", "permit.changes", "hotline.complaints",
        "field.feedback", "city.events", "warnings", "warnings.urgent", "dispatch.orders",
        "complaints", "matters", "entity.status", "inspection.plans", "notices", "rejected",
        "dead.letters"})
    if (topic == name) return {};
  std::string known;
  for (const auto& summary : topics()) {
    if (summary.name == topic) return {};
    known += (known.empty() ? "" : ", ") + summary.name;
  }
  return Error{Error::Kind::usage,
               "no topic '" + topic + "' in " + data_ +
                   (known.empty() ? ": it has none yet" : "; it has: " + known)};
}

Result<void> Reading::each(const std::string& topic, streams::Time from, const Visit& visit) const {
  for (const auto& summary : topics()) {
    if (summary.name != topic) continue;
    if (summary.latest_only)
      return reader_->log().latest(topic, [&](std::string_view, const streams::LogRecord& record) {
        return visit({topic, 0}, record);
      });
    struct Lane {
      streams::Partition partition;
      std::int64_t next;
      streams::Batch batch{};
      std::size_t at = 0;
    };
    std::vector<Lane> lanes;
    for (const auto& partition : summary.partitions) {
      const streams::Partition place{topic, partition.number};
      Result<std::int64_t> first = reader_->log().find_offset(place, from);
      if (!first) return first.error();
      lanes.push_back({place, *first});
    }
    while (true) {
      Lane* earliest = nullptr;
      for (Lane& lane : lanes) {
        if (lane.at == lane.batch.records.size()) {
          Result<streams::Batch> batch = reader_->fetch(lane.partition, lane.next, 1 << 20);
          if (!batch) return batch.error();
          lane.batch = std::move(*batch);
          lane.at = 0;
          if (lane.batch.records.empty()) continue;
        }
        if (earliest == nullptr ||
            lane.batch.records[lane.at].recorded < earliest->batch.records[earliest->at].recorded)
          earliest = &lane;
      }
      if (earliest == nullptr) return {};
      const streams::LogRecord& record = earliest->batch.records[earliest->at++];
      earliest->next = record.offset + 1;
      if (!visit(earliest->partition, record)) return {};
    }
  }
  return {};
}

}  // namespace app
