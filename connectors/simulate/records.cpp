#include "connectors/simulate/records.h"

#include <algorithm>

namespace simulate {
namespace {

constexpr Duration kDay = 24h;
constexpr Duration kCycles[] = {15 * kDay, 365 * kDay, 10 * kDay};          // by Record
constexpr std::string_view kDone[] = {"completed", "passed", "corrected"};  // action, by Record
constexpr Duration kFirst = 20s;  // within which the registers are read in at the start

enum Fate { in_time, late, missing, record_late };
constexpr int kMaintenanceFates[] = {66, 12, 12, 10};
constexpr int kInspectionFates[] = {30, 10, 40, 20};
constexpr int kRectificationFates[] = {35, 10, 35, 20};

std::size_t at_of(std::size_t elevator, Record record) {
  return elevator * std::size(kRecords) + static_cast<std::size_t>(record);
}

}  // namespace

Records::Records(std::uint64_t seed, const std::vector<Elevator>& elevators, RecordSpan span)
    : dice_(seed, Random::of("records")),
      span_(span),
      count_(elevators.size()),
      done_(elevators.size() * std::size(kRecords), Time::min()) {
  for (std::size_t i = 0; i < count_; ++i) {
    const Duration after =
        kFirst * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(count_);
    const auto installed = streams::parse_time(elevators[i].installed_in + "-06-01");
    changes_.push({span_.start + after, i, "registration", "registered",
                   installed.value_or(span_.start) + dice_.between(1, 30) * kDay, std::nullopt});
    plan_maintenance(i);
    plan_inspection(i);
    plan_rectification(i);
  }
  plan_retirements();
}

void Records::say(std::size_t elevator, Record record, Time at, std::string_view action, Time on,
                  Time valid_until) {
  // What was said before the run is read in at its start, after the registration.
  const Duration place =
      kFirst * static_cast<std::int64_t>(elevator) / static_cast<std::int64_t>(count_);
  at = std::max(at, span_.start + place + 2ms + Duration{static_cast<int>(record)});
  changes_.push(
      {at, elevator, kRecords[static_cast<std::size_t>(record)], action, on, valid_until});
}

void Records::plan_maintenance(std::size_t i) {
  const Duration cycle = kCycles[0];
  const bool overdue = dice_.below(1000) < 12;
  const Time due =
      overdue ? span_.start - dice_.between(1h, 5 * kDay) : span_.start + dice_.between(0s, cycle);
  say(i, Record::maintenance, span_.start, kDone[0], due - cycle, due);
  if (due > span_.end + kDay + kDay / 2) return;
  Time& done = done_[at_of(i, Record::maintenance)];
  done = Time::max();
  if (overdue) return;
  Time on = due;
  Duration on_the_way = dice_.between(5min, 40min);
  switch (dice_.weighted(kMaintenanceFates)) {
    case in_time:
      on = due - dice_.between(1h, kDay + kDay / 2);
      break;
    case late:
      on = due + dice_.between(2h, 10h);
      break;
    case missing:
      return;
    default:
      on = due - dice_.between(1h, 20h);
      on_the_way = due - on + dice_.between(3h, 9h);
  }
  done = on;
  if (on > span_.start + 40min) visits_.push_back({on - 35min, i});
  say(i, Record::maintenance, on + on_the_way, kDone[0], on, on + cycle);
}

void Records::plan_inspection(std::size_t i) {
  const Duration cycle = kCycles[1];
  const std::uint64_t die = dice_.below(1000);
  const Time due = die < 20    ? span_.start - dice_.between(1h, 60 * kDay)
                   : die < 50  ? dice_.between(0s, span_.end - span_.start) + span_.start
                   : die < 110 ? span_.end + dice_.between(1h, 29 * kDay)
                               : span_.end + dice_.between(31 * kDay, 330 * kDay);
  say(i, Record::inspection, span_.start, kDone[1], due - cycle, due);
  if (due > span_.end) return;
  Time& done = done_[at_of(i, Record::inspection)];
  done = Time::max();
  if (due < span_.start) return;
  Time on = due;
  Duration on_the_way = dice_.between(10min, 2h);
  switch (dice_.weighted(kInspectionFates)) {
    case in_time:
      on = due - dice_.between(2h, 48h);
      break;
    case late:
      on = due + dice_.between(2h, 8h);
      break;
    case missing:
      return;
    default:
      on = due - dice_.between(3h, 72h);
      on_the_way = due - on + dice_.between(4h, 12h);
  }
  done = on;
  say(i, Record::inspection, on + on_the_way, kDone[1], on, on + cycle);
}

void Records::plan_rectification(std::size_t i) {
  const std::uint64_t die = dice_.below(1000);
  if (die >= 65) return;
  const bool in_run = die < 8;
  const Time ordered =
      in_run ? span_.start + dice_.between(1h, 20h) : span_.start - dice_.between(kDay, 10 * kDay);
  const Time due = in_run     ? ordered + dice_.between(3h, 3 * kDay)
                   : die < 18 ? span_.start - dice_.between(1h, 20h)
                   : die < 50 ? span_.start + dice_.between(1h, 22h)
                              : span_.end + dice_.between(1h, 6 * kDay);
  say(i, Record::rectification, ordered, "ordered", ordered, due);
  Time& done = done_[at_of(i, Record::rectification)];
  done = Time::max();
  Time on = due;
  Duration on_the_way = dice_.between(10min, 1h);
  switch (dice_.weighted(kRectificationFates)) {
    case in_time:
      on = due - dice_.between(1h, 2h);
      break;
    case late:
      on = due + dice_.between(3h, 9h);
      break;
    case missing:
      return;
    default:
      on = due - dice_.between(30min, 2h);
      on_the_way = due - on + dice_.between(4h, 10h);
  }
  done = on;
  say(i, Record::rectification, on + on_the_way, kDone[2], on, due);
}

void Records::plan_retirements() {
  for (std::size_t n = 0; n < count_ / 400; ++n) {
    const std::size_t i = dice_.below(count_);
    const Time at = span_.start + dice_.between(6h, 20h);
    retirements_.push_back({at, i});
    changes_.push({at + 10min, i, "registration", "deregistered", at, std::nullopt});
  }
}

std::optional<Time> Records::next() const {
  if (changes_.empty()) return std::nullopt;
  return changes_.top().at;
}

std::optional<Records::Change> Records::take(Time until) {
  if (changes_.empty() || changes_.top().at > until) return std::nullopt;
  const Change change = changes_.top();
  changes_.pop();
  return change;
}

bool Records::done(std::size_t elevator, Record record, Time at) const {
  return done_[at_of(elevator, record)] <= at;
}

void Records::complete(std::size_t elevator, Record record, Time at) {
  Time& done = done_[at_of(elevator, record)];
  if (done <= at) return;  // nothing was missing: its record is on the way
  done = at;
  say(elevator, record, at + dice_.between(3min, 25min), kDone[static_cast<std::size_t>(record)],
      at, at + kCycles[static_cast<std::size_t>(record)]);
}

Sheet& write_registration(Sheet& sheet, const Elevator& elevator, std::string_view action,
                          Time on) {
  return sheet.text("record", "registration")
      .text("action", action)
      .time("on", on)
      .text("name", elevator.name)
      .text("address", elevator.address)
      .text("useUnit", elevator.use_unit)
      .text("maintenanceUnit", elevator.maintenance_unit)
      .text("phone", elevator.phone)
      .text("rescueCode", elevator.rescue_code)
      .text("installedIn", elevator.installed_in)
      .text("exposure", kExposures[static_cast<std::size_t>(elevator.exposure)])
      .text("district", elevator.district)
      .fixed("lon", elevator.lon, 5)
      .fixed("lat", elevator.lat, 5);
}

}  // namespace simulate
