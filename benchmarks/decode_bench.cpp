// decode_bench FILE [ROUNDS]: decodes every line of an NDJSON file of events with the fields that
// the rules of "elevator watch v1" read, on one thread; prints CPU nanoseconds per event (median
// and best round) and CPU-seconds per million events. Parsing is budgeted at 450 ns.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/json/event_decoder.h"

namespace {

double cpu_nanos() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

const std::vector<streams::FieldList> kFields{
    {"city.elevator.telemetry.v1", {"speed", "doorZone", "occupied", "faultCode"}},
    {"city.camera.alert.v1", {"label", "confidence"}},
    {"city.complaint.filed.v1", {}},
    {"city.permit.changed.v1", {"permit", "action", "validUntil"}},
};

struct Totals {
  std::size_t rejected = 0, present = 0, data_bytes = 0;
};

Totals decode_all(connectors::EventDecoder& decoder, const std::vector<std::string_view>& lines) {
  Totals totals;
  streams::Event event;
  for (const std::string_view line : lines) {
    if (decoder.decode(line, event)) {
      ++totals.rejected;
      continue;
    }
    for (const streams::Slot& slot : event.slots)
      totals.present += !slot.is(streams::Slot::Kind::absent);
    totals.data_bytes += event.data.size();
  }
  return totals;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: decode_bench FILE [ROUNDS]\n");
    return 2;
  }
  const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 7;
  std::ifstream file{argv[1], std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  const std::size_t size = text.size();
  text.append(streams::Decoder::kPadding, '\0');
  std::vector<std::string_view> lines;
  for (std::size_t from = 0; from < size;) {
    const std::size_t end = std::min(text.find('\n', from), size);
    if (end > from) lines.push_back({text.data() + from, end - from});
    from = end + 1;
  }
  if (lines.empty()) {
    std::fprintf(stderr, "%s holds no events\n", argv[1]);
    return 1;
  }
  connectors::EventDecoder decoder;
  decoder.extract(kFields);
  std::vector<double> nanos;
  Totals totals;
  for (int round = 0; round < rounds; ++round) {
    const double begin = cpu_nanos();
    totals = decode_all(decoder, lines);
    nanos.push_back((cpu_nanos() - begin) / static_cast<double>(lines.size()));
  }
  std::sort(nanos.begin(), nanos.end());
  const double median = nanos[nanos.size() / 2];
  std::printf("%zu events of %.0f bytes, %zu rejected, %zu fields, %zu bytes of data\n",
              lines.size(), static_cast<double>(size) / static_cast<double>(lines.size()),
              totals.rejected, totals.present, totals.data_bytes);
  std::printf("%.0f ns per event (best %.0f), %.3f CPU-s per million\n", median, nanos.front(),
              median / 1000);
}
