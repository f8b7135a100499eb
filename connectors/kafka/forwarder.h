#pragma once

// Forwarder: the doors of a city on Kafka. A member of the doors' group, it puts what arrives on
// the door topics into `city.events` under its entity's key, at least once (a task takes each event
// once), and what can't be read too: the task says why in `dead.letters`. What the city wants told
// ahead of the engine goes out with it. The member that owns the first partition of the first door
// is the timekeeper: it writes the ticks. One thread.

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "connectors/kafka/appender.h"
#include "connectors/kafka/door_clock.h"
#include "connectors/kafka/member.h"
#include "streams/decoder.h"

namespace connectors::kafka {

struct ForwarderOptions {
  std::string group;     // of the doors
  std::string instance;  // place in it
  std::vector<std::string> doors;
  int partitions = 4;  // of `city.events`, and of each of `outputs`
  std::chrono::milliseconds session{15'000};
  std::function<streams::Time()> clock;  // the city's time; ticks are of it
  /// This member is the timekeeper from now on; asked again until it succeeds.
  std::function<streams::Result<void>()> keeps_time = [] { return streams::Result<void>{}; };
  /// What came over HTTP and is on no topic yet: no tick may be later.
  std::function<std::optional<streams::Time>()> oldest_waiting = [] {
    return std::optional<streams::Time>{};
  };
  std::vector<std::string> outputs{};  // topics of what `ahead` gives
  /// What the decoder extracts from now on, once after each change; asked before each round.
  std::function<std::optional<std::vector<streams::FieldList>>()> new_fields = [] {
    return std::optional<std::vector<streams::FieldList>>{};
  };
  /// Records that an event asks for at once.
  std::function<std::vector<streams::Append>(const streams::Event&)> ahead =
      [](const streams::Event&) { return std::vector<streams::Append>{}; };
  /// What the door adds to an event's bytes, or hides in them, before they are forwarded.
  std::function<void(streams::Event&, std::string&)> admit = [](streams::Event&, std::string&) {};
  std::function<void(const std::string&)> say = [](const std::string&) {};
};

class Forwarder {
 public:
  Forwarder(const Connection& connection, std::unique_ptr<streams::Decoder> decoder,
            ForwarderOptions options);

  /// Until stop(), or an error that this process can't mend.
  streams::Result<void> run();
  void stop() { stop_ = true; }

  struct Counts {
    std::atomic<std::uint64_t> forwarded{0}, unreadable{0}, ticks{0}, ahead{0};
    std::atomic<bool> timekeeper{false};
  };
  const Counts& counts() const { return counts_; }
  /// When the newest record of each door that came by here was recorded.
  std::map<std::string, streams::Time> last_seen() const;

 private:
  streams::Result<void> open();
  streams::Result<void> forward();
  void take(const Polled& record);
  void reached(const Polled& record, std::int64_t next, const std::string& note);
  void send();
  void settle();
  streams::Result<void> settle_all();
  streams::Result<void> commit();
  streams::Result<void> answer(const Member::Change& change);
  void forget();
  streams::Result<void> read_from_committed();
  streams::Result<void> begin_keeping();
  streams::Result<void> tick();
  streams::Result<streams::Time> forwarded_until();

  const Connection connection_;
  std::unique_ptr<streams::Decoder> decoder_;
  const ForwarderOptions options_;
  std::unique_ptr<Member> member_;
  std::unique_ptr<Consumer> asker_;  // of ends: behind the member's fetches they would wait
  std::unique_ptr<Appender> events_;
  std::unique_ptr<Appender> told_;  // ahead: on a connection where no event is in its way
  std::vector<streams::Partition> owned_;
  bool behind_ = false;  // of its reading: to begin at the committed offsets
  std::vector<streams::Append> ready_, ready_told_;
  std::size_t ready_bytes_ = 0;
  CommittedOffsets next_;  // of what it owns: behind what is ready; noted: when it was recorded
  bool further_ = false;   // than in the newest round
  struct Round {
    std::shared_ptr<const Appender::Sent> told, events;
    std::size_t bytes = 0;
    CommittedOffsets next;
  };
  std::deque<Round> under_way_;  // each commits only what lies behind all before it
  std::size_t bytes_under_way_ = 0;
  std::optional<streams::Error> failure_;  // of one
  CommittedOffsets arrived_;               // to be committed
  std::chrono::steady_clock::time_point last_commit_{};
  std::string padded_;
  streams::Time now_{};  // of this round
  std::optional<DoorClock> clock_;
  bool keeping_ = false;  // time: options_.keeps_time has been told
  streams::Time last_tick_{};
  std::atomic<bool> stop_ = false;
  Counts counts_;
  mutable std::mutex mutex_;  // guards the next
  std::map<std::string, streams::Time> last_seen_;
};

}  // namespace connectors::kafka
