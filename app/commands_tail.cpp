// topics and tail: what lies in the log of a data directory, beside a running process or without
// one.

#include <fmt/format.h>

#include <thread>

#include "app/commands.h"
#include "app/local_socket.h"
#include "app/reading.h"
#include "connectors/json/event_decoder.h"

namespace app {

using streams::Error;
using streams::Result;
using streams::Time;

int report(const Error& error) {
  fmt::print(stderr, "watchfire: {}\n", error.what);
  return error.kind == Error::Kind::usage ? 2 : 1;
}

int topics(const std::string& data) {
  Result<Reading> reading = Reading::open(data);
  if (!reading) return report(reading.error());
  for (const auto& topic : reading->topics())
    for (const auto& p : topic.partitions)
      fmt::print("{} {} {} records {} bytes {} {}\n", topic.name, p.number, p.end - p.first,
                 p.bytes, p.end > p.first ? streams::format_time(p.first_recorded) : "-",
                 p.end > p.first ? streams::format_time(p.last_recorded) : "-");
  return 0;
}

namespace {

/// A door's record as a whole CloudEvent: with the time it reached the door.
std::string with_recorded_time(std::string_view bytes, Time recorded) {
  std::string line{bytes};
  const std::size_t brace = line.find('{');
  if (brace == std::string::npos || line.find("\"recordedtime\"") != std::string::npos) return line;
  return line.insert(brace + 1, "\"recordedtime\":\"" + streams::format_time(recorded) + "\",");
}

class Tail {
 public:
  explicit Tail(const TailOptions& options) : options_(options) {}

  /// Prints what is there behind what was printed before.
  Result<void> print(const Reading& reading, Time from) {
    if (Result<void> there = reading.must_have(options_.topic); !there) return there;
    // A topic that keeps the newest of each key comes in the order of its keys.
    const auto printed = next_;
    return reading.each(options_.topic, from, [&](const auto& partition, const auto& record) {
      const auto before = printed.find(partition);
      if (before != printed.end() && record.offset < before->second) return true;
      std::int64_t& next = next_[partition];
      next = std::max(next, record.offset + 1);
      if (!skip_ && matches(record.bytes)) print(record.bytes, record.recorded);
      return true;
    });
  }
  /// The same from the process that has the directory open, as it commits; until it has ended.
  void follow(connectors::LocalClient& client) {
    while (true) {
      const auto records = ask_records(client, options_.topic, next_);
      if (!records) return;
      for (const SocketRecord& record : *records) {
        next_[record.from] = record.offset + 1;
        if (matches(record.bytes)) print(record.bytes, record.recorded);
      }
      std::fflush(stdout);
      if (records->empty()) std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
  }
  /// What is there now counts as printed.
  void skip(bool on) { skip_ = on; }

 private:
  bool matches(std::string_view bytes) {
    if (options_.entity.empty()) return true;
    padded_.assign(bytes);
    padded_.append(streams::Decoder::kPadding, ' ');
    streams::Event event;
    return !decoder_.decode({padded_.data(), bytes.size()}, event) &&
           event.subject == options_.entity;
  }
  void print(std::string_view bytes, Time recorded) {
    const bool ours = bytes.find("\"source\":\"/watchfire/") != std::string_view::npos;
    const std::string line = ours ? std::string{bytes} : with_recorded_time(bytes, recorded);
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
  }

  const TailOptions& options_;
  connectors::EventDecoder decoder_;
  std::string padded_;
  std::map<streams::Partition, std::int64_t> next_;
  bool skip_ = false;
};

}  // namespace

int tail(const TailOptions& options) {
  Time from{};
  if (options.from != "start" && options.from != "end") {
    const std::optional<Time> time = streams::parse_time(options.from);
    if (!time)
      return report({Error::Kind::usage,
                     "--from is start, end or a time such as "
                     "2026-11-22T08:00:00+08:00, not '" +
                         options.from + "'"});
    from = *time;
  }
  Result<Reading> reading = Reading::open(options.data);
  if (!reading) return report(reading.error());
  Tail tail{options};
  tail.skip(options.from == "end");
  if (Result<void> printed = tail.print(*reading, from); !printed) return report(printed.error());
  tail.skip(false);
  while (options.follow) {
    std::fflush(stdout);
    if (std::optional<connectors::LocalClient> client =
            connectors::LocalClient::connect(options.data))
      tail.follow(*client);
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    if (Result<void> moved = reading->refresh(); !moved) return report(moved.error());
    if (Result<void> printed = tail.print(*reading, from); !printed) return report(printed.error());
  }
  return 0;
}

}  // namespace app
