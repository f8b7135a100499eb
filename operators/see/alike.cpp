#include "operators/see/alike.h"

#include "operators/see/likeness.h"

namespace see {

using city::StreetAddress;
using streams::Record;
using streams::Time;

namespace {

constexpr std::size_t kHeardKept = 256;  // of a road

bool may_be_one(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || a == b;
}

}  // namespace

std::string road_of(const StreetAddress& where) {
  return where.road.empty() ? std::string{} : "road/" + where.road;
}

bool may_be_one_place(const StreetAddress& a, const StreetAddress& b) {
  return a.road == b.road && may_be_one(a.lane, b.lane) && may_be_one(a.number, b.number) &&
         (a.lane.empty() == b.lane.empty() || a.place().empty() || b.place().empty()) &&
         may_be_one(a.building, b.building) && may_be_one(a.lift, b.lift);
}

// The likest of those before it, the earliest of equals.
void Alike::process(const Record<city::Wording>& in, Out&) {
  const city::Wording& said = in.value;
  const Time now = std::max(context().time, context().recorded);
  forget_old(now);
  if (heard.find(said.receipt) != nullptr) {  // what it is about is certain now
    heard.edit(said.receipt).wording = said;
    return;
  }
  const city::AlikeNumbers& numbers = hotline_->alike();
  if (numbers.percent == 0) return;
  const Heard* best = nullptr;
  int percent = numbers.percent - 1;
  for (const auto& [receipt, other] : heard.all()) {
    const city::Wording& one = other.wording;
    if (other.exercise != context().exercise || one.category != said.category ||
        !may_be_one(one.district, said.district) || !may_be_one_place(one.where, said.where))
      continue;
    if (!one.entity.empty() && one.entity == said.entity) continue;  // one order answers both
    const int alike = percent_alike(one.sketch, said.sketch);
    if (alike < percent || alike < numbers.percent) continue;
    if (alike == percent && best != nullptr && best->at <= other.at) continue;
    best = &other;
    percent = alike;
  }
  if (best != nullptr) {
    const StreetAddress& there = best->wording.where;
    const bool same_house = !there.place().empty() && !said.where.place().empty();
    post.send(said.receipt, city::AlikeWord{best->wording.receipt, best->wording.entity, percent,
                                            same_house ? there.spoken() : there.road});
  }
  make_room();
  heard.put(said.receipt, Heard{said, now, context().exercise});
  quiet.set(now + numbers.within);
}

void Alike::forget_old(Time now) {
  std::vector<std::string> old;
  for (const auto& [receipt, one] : heard.all())
    if (one.at + hotline_->alike().within < now) old.push_back(receipt);
  for (const std::string& receipt : old) heard.erase(receipt);
}

void Alike::make_room() {
  if (heard.all().size() < kHeardKept) return;
  const std::string* oldest = nullptr;
  Time at = Time::max();
  for (const auto& [receipt, one] : heard.all()) {
    if (one.at >= at) continue;
    at = one.at;
    oldest = &receipt;
  }
  heard.erase(std::string{*oldest});
  ++dropped;
}

void Alike::on_quiet(Out&) {
  forget_old(context().time + streams::Duration{1});
}

void Alike::process(const Record<streams::Version>& in, Out&) {
  if (in.value.name == city::kHotlineVersion && !hotline_.take(in.value)) ++bad_versions;
}

}  // namespace see
