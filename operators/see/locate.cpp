#include "operators/see/locate.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "operators/city/words.h"
#include "operators/duty/active_list.h"

namespace see {

using city::kind_of;
using streams::Record;

namespace {

constexpr double kSeenWithin = 30;    // metres from where the camera looks
constexpr double kClearlyNearer = 8;  // than the next one
constexpr double kCell = 0.001;       // degrees
constexpr double kMetresPerDegree = 111'320;

/// What a street camera's alert may be about: the gazetteer's kinds of this category.
constexpr std::string_view kCategory = "street";

double metres(const Standing& a, double lon, double lat) {
  const double shrink = std::cos(lat * std::numbers::pi / 180);
  return std::hypot((a.lon - lon) * shrink, a.lat - lat) * kMetresPerDegree;
}

/// All cells from which it can be seen.
std::vector<std::string> cells_around(double lon, double lat) {
  const double reach = kSeenWithin / kMetresPerDegree * 1.3;  // a degree of longitude is shorter
  std::set<std::string> around;
  for (const double x : {lon - reach, lon + reach})
    for (const double y : {lat - reach, lat + reach}) around.insert(cell_of(x, y));
  return {around.begin(), around.end()};
}

}  // namespace

std::string cell_of(double lon, double lat) {
  const auto step = [](double degrees) {
    return std::to_string(static_cast<std::int64_t>(std::floor(degrees / kCell)));
  };
  return "cell/" + step(lon) + "-" + step(lat);
}

void Locate::process(const Record<city::CameraAlert>& in, Out&) {
  const city::CameraAlert& alert = in.value;
  if (kind_of(in.key()) != "device" || !alert.lon || !alert.lat) return;
  post.send(cell_of(*alert.lon, *alert.lat),
            Sighting{std::string{context().cause_id}, std::string{context().cause_source}, alert});
}

void Locate::process(const Record<city::PermitChange>& in, Out&) {
  const city::PermitChange& change = in.value;
  const std::vector<std::string>& kinds = gazetteer_.kinds(kCategory);
  if (change.record != "registration" ||
      std::find(kinds.begin(), kinds.end(), kind_of(in.key())) == kinds.end())
    return;
  std::vector<std::string> now;
  if (change.action != "deregistered" && change.lon && change.lat)
    now = cells_around(*change.lon, *change.lat);
  Standing standing{std::string{in.key()}, change.lon.value_or(0), change.lat.value_or(0), false,
                    change.district};
  for (const std::string& cell : now) post.send(cell, standing);
  standing.gone = true;
  for (const std::string& cell : cells.get().told)
    if (std::find(now.begin(), now.end(), cell) == now.end()) post.send(cell, standing);
  if (now.empty())
    cells.clear();
  else
    cells.put({std::move(now)});
}

void Locate::process(const Record<Standing>& in, Out&) {
  if (in.value.gone)
    near.erase(in.value.entity);
  else
    near.edit(in.value.entity) = in.value;
}

void Locate::process(const Record<Sighting>& in, Out&) {
  city::CameraAlert alert = in.value.alert;
  const Standing* nearest = nullptr;
  const Standing* placed = nullptr;  // the nearest that says in which district, however far
  double first = kSeenWithin, second = kSeenWithin + kClearlyNearer;
  for (const auto& [entity, one] : near.all()) {
    const double away = metres(one, *alert.lon, *alert.lat);
    if (!one.district.empty() &&
        (placed == nullptr || away < metres(*placed, *alert.lon, *alert.lat)))
      placed = &one;
    if (away < first) {
      second = nearest == nullptr ? second : first;
      first = away;
      nearest = &one;
    } else {
      second = std::min(second, away);
    }
  }
  const bool clear = nearest != nullptr && second - first >= kClearlyNearer;
  alert.district =
      placed != nullptr ? placed->district : gazetteer_.district(*alert.lon, *alert.lat);
  std::string data;
  streams::append_json(data, alert);
  post.forward("city.camera.alert.v1", clear ? nearest->entity : std::string{in.key()},
               std::move(data), {in.value.id, in.value.source});
}

void Locate::process(const Record<streams::Version>& in, Out&) {
  if (in.value.name != kGazetteerVersion) return;
  city::ActiveList<Gazetteer> list;
  if (list.take(in.value)) gazetteer_ = std::move(list.list);  // a bad one is counted by Resolve
}

}  // namespace see
