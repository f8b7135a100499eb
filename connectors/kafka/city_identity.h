#pragma once

// CityIdentity: which city the topics under a prefix belong to, and who runs it. It is drawn once
// and stands as the first record of each partition of the changelog, where compaction keeps it: so
// a changelog that was made anew has another one, one whose beginning was deleted has none, and
// what a data directory remembers of it tells whether its copy of the state is of these topics.
// Claimed at every start, before anything is read or written. Any thread.

#include "connectors/kafka/consumer.h"
#include "streams/schema.h"

namespace connectors::kafka {

/// The first byte of its key: no row of a state has it.
inline constexpr char kIdentitySpace = 'i';

struct CityIdentity {
  std::string id;           // 16 hex digits, for ever
  std::string application;  // whose groups and transactions run it; a second one doubles outputs
  std::string city;         // its name
  bool operator==(const CityIdentity&) const = default;
  static constexpr auto fields() {
    using C = CityIdentity;
    return std::tuple{streams::field("id", &C::id), streams::field("application", &C::application),
                      streams::field("city", &C::city)};
  }
};

/// What stands at the beginning of the changelog's partition; nothing where that is empty as it was
/// made. An error of usage where there are records, but no identity before them.
streams::Result<std::optional<CityIdentity>> read_identity(Consumer& consumer, int partition);

/// The identity of the city whose topics these are, on all partitions: `application` becomes its
/// owner where it has none yet. A sentence where it belongs to another application or city. Several
/// processes may claim at once.
streams::Result<CityIdentity> claim_city(const Connection& connection, int partitions,
                                         const std::string& application, const std::string& city);

}  // namespace connectors::kafka
