#pragma once

// TrustState: what a rule or a device remembers of its verdicts, and the marks at which trust in it
// is lost and regained. Kept by learn/trust.

#include "operators/city/trust_record.h"

namespace city {

/// One verdict that spoke for or against.
struct Vote {
  std::string order;
  bool against = false;
  std::string seen_by;
  static constexpr auto fields() {
    return std::tuple{field("order", &Vote::order), field("against", &Vote::against),
                      field("seenBy", &Vote::seen_by)};
  }
};

struct TrustState {
  TrustRecord record;
  std::vector<Vote> votes;  // the last of them, as many as the limits look at
  static constexpr auto fields() {
    return std::tuple{field("record", &TrustState::record), field("votes", &TrustState::votes)};
  }
};

/// Lost and regained at different marks, so that one verdict more or less does not swing it.
struct TrustLimits {
  int lost_at = 5, lost_of = 6;        // so many of the last so many against
  int rule_lost_by = 3;                // of a rule: by so many devices, else they are to blame
  int regained_at = 3, regained_of = 4;  // so many of the last so many for
};

}  // namespace city
