#pragma once

// Trace: what became of one event, found by its id in the log: where it came in, every record that
// names it (as its cause, or as evidence), and whether another one had said the same before. Looks
// back from the newest record for as long as it may, and says how far it came. Called by TraceApi's
// thread and by `rules explain`.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "streams/log.h"

namespace app {

struct TracePorts {
  struct Extent {
    std::int64_t first = 0, end = 0;  // offsets
  };
  streams::Reader& log;
  std::function<streams::Result<Extent>(const streams::Partition&)> extent;
};

struct TraceOptions {
  int partitions = 1;         // of the doors
  int output_partitions = 1;  // of every output topic
  std::chrono::milliseconds most_time{5'000};
};

struct TracedRecord {
  std::string topic;
  streams::Time recorded{};
  std::string bytes;
};

struct Trace {
  std::vector<TracedRecord> came;    // through the doors, the first one first
  std::vector<TracedRecord> same;    // others that say the same of the same at the same time
  std::vector<TracedRecord> traces;  // records that name it, the newest of each
  std::vector<std::string> looked;   // topics
  bool complete = true;              // false: there was no time to look through all
};

streams::Result<Trace> trace_of(const std::string& event, const TracePorts& ports,
                                const TraceOptions& options);

}  // namespace app
