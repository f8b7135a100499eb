#include "app/trace.h"

#include <algorithm>
#include <set>

#include "app/sought.h"
#include "app/topic_feed.h"
#include "connectors/json/event_decoder.h"
#include "operators/city/topics.h"

namespace app {

using streams::LogRecord;
using streams::Partition;
using streams::Result;
using streams::Time;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kWindow = 4'096;  // records looked through at once, from the end backwards
constexpr std::size_t kFetchBytes = 1 << 20;
constexpr std::size_t kMostRecords = 50;

/// Which bytes may be of interest; asked of every record, so it must be fast.
using Wanted = std::function<bool(std::string_view)>;
using Visit = std::function<void(const TracedRecord&)>;

/// Looks back through partitions until the time is up.
class Look {
 public:
  Look(const TracePorts& ports, Time since, std::chrono::milliseconds most)
      : ports_(ports), since_(since), deadline_(Clock::now() + most) {}

  /// The newest of each partition first, short partitions before long ones. False: the time was up.
  Result<bool> through(const std::vector<std::string>& topics, int partitions, const Wanted& wanted,
                       const Visit& visit) {
    std::vector<Lane> lanes;
    for (const std::string& topic : topics)
      for (int number = 0; number < partitions; ++number) {
        const Result<TracePorts::Extent> extent = ports_.extent({topic, number});
        if (!extent) return extent.error();
        lanes.push_back({{topic, number}, *extent});
      }
    std::stable_sort(lanes.begin(), lanes.end(), [](const Lane& a, const Lane& b) {
      return a.extent.end - a.extent.first < b.extent.end - b.extent.first;
    });
    bool all = true;
    for (const Lane& lane : lanes) {
      bool older = false;
      for (std::int64_t end = lane.extent.end; end > lane.extent.first && !older;) {
        if (Clock::now() > deadline_) {
          all = false;
          break;
        }
        const std::int64_t begin = std::max(lane.extent.first, end - kWindow);
        const Result<std::vector<TracedRecord>> hits =
            window(lane.partition, begin, end, wanted, older);
        if (!hits) return hits.error();
        std::for_each(hits->rbegin(), hits->rend(), visit);
        end = begin;
      }
    }
    return all;
  }

 private:
  struct Lane {
    Partition partition;
    TracePorts::Extent extent;
  };
  Result<std::vector<TracedRecord>> window(const Partition& partition, std::int64_t begin,
                                           std::int64_t end, const Wanted& wanted, bool& older) {
    std::vector<TracedRecord> hits;
    for (std::int64_t next = begin; next < end;) {
      const Result<streams::Batch> batch = ports_.log.fetch(partition, next, kFetchBytes);
      if (!batch) return batch.error();
      if (batch->records.empty()) break;
      for (const LogRecord& record : batch->records) {
        next = record.offset + 1;
        if (record.offset >= end) break;
        older = older || record.recorded < since_;
        if (wanted(record.bytes))
          hits.push_back({partition.topic, record.recorded, std::string{record.bytes}});
      }
    }
    return hits;
  }

  const TracePorts& ports_;
  const Time since_;
  const Clock::time_point deadline_;
};

/// A record's envelope; its views live until the next one is read.
class Opened {
 public:
  bool read(const std::string& bytes) {
    padded_ = bytes;
    padded_.append(streams::Decoder::kPadding, ' ');
    return !decoder_.decode({padded_.data(), bytes.size()}, event).has_value();
  }
  streams::Event event;

 private:
  connectors::EventDecoder decoder_;
  std::string padded_;
};

}  // namespace

Result<Trace> trace_of(const std::string& event, const TracePorts& ports,
                       const TraceOptions& options) {
  Trace trace;
  Opened opened;
  const Sought sought{event};
  const Wanted names_it = [&](std::string_view bytes) { return sought.in(bytes); };
  const auto keep = [](std::vector<TracedRecord>& kept, const TracedRecord& record) {
    if (kept.size() < kMostRecords) kept.push_back(record);
  };

  const std::vector<std::string> doors = city::door_topics();
  Look came{ports, Time{}, options.most_time / 2};
  const Result<bool> all_doors =
      came.through(doors, options.partitions, names_it, [&](const TracedRecord& record) {
        if (opened.read(record.bytes) && opened.event.id == event) keep(trace.came, record);
      });
  if (!all_doors) return all_doors.error();
  std::reverse(trace.came.begin(), trace.came.end());
  const Time since = trace.came.empty() ? Time{} : trace.came.front().recorded;

  // What people and registers say twice under different ids counts once (see/once.h).
  bool all_same = true;
  if (!trace.came.empty() && opened.read(trace.came.front().bytes)) {
    const std::string subject{opened.event.subject}, data{opened.event.data};
    const Time time = opened.event.time;
    Look same{ports, Time{}, options.most_time / 8};
    const Result<bool> all = same.through(
        {trace.came.front().topic}, options.partitions,
        [&](std::string_view bytes) { return bytes.find(data) != bytes.npos; },
        [&](const TracedRecord& record) {
          if (opened.read(record.bytes) && opened.event.id != event &&
              opened.event.subject == subject && opened.event.time == time)
            keep(trace.same, record);
        });
    if (!all) return all.error();
    all_same = *all;
  }

  Look outputs{ports, since, options.most_time / 2};
  std::set<std::pair<std::string, std::string>> newest;  // topic, id
  const Result<bool> all_outputs = outputs.through(
      output_topics(), options.output_partitions, names_it, [&](const TracedRecord& record) {
        if (!opened.read(record.bytes)) return;
        const std::string_view id = opened.event.id;
        if (newest.emplace(record.topic, id.substr(0, id.rfind('.'))).second)
          keep(trace.traces, record);
      });
  if (!all_outputs) return all_outputs.error();

  trace.looked = doors;
  trace.looked.insert(trace.looked.end(), output_topics().begin(), output_topics().end());
  trace.complete = *all_doors && all_same && *all_outputs;
  return trace;
}

}  // namespace app
