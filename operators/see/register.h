#pragma once

// Register: the status of an entity as a screen shows it: its facts (who uses and maintains it,
// where it is, its rescue code), and how far it is believed, where it is a rule or a device. One
// record of the whole for every change, on `entity.status`, which keeps the newest of each entity.

#include <optional>

#include "operators/city/bounds.h"
#include "operators/city/permit.h"
#include "operators/city/trust_record.h"
#include "streams/operator.h"

namespace see {

using streams::field;

struct EntityStatus {
  static constexpr std::string_view kType = "city.entity.status.v1";
  std::string id;
  int revision = 0;
  std::string entity;
  city::Registration registration;         // of what was never registered: empty
  std::optional<city::TrustRecord> trust;  // since the first verdict
  static constexpr auto fields() {
    using E = EntityStatus;
    return std::tuple{field("id", &E::id), field("revision", &E::revision),
                      field("entity", &E::entity), field("registration", &E::registration),
                      field("trust", &E::trust)};
  }
};

class Register : public streams::Operator<EntityStatus(city::PermitChange, city::TrustRecord)> {
 public:
  streams::Value<EntityStatus> status = value<EntityStatus>("facts");

  void process(const streams::Record<city::PermitChange>& in,
               streams::Emit<EntityStatus>& out) override {
    if (in.value.record != "registration") return;
    if (in.value.action != "deregistered")
      status.edit().registration = city::Registration::of(in.value);
    publish(out);
  }
  void process(const streams::Record<city::TrustRecord>& in,
               streams::Emit<EntityStatus>& out) override {
    status.edit().trust = in.value;
    publish(out);
  }

 private:
  void publish(streams::Emit<EntityStatus>& out) {
    EntityStatus& mine = status.edit();
    mine.id = mine.entity = key();
    ++mine.revision;
    city::bound_texts(mine);
    out(mine);
  }
};

}  // namespace see
