#include "connectors/simulate/city.h"

#include <algorithm>

namespace simulate {
namespace {

constexpr Duration kClockError = 3h;
constexpr std::size_t kDarkAtLeast = 3;  // elevators in a building with an outage
constexpr Duration kTryAgain = 7s;       // a lift that is under way now stands idle soon

RecordSpan span_of(const CityOptions& options) {
  return {options.start, options.start + std::chrono::hours{options.hours}};
}

std::vector<Incident> incidents_of(const CityOptions& options,
                                   const std::vector<Elevator>& elevators) {
  const RecordSpan span = span_of(options);
  IncidentSpan incident_span{span.start, span.end, {}};
  for (std::size_t i = 0; i < elevators.size(); ++i)
    if (!elevators[i].camera.empty()) incident_span.cameras.push_back(i);
  return make_incidents(options.seed, elevators.size(), incident_span);
}

}  // namespace

City::City(CityOptions options)
    : options_(std::move(options)),
      span_(span_of(options_)),
      elevators_(make_elevators(options_.seed, options_.elevators, options_.districts)),
      records_(options_.seed, elevators_, span_),
      trade_(options_.seed, options_.size, options_.districts, span_.start, span_.end),
      callers_(options_.seed, options_.size.calls_a_day, elevators_, trade_, span_.start,
               span_.end),
      incidents_(incidents_of(options_, elevators_)),
      network_(options_.seed, Random::of("network")),
      people_(options_.seed, Random::of("people")),
      clock_ahead_(network_.below(std::max<std::size_t>(elevators_.size(), 1))),
      horizon_(span_.start) {
  sites_.reserve(elevators_.size());
  for (std::size_t i = 0; i < elevators_.size(); ++i) {
    by_subject_.emplace(elevators_[i].subject, i);
    by_subject_.emplace(elevators_[i].building, i);  // its first one
    std::string id = std::to_string(options_.seed) + "-" + std::to_string(i) + "-";
    // Registers are read in before the devices are switched on.
    sites_.push_back(
        {std::move(id), Lift{elevators_[i], Random{options_.seed, i + 1}, span_.start + 30s}});
    wakes_.push({sites_[i].lift.wake(), i});
  }
  for (std::size_t n = 0; n < incidents_.size(); ++n)
    later(Due::What::incident, incidents_[n].at, incidents_[n].elevator, n);
  for (const Records::Visit& visit : records_.visits()) {
    Incident incident;
    incident.at = visit.at;
    incident.elevator = visit.elevator;
    incident.trouble.kind = Trouble::Kind::visit;
    incident.trouble.lasts = people_.between(20min, 35min);
    later(Due::What::incident, visit.at, visit.elevator, incidents_.size());
    incidents_.push_back(incident);
  }
  for (const Records::Visit& visit : records_.retirements())
    later(Due::What::retirement, visit.at, visit.elevator, 0);
}

// ---- time ---------------------------------------------------------------------------------------

std::optional<Time> City::next_happening() const {
  Time first = std::min(wakes_.empty() ? Time::max() : wakes_.top().at,
                        dues_.empty() ? Time::max() : dues_.top().at);
  for (const std::optional<Time> next : {records_.next(), trade_.next(), callers_.next()})
    first = std::min(first, next.value_or(Time::max()));
  if (first > span_.end) return std::nullopt;
  return first;
}

void City::happen() {
  horizon_ = std::max(horizon_, *next_happening());
  if (const auto changed = records_.take(horizon_)) return change(*changed);
  if (!dues_.empty() && dues_.top().at <= horizon_) {
    const Due due = dues_.top();
    dues_.pop();
    return on_due(due);
  }
  if (trade_.next().value_or(Time::max()) <= horizon_) return trade_.happen(mail_);
  if (callers_.next().value_or(Time::max()) <= horizon_) return callers_.happen(mail_);
  const Wake first = wakes_.top();
  wakes_.pop();
  wake(first);
}

// Whatever happens arrives later than it happens: once nothing can happen before the first arrival,
// that is the next one.
std::optional<Time> City::next() {
  while (const auto happening = next_happening()) {
    if (const auto arrival = mail_.next(); arrival && *arrival < *happening) break;
    happen();
  }
  const std::optional<Time> arrival = mail_.next();
  if (!arrival || *arrival > span_.end) return std::nullopt;
  return arrival;
}

void City::take(Time until, std::vector<Arrival>& out) {
  until = std::min(until, span_.end);
  while (const auto happening = next_happening()) {
    if (*happening > until) break;
    happen();
  }
  mail_.take(until, out);
}

void City::later(Due::What what, Time at, std::size_t elevator, std::size_t incident, int again) {
  dues_.push({at, sequence_++, what, elevator, incident, again});
}

// ---- devices ------------------------------------------------------------------------------------

void City::wake(Wake wake) {
  Lift& lift = sites_[wake.elevator].lift;
  if (lift.wake() != wake.at) return;  // it was woken for something else
  if (lift.step()) {
    report(wake.elevator, wake.at);
    lift.settle();
  }
  if (lift.wake() != Time::max()) wakes_.push({lift.wake(), wake.elevator});
}

void City::report(std::size_t elevator, Time now) {
  Site& site = sites_[elevator];
  const Cabin& cabin = site.lift.cabin();
  std::string id = site.source_id;
  append_whole(id, ++site.reports);
  counts_[kStatus] += 1;
  counts_[kFault] += !cabin.fault.empty();
  counts_[kAlarmButton] += cabin.alarm_button;
  counts_[kAlarmEnd] += cabin.alarm_end;
  counts_[kAhead] += elevator == clock_ahead_;
  Sheet sheet{Door::telemetry, "/sh/elevator-iot", id, elevators_[elevator].subject,
              elevator == clock_ahead_ ? now + kClockError : now};
  sheet.whole("floor", cabin.floor)
      .fixed("speedMps", cabin.speed, 2)
      .text("direction", cabin.direction)
      .text("door", cabin.door)
      .truth("doorZone", cabin.door_zone)
      .whole("loadKg", cabin.load)
      .truth("occupied", cabin.occupied)
      .text("mode", cabin.mode)
      .text_or_null("faultCode", cabin.fault)
      .truth("alarmButton", cabin.alarm_button)
      .truth("alarmEnd", cabin.alarm_end);
  deliver(elevator, sheet, now);
}

// At least once, mostly soon: 1 % twice, 0.3 % late, 0.05 % too late (over 5 min), a few broken.
void City::deliver(std::size_t elevator, Sheet& sheet, Time now) {
  Site& site = sites_[elevator];
  const std::string& subject = elevators_[elevator].subject;
  Time recorded = now + network_.between(40, 700) * 1ms;
  if (site.lift.silent_from() <= now || now < site.dark_until) {
    ++counts_[kUnheard];
    return;
  }
  if (now < site.silent_until) {
    if (!site.held_back) {
      ++counts_[kUnheard];
      return;
    }
    recorded = site.silent_until + network_.between(1, 15'000) * 1ms;
    ++counts_[recorded - now > 5min ? kTooLate : kLate];
  }
  const std::uint64_t luck = network_.below(20'000);
  if (luck == 0) return spoil(elevator, sheet.finish(), recorded);
  if (luck <= 10) {
    recorded += network_.between(330s, 40min);
    ++counts_[kTooLate];
  } else if (luck <= 70) {
    recorded += network_.between(10s, 230s);
    ++counts_[kLate];
  }
  const Door door = sheet.door();
  std::string bytes = sheet.finish();
  if (luck > 70 && luck <= 270) {
    ++counts_[kDuplicate];
    mail_.send(door, subject, bytes, recorded + network_.between(200, 30'000) * 1ms);
  }
  mail_.send(door, subject, std::move(bytes), recorded);
}

// What real doors have seen: cut off, not JSON, a required attribute gone, a time that is none,
// bytes that are no UTF-8.
void City::spoil(std::size_t elevator, std::string bytes, Time recorded) {
  ++counts_[kMalformed];
  stamp(bytes, recorded);
  switch (network_.below(5)) {
    case 0:
      bytes.resize(bytes.size() / 2);
      break;
    case 1:
      bytes = "STATUS;" + elevators_[elevator].subject + ";1;OK";
      break;
    case 2:
      bytes.replace(bytes.find("\"id\""), 4, "\"ID\"");
      break;
    case 3:
      bytes.replace(bytes.find("\"time\":\"") + 8, 4, "22/1");
      break;
    default:
      bytes.replace(bytes.find("\"mode\":\"") + 8, 2, "\xff\xfe");
  }
  mail_.send_unstamped(Door::telemetry, elevators_[elevator].subject, std::move(bytes), recorded);
}

// ---- incidents ----------------------------------------------------------------------------------

void City::on_due(const Due& due) {
  switch (due.what) {
    case Due::What::incident:
      return begin(due);
    case Due::What::sighting:
      return sight(due);
    case Due::What::call:
      return call(due);
    case Due::What::retirement:
      return sites_[due.elevator].lift.retire();
  }
}

void City::begin(const Due& due) {
  const Incident& incident = incidents_[due.incident];
  Site& site = sites_[due.elevator];
  switch (incident.what) {
    case Incident::What::trouble:
      if (site.lift.wake() == Time::max()) return;
      if (!site.lift.begin(incident.trouble, due.at)) {
        // After a while it would be another incident.
        if (due.again < 60)
          later(due.what, due.at + kTryAgain, due.elevator, due.incident, due.again + 1);
        return;
      }
      wakes_.push({site.lift.wake(), due.elevator});
      if (incident.caller)
        later(Due::What::call, due.at + people_.between(20s, 150s), due.elevator, due.incident);
      if (incident.trouble.smoke)
        later(Due::What::sighting, due.at + people_.between(30s, 90s), due.elevator, due.incident);
      return;
    case Incident::What::silence:
    case Incident::What::held_back:
      site.silent_until = std::max(site.silent_until, due.at + incident.lasts);
      site.held_back = incident.what == Incident::What::held_back;
      return;
    case Incident::What::outage:
      return go_dark(due.elevator, due.at + incident.lasts);
    default:
      return sight(due);
  }
}

std::pair<std::size_t, std::size_t> City::building_of(std::size_t elevator) const {
  const std::string& building = elevators_[elevator].building;
  std::size_t first = elevator, end = elevator + 1;
  while (first > 0 && elevators_[first - 1].building == building) --first;
  while (end < elevators_.size() && elevators_[end].building == building) ++end;
  return {first, end};
}

/// The building of that elevator, or the next one that has so many.
void City::go_dark(std::size_t elevator, Time until) {
  for (std::size_t looked = 0; looked < elevators_.size();) {
    const auto [first, end] = building_of(elevator);
    if (end - first < kDarkAtLeast) {
      looked += end - first;
      elevator = end % elevators_.size();
      continue;
    }
    for (std::size_t i = first; i < end; ++i) sites_[i].dark_until = until;
    return;
  }
}

void City::sight(const Due& due) {
  const Incident& incident = incidents_[due.incident];
  const Elevator& elevator = elevators_[due.elevator];
  if (elevator.camera.empty()) return;
  const bool ebike = incident.what == Incident::What::ebike;
  const bool phantom = incident.what == Incident::What::phantom;
  ++counts_[ebike ? kEbike : phantom ? kPhantom : kSmoke];
  if (ebike || phantom) sites_[due.elevator].ebike = ebike;
  const std::int64_t confidence =
      people_.one_in(10) ? people_.between(45, 74) : people_.between(81, 98);
  const std::string id = new_id("cam");
  Sheet sheet{Door::camera, "/sh/cabin-cameras", id, elevator.subject, due.at};
  sheet.text("device", elevator.camera)
      .text("label", ebike || phantom ? "e_bike" : "smoke")
      .fixed("confidence", confidence, 2)
      .text("imageUrl", "https://media.example/sh/" + id + ".jpg")
      .fixed("lon", elevator.lon, 5)
      .fixed("lat", elevator.lat, 5);
  mail_.send(Door::camera, elevator.subject, sheet.finish(),
             due.at + people_.between(300, 2500) * 1ms);
  if (due.again + 1 < incident.sightings)
    later(Due::What::sighting, due.at + people_.between(6s, 20s), due.elevator, due.incident,
          due.again + 1);
}

// ---- people and registers -----------------------------------------------------------------------

void City::call(const Due& due) {
  if (!sites_[due.elevator].lift.holds_people()) return;
  callers_.trapped(due.elevator, due.at, mail_);
  if (due.again < 2 && people_.percent(30))  // nobody has come yet
    later(Due::What::call, due.at + people_.between(4min, 9min), due.elevator, due.incident,
          due.again + 1);
}

void City::change(const Records::Change& change) {
  const Elevator& elevator = elevators_[change.elevator];
  if (change.record == "registration" && change.action == "registered" &&
      building_of(change.elevator).first == change.elevator) {
    Sheet building{Door::permit, "/sh/building-register", new_id("reg"), elevator.building,
                   change.at};
    mail_.send(Door::permit, elevator.building,
               write_building(building, elevator, change.on).finish(), change.at + 1ms);
    ++counts_[kRegistration];
  }
  const std::string id = new_id("reg");
  Sheet sheet{Door::permit, "/sh/special-equipment-register", id, elevator.subject, change.at};
  if (change.record == "registration") {
    ++counts_[kRegistration];
    write_registration(sheet, elevator, change.action, change.on);
  } else {
    const bool maintenance = change.record == "maintenance";
    ++counts_[maintenance                     ? kMaintenance
              : change.record == "inspection" ? kInspection
                                              : kRectification];
    sheet.text("record", change.record).text("action", change.action).time("on", change.on);
    if (change.valid_until) sheet.time("validUntil", *change.valid_until);
    sheet
        .text("by", maintenance                     ? elevator.maintenance_unit
                    : change.record == "inspection" ? std::string_view{"12310000SETI00001"}
                    : change.action == "ordered"    ? std::string_view{"11310000SAMR00001"}
                                                    : std::string_view{elevator.use_unit})
        .text("no", id);
  }
  mail_.send(Door::permit, elevator.subject, sheet.finish(), change.at + 1ms);
}

std::string City::new_id(std::string_view kind) {
  std::string id{kind};
  id += '-';
  append_whole(id, static_cast<std::int64_t>(options_.seed));
  id += '-';
  append_whole(id, ++ids_);
  return id;
}

// ---- what crews do ------------------------------------------------------------------------------

std::string City::meant_by(std::string_view receipt) const {
  const Callers::Meant* meant = callers_.meant_by(receipt);
  return meant == nullptr ? "" : meant->entity;
}

std::optional<std::size_t> City::find(std::string_view entity) const {
  if (const Callers::Meant* meant = callers_.meant_by(entity)) return meant->elevator;
  const auto found = by_subject_.find(entity);
  if (found == by_subject_.end()) return std::nullopt;
  return found->second;
}

Scene City::scene(std::string_view entity, Matter matter, Time at) const {
  if (of_premises(matter)) {
    const auto premises = trade_.find(entity);
    return premises ? trade_.scene(*premises, matter, at) : Scene{};
  }
  const auto elevator = find(entity);
  if (!elevator) return {};
  const Site& site = sites_[*elevator];
  const Trouble& trouble = site.lift.trouble();
  Scene scene;
  switch (matter) {
    case Matter::trapped:
      if (site.lift.holds_people())
        scene = {true, trouble.people, trouble.injured, trouble.smoke, trouble.cause};
      break;
    case Matter::fault:
      scene.real = site.lift.in_trouble() && trouble.kind != Trouble::Kind::visit;
      break;
    case Matter::ebike:
      scene.real = site.ebike;
      break;
    case Matter::maintenance:
      scene.real = !records_.done(*elevator, Record::maintenance, at);
      break;
    case Matter::inspection:
      scene.real = !records_.done(*elevator, Record::inspection, at);
      break;
    case Matter::rectification:
      scene.real = !records_.done(*elevator, Record::rectification, at);
      break;
    case Matter::outage:
      scene.real = at < site.dark_until;
      break;
    default:
      break;
  }
  return scene;
}

void City::repaired(std::string_view entity, Matter matter, Time at) {
  const auto elevator = find(entity);
  if (!elevator) return;
  if (matter == Matter::outage) {
    const auto [first, end] = building_of(*elevator);
    for (std::size_t i = first; i < end; ++i)
      sites_[i].dark_until = std::min(sites_[i].dark_until, std::max(at, horizon_));
    return;
  }
  Lift& lift = sites_[*elevator].lift;
  if (lift.wake() == Time::max()) return;  // no longer in use
  at = std::max(at, horizon_) + people_.between(15s, 60s);
  const Trouble::Kind kind = lift.trouble().kind;
  const bool held = kind == Trouble::Kind::entrapment || kind == Trouble::Kind::stuck_sensor;
  if (held || matter == Matter::fault) lift.put_right(at);
  if (!held && matter == Matter::trapped) lift.end_alarm(at);
  wakes_.push({lift.wake(), *elevator});
}

void City::completed(std::string_view entity, Record record, Time at) {
  if (const auto elevator = find(entity))
    records_.complete(*elevator, record, std::max(at, horizon_));
}

void City::corrected(std::string_view entity, Matter matter, Time at) {
  if (const auto premises = trade_.find(entity)) trade_.corrected(*premises, matter, at);
}

void City::replied(std::string_view receipt, Time at) {
  callers_.replied(receipt, at);
}

std::vector<City::Count> City::counts() const {
  static constexpr std::array<std::string_view, kCounted> kNames{"telemetry",
                                                                 "registration",
                                                                 "maintenance",
                                                                 "inspection",
                                                                 "rectification",
                                                                 "e-bike",
                                                                 "phantom e-bike",
                                                                 "smoke",
                                                                 "with alarm button",
                                                                 "alarm ends",
                                                                 "with fault code",
                                                                 "unheard (device silent)",
                                                                 "duplicates",
                                                                 "late (10 s to 5 min)",
                                                                 "too late (over 5 min)",
                                                                 "dated 3 h ahead",
                                                                 "malformed"};
  std::vector<Count> counts;
  for (std::size_t i = 0; i < kCounted; ++i) counts.push_back({kNames[i], counts_[i]});
  for (const Count& count : trade_.counts()) counts.push_back(count);
  for (const Count& count : callers_.counts()) counts.push_back(count);
  return counts;
}

}  // namespace simulate
