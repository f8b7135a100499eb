#include "connectors/kafka/forwarder.h"

#include <algorithm>

#include "streams/graph.h"
#include "streams/hash.h"
#include "streams/version.h"

namespace connectors::kafka {

using streams::Error;
using streams::Partition;
using streams::Result;
using streams::Time;

namespace {

constexpr std::size_t kRoundBytes = 1 << 20;
constexpr std::chrono::milliseconds kWait{20};
/// A commit takes as long as a record: one for each round would double the way through a door.
constexpr std::chrono::milliseconds kCommitInterval{100};
constexpr std::chrono::milliseconds kBrokerAgain{250};
/// A waiting door holds the clock back by this at most.
constexpr std::chrono::seconds kMostHeld{5};

}  // namespace

Forwarder::Forwarder(const Connection& connection, std::unique_ptr<streams::Decoder> decoder,
                     ForwarderOptions options)
    : connection_(connection), decoder_(std::move(decoder)), options_(std::move(options)) {}

Result<void> Forwarder::open() {
  AppenderOptions writes;
  writes.partitions[streams::kCityEvents] = options_.partitions;
  for (const std::string& output : options_.outputs)
    writes.partitions[output] = options_.partitions;
  Result<std::unique_ptr<Appender>> appender = Appender::open(connection_, writes);
  if (!appender) return appender.error();
  appender_ = std::move(*appender);
  ConsumerOptions asker;
  asker.settings = {{"group.id", options_.group}};
  Result<std::unique_ptr<Consumer>> asks = Consumer::open(connection_, asker);
  if (!asks) return asks.error();
  asker_ = std::move(*asks);
  Result<std::unique_ptr<Member>> member = Member::open(connection_, {.group = options_.group,
                                                                      .instance = options_.instance,
                                                                      .topics = options_.doors,
                                                                      .session = options_.session});
  if (!member) return member.error();
  member_ = std::move(*member);
  for (const std::string& door : options_.doors) {
    Result<int> count = member_->partition_count(door);
    if (!count) return count.error();
    for (int number = 0; number < *count; ++number) all_doors_.push_back({door, number});
  }
  return {};
}

Result<void> Forwarder::run() {
  if (Result<void> opened = open(); !opened) return opened;
  while (!stop_) {
    Result<void> done = forward();
    if (done) done = tick();
    if (done) continue;
    if (done.error().kind != Error::Kind::retry) return done;
    options_.say(done.error().what + "; trying again");
    std::this_thread::sleep_for(kBrokerAgain);
  }
  (void)commit();  // what is not is forwarded once more
  return {};
}

Result<void> Forwarder::forward() {
  std::chrono::milliseconds wait = kWait;
  while (ready_bytes_ < kRoundBytes) {
    Result<std::optional<Polled>> polled = member_->poll(wait);
    if (!polled) return polled.error();
    if (auto change = member_->take_change()) {
      if (Result<void> answered = answer(*change); !answered) return answered;
      continue;
    }
    if (!*polled) break;
    wait = std::chrono::milliseconds{0};
    if (!(*polled)->end) take(**polled);
  }
  return send();
}

void Forwarder::take(const Polled& record) {
  padded_.assign(record.value);
  padded_.append(streams::Decoder::kPadding, ' ');
  streams::Event event;
  std::string subject{record.key};
  if (decoder_->decode({padded_.data(), record.value.size()}, event)) {
    ++counts_.unreadable;
  } else {
    subject = event.subject;
    event.recorded = record.recorded;
    for (streams::Append& told : options_.ahead(event)) {
      ready_.push_back(std::move(told));
      ++counts_.ahead;
    }
  }
  next_[{std::string{record.topic}, record.partition}] = record.offset + 1;
  ready_bytes_ += record.value.size();
  {
    const std::lock_guard lock{mutex_};
    streams::Time& seen = last_seen_[std::string{record.topic}];
    seen = std::max(seen, record.recorded);
  }
  ++counts_.forwarded;
  const int to = streams::partition_of(subject, options_.partitions);
  ready_.push_back(
      {{streams::kCityEvents, to}, record.recorded, std::string{record.value}, std::move(subject)});
}

std::map<std::string, Time> Forwarder::last_seen() const {
  const std::lock_guard lock{mutex_};
  return last_seen_;
}

/// On the broker first, then done with: a crash between the two forwards it twice.
Result<void> Forwarder::send() {
  if (!ready_.empty()) {
    // Kept until it has arrived: an error of kind retry sends the same again.
    if (Result<void> appended = appender_->append(ready_); !appended) return appended;
    ready_.clear();
    ready_bytes_ = 0;
    sent_ = true;
  }
  const bool due = std::chrono::steady_clock::now() - last_commit_ >= kCommitInterval;
  return due ? commit() : Result<void>{};
}

Result<void> Forwarder::commit() {
  if (!sent_ || !ready_.empty()) return {};  // next_ lies behind what is still to be sent
  if (Result<void> committed = member_->commit(next_); !committed) return committed;
  sent_ = false;
  last_commit_ = std::chrono::steady_clock::now();
  return {};
}

Result<void> Forwarder::answer(const Member::Change& change) {
  if (change.kind != Member::Change::Kind::assigned) {
    if (change.kind == Member::Change::Kind::revoked && send()) (void)commit();
    sent_ = false;
    ready_.clear();
    ready_bytes_ = 0;
    next_.clear();
    counts_.timekeeper = false;
    member_->release();
    return {};
  }
  Positions positions;
  const auto done = committed(member_->handle(), connection_, change.partitions);
  if (!done) return done.error();
  for (const Partition& partition : change.partitions) {
    const auto one = done->find(partition);
    positions[partition] = one == done->end() ? 0 : one->second.offset;
  }
  counts_.timekeeper = positions.contains({options_.doors.front(), 0});
  empty_until_.clear();
  return member_->assign(positions);
}

// ---- time ---------------------------------------------------------------------------------------

/// A tick for every partition: wall time, but not later than what waits at any door, and at most
/// kMostHeld behind.
Result<void> Forwarder::tick() {
  if (!counts_.timekeeper) return {};
  const Time now = options_.wall_clock();
  if (streams::tick_at_or_after(now - streams::kTickInterval) <= last_tick_) return {};
  Result<Time> until = doors_are_empty_until();
  if (!until) return until.error();
  Time safe = *until;
  if (const std::optional<Time> waiting = options_.oldest_waiting())
    safe = std::min(safe, *waiting);
  safe = std::max(safe, now - kMostHeld);
  const Time at = streams::tick_at_or_after(safe - streams::kTickInterval);
  if (at <= last_tick_) return {};
  std::vector<streams::Append> ticks;
  for (int p = 0; p < options_.partitions; ++p)
    ticks.push_back({{streams::kCityEvents, p}, at, streams::tick_event(at), "tick/time"});
  if (Result<void> appended = appender_->append(std::move(ticks)); !appended) return appended;
  last_tick_ = at;
  ++counts_.ticks;
  return {};
}

/// Whatever was appended to any door before this time has been forwarded, by whomever.
Result<Time> Forwarder::doors_are_empty_until() {
  const Time asked = options_.wall_clock();
  Time until = asked;
  const auto done = committed(asker_->handle(), connection_, all_doors_);
  if (!done) return done.error();
  for (const Partition& door : all_doors_) {
    const auto extent = asker_->extent(door);
    if (!extent) return extent.error();
    const auto one = done->find(door);
    const std::int64_t next = one == done->end() ? extent->first : one->second.offset;
    Time& known = empty_until_.try_emplace(door, Time{}).first->second;
    if (next >= extent->end) known = asked;
    until = std::min(until, known);
  }
  return until;
}

}  // namespace connectors::kafka
