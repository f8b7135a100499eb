#include "connectors/simulate/records.h"

#include <algorithm>

namespace simulate {
namespace {

constexpr Duration kDay = 24h;
constexpr Duration kFirst = 20s;  // within which the registers are read in at the start

struct Between {
  Duration least, most;
};

/// How what is due turns out: in time, late, never, or in time while the record of it comes late.
struct Fates {
  std::string_view done;                     // action
  Duration cycle;                            // until it is due again
  Between on_the_way;                        // from the deed to the register
  int weights[4];                            // in time, late, missing, record late
  Between early, late, early_unseen, after;  // before due, behind it; record late: both
};
constexpr Fates kFates[] = {
    // by Record
    {"completed",
     15 * kDay,
     {5min, 40min},
     {66, 12, 12, 10},
     {1h, kDay + kDay / 2},
     {2h, 10h},
     {1h, 20h},
     {3h, 9h}},
    {"passed",
     365 * kDay,
     {10min, 2h},
     {30, 10, 40, 20},
     {2h, 48h},
     {2h, 8h},
     {3h, 72h},
     {4h, 12h}},
    {"corrected",
     10 * kDay,
     {10min, 1h},
     {35, 10, 35, 20},
     {1h, 2h},
     {3h, 9h},
     {30min, 2h},
     {4h, 10h}},
};

const Fates& fates_of(Record record) {
  return kFates[static_cast<std::size_t>(record)];
}

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
    const auto installed = streams::parse_time(elevators[i].installed + "-06-01");
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
  const Duration cycle = fates_of(Record::maintenance).cycle;
  const bool overdue = dice_.below(1000) < 12;
  const Time due =
      overdue ? span_.start - dice_.between(1h, 5 * kDay) : span_.start + dice_.between(0s, cycle);
  say(i, Record::maintenance, span_.start, fates_of(Record::maintenance).done, due - cycle, due);
  if (due > span_.end + kDay + kDay / 2) return;
  const std::optional<Time> on =
      overdue ? never(i, Record::maintenance) : turn_out(i, Record::maintenance, due);
  if (on && *on > span_.start + 40min) visits_.push_back({*on - 35min, i});
}

void Records::plan_inspection(std::size_t i) {
  const Duration cycle = fates_of(Record::inspection).cycle;
  const std::uint64_t die = dice_.below(1000);
  const Time due = die < 20    ? span_.start - dice_.between(1h, 60 * kDay)
                   : die < 50  ? dice_.between(0s, span_.end - span_.start) + span_.start
                   : die < 110 ? span_.end + dice_.between(1h, 29 * kDay)
                               : span_.end + dice_.between(31 * kDay, 330 * kDay);
  say(i, Record::inspection, span_.start, fates_of(Record::inspection).done, due - cycle, due);
  if (due > span_.end) return;
  due < span_.start ? never(i, Record::inspection) : turn_out(i, Record::inspection, due);
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
  turn_out(i, Record::rectification, due);
}

std::optional<Time> Records::never(std::size_t i, Record record) {
  done_[at_of(i, record)] = Time::max();
  return std::nullopt;
}

std::optional<Time> Records::turn_out(std::size_t i, Record record, Time due) {
  const Fates& fates = fates_of(record);
  const auto drawn = [this](Between span) { return dice_.between(span.least, span.most); };
  Duration on_the_way = drawn(fates.on_the_way);
  Time on = due;
  switch (dice_.weighted(fates.weights)) {
    case 0:
      on = due - drawn(fates.early);
      break;
    case 1:
      on = due + drawn(fates.late);
      break;
    case 2:
      return never(i, record);
    default:
      on = due - drawn(fates.early_unseen);
      on_the_way = due - on + drawn(fates.after);
  }
  done_[at_of(i, record)] = on;
  // What a rectification was ordered for is not due again.
  const Time until = record == Record::rectification ? due : on + fates.cycle;
  say(i, record, on + on_the_way, fates.done, on, until);
  return on;
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
  const Fates& fates = fates_of(record);
  say(elevator, record, at + dice_.between(3min, 25min), fates.done, at, at + fates.cycle);
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
      .text("installedIn", elevator.building)
      .text("exposure", kExposures[static_cast<std::size_t>(elevator.exposure)])
      .text("district", elevator.district)
      .fixed("lon", elevator.lon, 5)
      .fixed("lat", elevator.lat, 5);
}

Sheet& write_building(Sheet& sheet, const Elevator& first, Time on) {
  return sheet.text("record", "registration")
      .text("action", "registered")
      .time("on", on)
      .text("name", first.name.substr(0, first.name.rfind('#')))
      .text("address", first.address)
      .text("useUnit", first.use_unit)
      .text("phone", first.phone)
      .text("district", first.district)
      .fixed("lon", first.lon, 5)
      .fixed("lat", first.lat, 5);
}

}  // namespace simulate
