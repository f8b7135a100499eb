#include "connectors/simulate/trade.h"

#include <algorithm>
#include <cmath>

namespace simulate {
namespace {

constexpr Duration kFirst = 20s;  // within which the registers are read in at the start
constexpr Duration kDay = 24h;
constexpr int kWithPitch = 35;  // percent of the shops

Matter matter_of(Lapse::What what) {
  switch (what) {
    case Lapse::What::rodent:
      return Matter::rodent;
    case Lapse::What::goods:
      return Matter::street;
    default:
      return Matter::hygiene;
  }
}

std::size_t slot_of(Matter matter) {
  return static_cast<std::size_t>(matter) - static_cast<std::size_t>(Matter::hygiene);
}

/// The cell of the map in which this lies, as the software names it; 1e-5 degrees.
std::string cell_of(int lon, int lat) {
  const auto step = [](int hundred_thousandths) {
    return std::to_string(static_cast<std::int64_t>(std::floor(hundred_thousandths / 1e5 / 0.001)));
  };
  return "cell/" + step(lon) + "-" + step(lat);
}

std::string day_of(Time time) {
  std::string text;
  append_local_time(text, time);
  return text.substr(0, 10);
}

std::string clock(int hour) {
  return (hour < 10 ? "0" : "") + std::to_string(hour) + ":00";
}

}  // namespace

Trade::Trade(std::uint64_t seed, const CitySize& size, const std::vector<District>& districts,
             Time start, Time end)
    : seed_(seed), dice_(seed, Random::of("trade")) {
  premises_ = make_kitchens(seed, size.kitchens, districts);
  kitchens_ = premises_.size();
  for (Premises& shop : make_shops(seed, size.shops, size.street_cameras, districts))
    premises_.push_back(std::move(shop));
  std::array<Time, kMatters> never;
  never.fill(Time::min());
  until_.assign(premises_.size(), never);
  lapses_ = make_lapses(seed, premises_, kitchens_, start, end);
  const auto count = static_cast<std::int64_t>(premises_.size());
  for (std::size_t i = 0; i < premises_.size(); ++i) {
    const Time at = start + kFirst * static_cast<std::int64_t>(i) / count;
    by_subject_.emplace(premises_[i].subject, i);
    later(Due::What::registration, at, i);
    if (premises_[i].is_kitchen()) continue;
    for (std::size_t camera = 0; camera < premises_[i].cameras.size(); ++camera)
      later(Due::What::device, at + 1ms, i, static_cast<int>(camera));
    plan_filing(i, at + 2ms, end);
  }
  for (std::size_t i = 0; i < lapses_.size(); ++i) later(Due::What::sighting, lapses_[i].at, i);
}

// Most pitches are filed for months. Some have run out without anybody taking in the chairs, some
// are filed, revoked or run out in the middle of the run.
void Trade::plan_filing(std::size_t i, Time start, Time end) {
  if (!dice_.percent(kWithPitch)) return;
  const Time within = start + dice_.between(1h, std::max<Duration>(end - start, 2h));
  Filing filing{"外摆-" + premises_[i].subject.substr(premises_[i].subject.size() - 4),
                start + dice_.between(10, 200) * kDay, ""};
  Time at = start;
  switch (dice_.below(8)) {
    case 0:  // over, and the register has not yet said so
      filing.until = start - dice_.between(1, 30) * kDay;
      break;
    case 1:
      filing.ends = "expired";
      filing.until = start;
      later(Due::What::filing_ends, within, i);
      break;
    case 2:
      filing.ends = "revoked";
      later(Due::What::filing_ends, within, i);
      break;
    case 3:
      at = within;
      break;
    default:
      break;
  }
  later(Due::What::filing, at, i);
  filings_.emplace(i, std::move(filing));
}

void Trade::later(Due::What what, Time at, std::size_t index, int again) {
  dues_.push({at, sequence_++, what, index, again});
}

std::optional<Time> Trade::next() const {
  if (dues_.empty()) return std::nullopt;
  return dues_.top().at;
}

void Trade::happen(Mail& mail) {
  const Due due = dues_.top();
  dues_.pop();
  switch (due.what) {
    case Due::What::registration:
      return register_premises(premises_[due.index], due.at, mail);
    case Due::What::device:
      return register_device(premises_[due.index], static_cast<std::size_t>(due.again), due.at,
                             mail);
    case Due::What::filing:
      ++counts_[kFiling];
      return file(due.index, "registered", due.at, mail);
    case Due::What::filing_ends:
      ++counts_[kFilingEnds];
      return file(due.index, filings_.at(due.index).ends, due.at, mail);
    case Due::What::sighting:
      return sight(due, mail);
  }
}

// ---- registers ----------------------------------------------------------------------------------

void Trade::register_premises(const Premises& one, Time at, Mail& mail) {
  ++counts_[one.is_kitchen() ? kKitchen : kShop];
  Sheet sheet{Door::permit, one.is_kitchen() ? "/sh/food-register" : "/sh/street-register",
              new_id("lic"), one.subject, at};
  sheet.text("record", "registration")
      .text("action", "registered")
      .text("no", one.licence)
      .text("name", one.name)
      .text("address", one.address)
      .text("useUnit", one.use_unit)
      .text("phone", one.phone)
      .text("opens", clock(one.opens))
      .text("closes", clock(one.closes))
      .text("district", one.district)
      .fixed("lon", one.lon, 5)
      .fixed("lat", one.lat, 5);
  mail.send(Door::permit, one.subject, sheet.finish(), at + 1ms);
}

void Trade::register_device(const Premises& one, std::size_t camera, Time at, Mail& mail) {
  ++counts_[kDevice];
  const std::string subject = "device/" + one.cameras[camera];
  Sheet sheet{Door::permit, "/sh/shared-cameras", new_id("dev"), subject, at};
  sheet.text("record", "registration")
      .text("action", "registered")
      .text("name", one.name + "门前监控")
      .text("district", one.district)
      .fixed("lon", one.lon, 5)
      .fixed("lat", one.lat, 5);
  mail.send(Door::permit, subject, sheet.finish(), at + 1ms);
}

void Trade::file(std::size_t i, std::string_view action, Time at, Mail& mail) {
  const Filing& filing = filings_.at(i);
  const std::string& subject = premises_[i].subject;
  Sheet sheet{Door::permit, "/sh/street-register", new_id("fil"), subject, at};
  sheet.text("record", "filing").text("action", action).text("no", filing.no).time("on", at);
  if (action == "registered") sheet.text("validUntil", day_of(filing.until));
  mail.send(Door::permit, subject, sheet.finish(), at + 1ms);
}

// ---- cameras ------------------------------------------------------------------------------------

void Trade::sight(const Due& due, Mail& mail) {
  const Lapse& lapse = lapses_[due.index];
  const Premises& one = premises_[lapse.premises];
  const Matter matter = matter_of(lapse.what);
  if (due.again == 0 && lapse.real) begin(lapse.premises, matter, lapse.at + lapse.lasts);
  if (lapse.real && !scene(lapse.premises, matter, due.at).real) return;  // somebody was faster
  const bool goods = lapse.what == Lapse::What::goods;
  ++counts_[goods ? kGoodsSeen : matter == Matter::rodent ? kRodentSeen : kHygieneSeen];
  counts_[kMistaken] += !lapse.real;
  // Around the rules' thresholds: 0.85 in kitchens, 0.80 for rodents and goods.
  const std::int64_t confidence = !lapse.sure       ? dice_.between(48, 83)
                                  : dice_.one_in(5) ? dice_.between(74, 86)
                                                    : dice_.between(86, 98);
  const std::string& camera = one.cameras[lapse.camera];
  const std::string subject = goods ? "device/" + camera : one.subject;
  int lon = one.lon, lat = one.lat;
  if (goods) {  // where it looks, some metres off
    lon += lapse.between ? one.next_door / 2 : static_cast<int>(dice_.between(-1, 2));
    lat += static_cast<int>(dice_.between(-2, 2));
    by_cell_[cell_of(lon, lat)] = lapse.premises;
    counts_[kBetweenSeen] += lapse.between;
  }
  const std::string id = new_id(goods ? "str" : "kit");
  Sheet sheet{Door::camera, goods ? "/sh/street-cameras" : "/sh/kitchen-cameras", id, subject,
              due.at};
  sheet.text("device", camera)
      .text("label", kLapses[static_cast<std::size_t>(lapse.what)])
      .fixed("confidence", confidence, 2)
      .text("imageUrl", "https://media.example/sh/" + id + ".jpg")
      .fixed("lon", lon, 5)
      .fixed("lat", lat, 5);
  mail.send(Door::camera, subject, sheet.finish(), due.at + dice_.between(300, 2500) * 1ms);
  if (due.again + 1 < lapse.sightings)
    later(Due::What::sighting, due.at + lapse.apart, due.index, due.again + 1);
}

// ---- what is really so --------------------------------------------------------------------------

std::optional<std::size_t> Trade::find(std::string_view entity) const {
  if (const auto cell = by_cell_.find(entity); cell != by_cell_.end()) return cell->second;
  const auto found = by_subject_.find(entity);
  if (found == by_subject_.end()) return std::nullopt;
  return found->second;
}

Scene Trade::scene(std::size_t premises, Matter matter, Time at) const {
  Scene scene;
  if (of_premises(matter)) scene.real = until_[premises][slot_of(matter)] > at;
  return scene;
}

void Trade::begin(std::size_t premises, Matter matter, Time until_then) {
  Time& so = until_[premises][slot_of(matter)];
  so = std::max(so, until_then);
}

void Trade::corrected(std::size_t premises, Matter matter, Time at) {
  if (!of_premises(matter)) return;
  Time& so = until_[premises][slot_of(matter)];
  so = std::min(so, at);
}

std::string Trade::new_id(std::string_view kind) {
  std::string id{kind};
  id += '-';
  append_whole(id, static_cast<std::int64_t>(seed_));
  id += '-';
  append_whole(id, ++ids_);
  return id;
}

std::vector<Trade::Count> Trade::counts() const {
  static constexpr std::array<std::string_view, kCounted> kNames{
      "kitchen registration",       "shop registration",
      "street camera registration", "pitch filed",
      "pitch no longer filed",      "kitchen camera: hygiene",
      "kitchen camera: rodent",     "street camera: goods",
      "of them between two shops",  "of all, mistaken"};
  std::vector<Count> counts;
  for (std::size_t i = 0; i < kCounted; ++i) counts.push_back({kNames[i], counts_[i]});
  return counts;
}

}  // namespace simulate
