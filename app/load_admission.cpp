#include "app/load_admission.h"

#include <algorithm>
#include <cmath>

#include "connectors/http/rights.h"
#include "connectors/json/raw_slots.h"
#include "operators/city/topics.h"

namespace app {

using std::chrono::nanoseconds;

namespace {

constexpr std::chrono::seconds kFollowEvery{1}, kLongestWait{10};
constexpr double kBytesOfOne = 300;      // until it is known
constexpr double kMostRemembered = 1e6;  // events

}  // namespace

LoadAdmission::LoadAdmission(Ports ports, std::string city, Seconds limit)
    : ports_(std::move(ports)), city_(std::move(city)), limit_(limit) {}

std::optional<std::chrono::seconds> LoadAdmission::refusal(std::size_t bytes) {
  ahead_ = ports_.ahead(0);
  const auto own = static_cast<std::size_t>(static_cast<double>(bytes) / bytes_of_one());
  // One large request may stand alone; it is not heaped onto what waits.
  const bool room = ahead_ < limit_ / 2 || ports_.ahead(own) < limit_;
  if (room && !ports_.full(bytes)) return std::nullopt;
  ++requests_;
  follow_versions();
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(ahead_), std::chrono::seconds{1},
                    kLongestWait);
}

bool LoadAdmission::passes(std::string_view bytes) {
  streams::Event event;
  // The door's own reading says why it can't be read.
  if (ports_.decoder->decode(bytes, event)) return true;
  event.recorded = ports_.clock();
  event.time += ports_.clock_ahead(event.stated) - connectors::clock_ahead(event);
  const Kind kind = kind_of(event);
  const bool taken = kind != devices && within_rate(event.source) &&
                     (kind == life || ahead_ < kPeopleUpTo * limit_);
  ++(taken ? passed_ : refused_)[kind];
  return taken;
}

LoadAdmission::Kind LoadAdmission::kind_of(const streams::Event& event) {
  if (notice_ && notice_->is_life(event)) return life;
  const city::Door* door = city::door_of_type(event.type);
  return door != nullptr && door->people ? people : devices;
}

/// Tokens of a bucket that fills kEachSecond times a second up to kAtOnce.
bool LoadAdmission::within_rate(std::string_view source) {
  const nanoseconds now = ports_.monotonic();
  auto of = rates_.find(std::string{source});
  if (of == rates_.end() && rates_.size() >= kMostSources)
    std::erase_if(rates_, [now](const auto& one) {  // full again: as if it had never come
      return Seconds{now - one.second.at}.count() * kEachSecond + one.second.left >= kAtOnce;
    });
  if (of == rates_.end() && rates_.size() < kMostSources)
    of = rates_.emplace(source, Rate{kAtOnce, now}).first;
  Rate& rate = of == rates_.end() ? others_ : of->second;
  const double filled = Seconds{now - rate.at}.count() * kEachSecond;
  rate.left = std::min(kAtOnce, rate.left + filled);
  rate.at = now;
  if (rate.left < 1) return false;
  rate.left -= 1;
  return true;
}

void LoadAdmission::took(std::size_t events, std::size_t bytes) {
  ports_.added(events);
  if (bytes == 0) return;
  events_ += static_cast<double>(events);
  bytes_ += static_cast<double>(bytes);
  if (events_ < kMostRemembered) return;
  events_ /= 2;
  bytes_ /= 2;
}

double LoadAdmission::bytes_of_one() const {
  return events_ < 100 ? kBytesOfOne : bytes_ / events_;
}

void LoadAdmission::follow_versions() {
  const nanoseconds now = ports_.monotonic();
  if (now - followed_ < kFollowEvery) return;
  followed_ = now;
  const std::vector<streams::Version> active = ports_.versions();
  std::vector<std::string> names;
  for (const streams::Version& version : active) names.push_back(version.name + "@" + version.hash);
  if (notice_ && names == versions_) return;
  versions_ = std::move(names);
  notice_ = std::make_unique<operators::AdvanceNotice>(city_, active, connectors::read_raw_slot);
  ports_.decoder->extract(notice_->fields());
}

LoadAdmission::Counts LoadAdmission::counts() const {
  Counts counts{requests_, {}, {}};
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    counts.passed[kind] = passed_[kind];
    counts.refused[kind] = refused_[kind];
  }
  return counts;
}

void LoadAdmission::add_metrics(connectors::Snapshot& metrics) const {
  using connectors::Metric;
  constexpr std::array<const char*, kKinds> kNames{"devices", "people", "life"};
  const Counts counted = counts();
  metrics.set(Metric::requests_shed, static_cast<double>(counted.requests));
  metrics.set(Metric::backlog, ports_.ahead(0).count());
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    metrics.set(Metric::shed_events, {"taken", kNames[kind]},
                static_cast<double>(counted.passed[kind]));
    metrics.set(Metric::shed_events, {"refused", kNames[kind]},
                static_cast<double>(counted.refused[kind]));
  }
}

}  // namespace app
