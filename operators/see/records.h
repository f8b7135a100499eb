#pragma once

// Records: lets a change in an official record through unless a newer one of the same record is
// known: of two changes of one record (kind and number) the one with the later event time holds,
// of the same time the one that comes later. An entity has one registration, whatever its number;
// other records without a number are each their own. What is overtaken is counted. It stands before
// all that keep what records say; rules compare for themselves. One task's thread.

#include <algorithm>
#include <vector>

#include "operators/city/permit.h"
#include "streams/hash.h"
#include "streams/operator.h"

namespace see {

inline constexpr std::size_t kRecordsKept = 256;  // of one entity: those that changed last

struct NewestChange {
  std::uint64_t record = 0;  // hash of kind and number
  streams::Time at{};
  bool exercise = false;
  static constexpr auto fields() {
    using N = NewestChange;
    return std::tuple{streams::field("record", &N::record), streams::field("at", &N::at),
                      streams::field("exercise", &N::exercise)};
  }
};
struct NewestChanges {
  std::vector<NewestChange> all;  // the one that changed last is the last
  static constexpr auto fields() { return std::tuple{streams::field("all", &NewestChanges::all)}; }
};

class Records : public streams::Operator<city::PermitChange(city::PermitChange)> {
 public:
  streams::Value<NewestChanges> newest = value<NewestChanges>("newest");
  Count overtaken = count("overtaken");

  void process(const streams::Record<city::PermitChange>& in,
               streams::Emit<city::PermitChange>& out) override {
    const city::PermitChange& change = in.value;
    const bool registration = change.record == "registration";
    if (!registration && change.no.empty()) return out(change);
    const std::uint64_t record =
        streams::hash64(change.record, registration ? std::string_view{} : change.no);
    const NewestChange now{record, context().time, context().exercise};
    const auto same = [&](const NewestChange& one) {
      return one.record == record && one.exercise == now.exercise;
    };
    const auto& known = newest.get().all;
    const auto before = std::find_if(known.begin(), known.end(), same);
    if (before != known.end() && before->at > now.at) {
      ++overtaken;
      return;
    }
    std::vector<NewestChange>& all = newest.edit().all;
    std::erase_if(all, same);
    if (all.size() == kRecordsKept) all.erase(all.begin());
    all.push_back(now);
    out(change);
  }
};

}  // namespace see
