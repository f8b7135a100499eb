#include "app/trusted_clock.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/live.h"

namespace app {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using streams::Duration;
using streams::Error;
using streams::Result;
using streams::Time;

namespace {

std::string in_words(Duration length) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(length).count();
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  if (seconds < 172'800) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86'400);
}

constexpr const char* kWhatToDo =
    ". Set the machine's clock; where it is right and the city's time is not, --accept-clock "
    "takes it as it is";

}  // namespace

ClockSource ClockSource::of_machine() {
  const auto monotonic = [] {
    return nanoseconds{std::chrono::steady_clock::now().time_since_epoch()};
  };
  return {wall_clock, monotonic};
}

TrustedClock::TrustedClock(ClockSource source) : source_(std::move(source)) {
  now_ = wall_ = source_.wall();
  monotonic_ = source_.monotonic();
  offset_ = wall_.time_since_epoch() - std::chrono::floor<microseconds>(monotonic_);
}

bool TrustedClock::look() {
  const auto before = std::chrono::floor<microseconds>(monotonic_);
  monotonic_ = std::max(monotonic_, source_.monotonic());
  const auto monotonic = std::chrono::floor<microseconds>(monotonic_);
  wall_ = source_.wall();
  const microseconds passed = monotonic - before;
  const microseconds parted = wall_.time_since_epoch() - monotonic - offset_;
  const bool trusted = std::chrono::abs(parted) <= kMayPart;
  now_ = trusted ? std::max(wall_, now_ + passed / 2) : now_ + passed;
  return trusted;
}

Time TrustedClock::now() {
  const std::lock_guard lock{mutex_};
  look();
  return std::chrono::floor<Duration>(now_);
}

Result<void> TrustedClock::begin(Time last_tick, bool accepted) {
  const std::lock_guard lock{mutex_};
  look();
  begun_ = true;
  if (last_tick == Time{}) return {};
  const Time wall = std::chrono::floor<Duration>(wall_);
  const auto refused = [&](Duration by, const char* side) {
    return Error{Error::Kind::usage,
                 fmt::format("the machine's clock says {}, {} {} the city's last tick ({}){}",
                             streams::format_time(wall), in_words(by), side,
                             streams::format_time(last_tick), kWhatToDo)};
  };
  if (!accepted && wall + kMayBeBehind < last_tick) return refused(last_tick - wall, "behind");
  if (!accepted && wall > last_tick + kMayBeAhead) return refused(wall - last_tick, "ahead of");
  now_ = std::max(now_, Fine{last_tick});
  if (accepted) note_accepted();
  return {};
}

void TrustedClock::note_accepted() {
  accepted_.reset();
  if (now_ > wall_) accepted_ = wall_;
}

Duration TrustedClock::ahead(Time stated) {
  const std::lock_guard lock{mutex_};
  if (!accepted_) return {};
  look();
  const Fine right{std::chrono::floor<microseconds>(monotonic_) + offset_};
  if (right >= now_) {  // they have met
    accepted_.reset();
    return {};
  }
  const Fine at{stated};
  if (at < *accepted_ - kRecent) return {};
  if (at > right)  // by the city's own clock, as far as can be told
    return std::max(Duration{}, std::chrono::floor<Duration>(now_ - at));
  // The city's time has gone at half the pace since.
  const microseconds since = right - std::max(at, *accepted_);
  return std::chrono::floor<Duration>(now_ - right + since / 2);
}

void TrustedClock::not_before(Time tick) {
  const std::lock_guard lock{mutex_};
  look();
  now_ = std::max(now_, Fine{tick});
}

TrustedClock::Status TrustedClock::status() {
  const std::lock_guard lock{mutex_};
  const bool trusted = look();
  Status status;
  status.wall = std::chrono::floor<Duration>(wall_);
  status.city = std::chrono::floor<Duration>(now_);
  status.monotonic = monotonic_;
  // A city ahead of a wall clock that was accepted has not met it yet: that is told as well.
  const Duration apart = status.wall - status.city;
  if (!trusted || std::chrono::abs(apart) > kMayPart) status.departed = apart;
  return status;
}

Result<std::string> TrustedClock::accept() {
  const std::lock_guard lock{mutex_};
  if (!begun_)
    return Error{Error::Kind::usage,
                 "this city plays a time of its own: it has no clock to accept\n"};
  look();
  offset_ = wall_.time_since_epoch() - std::chrono::floor<microseconds>(monotonic_);
  const Time wall = std::chrono::floor<Duration>(wall_), city = std::chrono::floor<Duration>(now_);
  look();
  note_accepted();
  if (wall >= city)
    return fmt::format("the city's time goes on at {}, {} later than it was\n",
                       streams::format_time(wall), in_words(wall - city));
  return fmt::format(
      "the city's time is {}, {} ahead of the machine's clock. Time is a record and can't go back: "
      "it goes on at half the pace until the two meet, at about {}. Until then what comes in is "
      "dated by as much later, so that it takes effect as always\n",
      streams::format_time(city), in_words(city - wall),
      streams::format_time(city + (city - wall)));
}

}  // namespace app
