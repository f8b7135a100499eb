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
constexpr std::size_t kMostUnderWay = 8 << 20;  // bytes
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
  AppenderOptions events;
  events.partitions[streams::kCityEvents] = options_.partitions;
  AppenderOptions told;
  for (const std::string& output : options_.outputs) told.partitions[output] = options_.partitions;
  for (const auto& [appender, writes] : {std::pair{&events_, &events}, std::pair{&told_, &told}}) {
    Result<std::unique_ptr<Appender>> opened = Appender::open(connection_, *writes);
    if (!opened) return opened.error();
    *appender = std::move(*opened);
  }
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
  std::vector<Partition> doors;
  for (const std::string& door : options_.doors) {
    Result<int> count = member_->partition_count(door);
    if (!count) return count.error();
    for (int number = 0; number < *count; ++number) doors.push_back({door, number});
  }
  clock_.emplace(std::move(doors));
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
  if (settle_all()) (void)commit();  // what is not is forwarded once more
  return {};
}

/// One round: what has come in goes out, without waiting for the rounds before it.
Result<void> Forwarder::forward() {
  if (behind_)
    if (Result<void> begun = read_from_committed(); !begun) return begun;
  if (const auto fields = options_.new_fields()) decoder_->extract(*fields);
  now_ = options_.clock();
  std::chrono::milliseconds wait = kWait;
  while (ready_bytes_ < kRoundBytes) {
    Result<std::optional<Polled>> polled = member_->poll(wait);
    if (!polled) return polled.error();
    if (auto change = member_->take_change()) return answer(*change);
    if (!*polled) break;
    wait = std::chrono::milliseconds{0};
    if ((*polled)->end)
      reached(**polled, (*polled)->offset, {});
    else
      take(**polled);
  }
  send();
  settle();
  if (failure_) {
    behind_ = true;
    return *std::exchange(failure_, std::nullopt);
  }
  const bool due = std::chrono::steady_clock::now() - last_commit_ >= kCommitInterval;
  return due ? commit() : Result<void>{};
}

/// A broker's or a producer's clock may be ahead: what has come has been recorded by now.
void Forwarder::take(const Polled& record) {
  const Time recorded = std::min(record.recorded, now_);
  padded_.assign(record.value);
  padded_.append(streams::Decoder::kPadding, ' ');
  streams::Event event;
  std::string subject{record.key};
  std::string bytes{record.value};
  if (decoder_->decode({padded_.data(), record.value.size()}, event)) {
    ++counts_.unreadable;
  } else {
    subject = event.subject;
    event.recorded = recorded;
    options_.admit(event, bytes);
    for (streams::Append& told : options_.ahead(event)) {
      ready_told_.push_back(std::move(told));
      ++counts_.ahead;
    }
  }
  reached(record, record.offset + 1, DoorClock::note(recorded));
  ready_bytes_ += record.value.size();
  {
    const std::lock_guard lock{mutex_};
    streams::Time& seen = last_seen_[std::string{record.topic}];
    seen = std::max(seen, recorded);
  }
  ++counts_.forwarded;
  const int to = streams::partition_of(subject, options_.partitions);
  ready_.push_back(
      {{streams::kCityEvents, to}, recorded, std::move(bytes), std::move(subject)});
}

void Forwarder::reached(const Polled& record, std::int64_t offset, const std::string& note) {
  Committed& next = next_[{std::string{record.topic}, record.partition}];
  if (next.offset == offset) return;
  next.offset = offset;
  if (!note.empty()) next.note = note;
  further_ = true;
}

std::map<std::string, Time> Forwarder::last_seen() const {
  const std::lock_guard lock{mutex_};
  return last_seen_;
}

void Forwarder::send() {
  if (!std::exchange(further_, false)) return;
  Round& round = under_way_.emplace_back();
  round.told = told_->send(std::exchange(ready_told_, {}));
  round.events = events_->send(std::exchange(ready_, {}));
  round.bytes = std::exchange(ready_bytes_, 0);
  round.next = next_;
  bytes_under_way_ += round.bytes;
}

/// Takes note of the rounds that have arrived; waits where too much is under way.
void Forwarder::settle() {
  told_->poll({});
  events_->poll({});
  while (!under_way_.empty()) {
    const Round& round = under_way_.front();
    if (!round.told->over() || !round.events->over()) {
      if (bytes_under_way_ < kMostUnderWay) return;
      (round.events->over() ? told_ : events_)->poll(kWait);
      continue;
    }
    for (const auto& sent : {round.told, round.events})
      if (Result<void> result = sent->result(); !result && !failure_) failure_ = result.error();
    if (!failure_) arrived_ = round.next;
    bytes_under_way_ -= round.bytes;
    under_way_.pop_front();
  }
}

Result<void> Forwarder::settle_all() {
  send();
  while (settle(), !under_way_.empty()) events_->poll(kWait);
  if (failure_) return *failure_;
  return {};
}

/// On the broker first, then done with: a crash between the two forwards it twice.
Result<void> Forwarder::commit() {
  if (arrived_.empty()) return {};
  if (Result<void> committed = member_->commit(arrived_); !committed) return committed;
  arrived_.clear();
  last_commit_ = std::chrono::steady_clock::now();
  return {};
}

Result<void> Forwarder::answer(const Member::Change& change) {
  if (change.kind == Member::Change::Kind::assigned) {
    owned_ = change.partitions;
    counts_.timekeeper = std::find(owned_.begin(), owned_.end(),
                                   Partition{options_.doors.front(), 0}) != owned_.end();
    behind_ = true;
    return {};
  }
  if (change.kind == Member::Change::Kind::revoked && settle_all()) (void)commit();
  forget();
  owned_.clear();
  behind_ = false;
  counts_.timekeeper = false;
  member_->release();
  return {};
}

/// What has been read and is not committed: somebody reads it once more.
void Forwarder::forget() {
  under_way_.clear();
  bytes_under_way_ = 0;
  failure_.reset();
  ready_.clear();
  ready_told_.clear();
  ready_bytes_ = 0;
  next_.clear();
  further_ = false;
  arrived_.clear();
}

Result<void> Forwarder::read_from_committed() {
  forget();
  const auto done = committed(member_->handle(), connection_, owned_);
  if (!done) return done.error();
  Positions positions;
  for (const Partition& partition : owned_) {
    const auto one = done->find(partition);
    positions[partition] = one == done->end() ? 0 : one->second.offset;
  }
  if (Result<void> assigned = member_->assign(positions); !assigned) return assigned;
  behind_ = false;
  return {};
}

// ---- time ---------------------------------------------------------------------------------------

Result<void> Forwarder::begin_keeping() {
  if (std::exchange(keeping_, true)) return {};
  Result<void> begun = options_.keeps_time();
  keeping_ = begun.ok();
  return begun;
}

/// A tick for every partition: the city's time, but not later than what waits at any door, and at
/// most kMostHeld behind.
Result<void> Forwarder::tick() {
  if (!counts_.timekeeper) {
    keeping_ = false;
    return {};
  }
  if (Result<void> begun = begin_keeping(); !begun) return begun;
  const Time now = options_.clock();
  if (streams::tick_at_or_after(now - streams::kTickInterval) <= last_tick_) return {};
  Result<Time> until = forwarded_until();
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
  (void)events_->send(std::move(ticks));  // one that is lost is made up for by the next
  last_tick_ = at;
  ++counts_.ticks;
  return {};
}

Result<Time> Forwarder::forwarded_until() {
  const Time asked = options_.clock();
  const auto done = committed(asker_->handle(), connection_, clock_->doors());
  if (!done) return done.error();
  const auto ends = asker_->ends(clock_->doors());
  if (!ends) return ends.error();
  return clock_->until(asked, *done, *ends);
}

}  // namespace connectors::kafka
