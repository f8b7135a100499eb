#pragma once

// TrustRecord: how far a rule or a device is believed, and on what ground; made by learn/trust at
// every verdict, published as a part of the entity's status (see/register).

#include "operators/city/text.h"

namespace city {

struct TrustRecord {
  std::string id;
  int revision = 0;
  std::string entity;     // "rule/…", "device/…"
  int on_its_behalf = 0;  // verdicts since ever: confirmed, violation
  int against = 0;        // false_alarm, not_found
  int neutral = 0;
  bool trusted = true;
  streams::Time since{};  // of this level
  Text why;               // what made it so
  static constexpr auto fields() {
    using T = TrustRecord;
    return std::tuple{field("id", &T::id),           field("revision", &T::revision),
                      field("entity", &T::entity),   field("for", &T::on_its_behalf),
                      field("against", &T::against), field("neutral", &T::neutral),
                      field("trusted", &T::trusted), field("since", &T::since),
                      field("why", &T::why)};
  }
};

}  // namespace city
