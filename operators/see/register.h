#pragma once

// Register: the facts of an entity as a screen shows them (who uses and maintains it, where it is,
// its rescue code), published on `entity.status` whenever its registration changes. Remembers the
// last.

#include "operators/city/permit.h"
#include "streams/operator.h"

namespace see {

using streams::field;

/// The part of an entity's status that its registration gives.
struct EntityFacts {
  static constexpr std::string_view kType = "city.entity.status.v1";
  std::string id;
  int revision = 0;
  std::string entity;
  city::Registration registration;
  static constexpr auto fields() {
    return std::tuple{field("id", &EntityFacts::id), field("revision", &EntityFacts::revision),
                      field("entity", &EntityFacts::entity),
                      field("registration", &EntityFacts::registration)};
  }
};

class Register : public streams::Operator<EntityFacts(city::PermitChange)> {
 public:
  streams::Value<EntityFacts> facts = value<EntityFacts>("facts");

  void process(const streams::Record<city::PermitChange>& in,
               streams::Emit<EntityFacts>& out) override {
    if (in.value.record != "registration") return;
    EntityFacts& mine = facts.edit();
    mine.id = mine.entity = key();
    ++mine.revision;
    if (in.value.action != "deregistered") mine.registration = city::Registration::of(in.value);
    out(mine);
  }
};

}  // namespace see
