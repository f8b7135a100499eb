#include "connectors/kafka/city_identity.h"

#include <random>

#include "connectors/json/json_reader.h"
#include "connectors/kafka/appender.h"
#include "connectors/kafka/changelog.h"
#include "streams/hash.h"
#include "streams/json.h"

namespace connectors::kafka {

using streams::Error;
using streams::Partition;
using streams::Result;

namespace {

constexpr std::chrono::seconds kPatience{30};

/// Never the same twice: not of a clock alone, which two processes may share.
std::string draw_id() {
  std::random_device random;
  const auto number = [&random] { return std::to_string(random()); };
  return streams::make_id("", {number(), number(), number(), number()});
}

Partition place_of(int partition) {
  return {std::string{kChangelog}, partition};
}

Error without_identity(int partition) {
  return {Error::Kind::usage,
          "the changelog of partition " + std::to_string(partition) +
              " does not begin with the identity of its city: its beginning was deleted, or an "
              "older version of this program wrote it. The state can't be restored from it: make "
              "the city's topics anew, or take another --prefix"};
}

std::optional<CityIdentity> identity_in(const Polled& record) {
  if (record.key.empty() || record.key.front() != kIdentitySpace) return std::nullopt;
  CityIdentity identity;
  std::string where;
  SimdJsonReader reader{record.value};
  if (!streams::read_json(reader, identity, where) || identity.id.empty()) return std::nullopt;
  return identity;
}

Result<void> write_identity(Appender& appender, int partition, const CityIdentity& identity) {
  std::string text;
  streams::append_json(text, identity);
  // A key of its own for each: of two that claim at once the first must outlive compaction. Dated
  // by the library: no clock of a city is trusted yet.
  return appender.append({{place_of(partition), {}, text, kIdentitySpace + ("/" + identity.id)}});
}

Error other_owner(const Connection& connection, const CityIdentity& owner,
                  const CityIdentity& asked) {
  const bool app = owner.application != asked.application;
  const std::string topics = connection.prefix.empty()
                                 ? "the city's topics on this cluster"
                                 : "the topics " + connection.prefix + "*";
  return {Error::Kind::usage,
          topics + " belong to the application " + owner.application + " of the city " +
              owner.city + ", this process runs " +
              (app ? "the application " + asked.application : "the city " + asked.city) +
              ": a second one would write every output twice. Run it as the first does, or make "
              "topics of its own with another --prefix"};
}

}  // namespace

Result<std::optional<CityIdentity>> read_identity(Consumer& consumer, int partition) {
  const Partition place = place_of(partition);
  const Result<Consumer::Extent> extent = consumer.extent(place);
  if (!extent) return extent.error();
  if (extent->end == 0) return std::optional<CityIdentity>{};
  if (extent->first >= extent->end) return without_identity(partition);
  if (Result<void> assigned = consumer.assign({{place, extent->first}}); !assigned)
    return assigned.error();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    const Result<std::optional<Polled>> polled = consumer.poll(std::chrono::milliseconds{100});
    if (!polled) return polled.error();
    if (!*polled || (*polled)->topic != kChangelog || (*polled)->partition != partition) continue;
    std::optional<CityIdentity> identity;
    if (!(*polled)->end) identity = identity_in(**polled);
    (void)consumer.assign({});
    if (!identity) return without_identity(partition);
    return identity;
  }
  return Error{Error::Kind::retry, "the broker did not send the beginning of the changelog of "
                                   "partition " + std::to_string(partition)};
}

Result<CityIdentity> claim_city(const Connection& connection, int partitions,
                                const std::string& application, const std::string& city) {
  const CityIdentity asked{draw_id(), application, city};
  Result<std::unique_ptr<Consumer>> consumer = Consumer::open(connection, {});
  if (!consumer) return consumer.error();
  std::unique_ptr<Appender> appender;
  // The first partition decides between several that claim; the others get what is there.
  CityIdentity owner = asked;
  for (int partition = 0; partition < partitions; ++partition) {
    Result<std::optional<CityIdentity>> there = read_identity(**consumer, partition);
    if (!there) return there.error();
    if (!*there) {
      if (!appender) {
        Result<std::unique_ptr<Appender>> opened = Appender::open(connection, {});
        if (!opened) return opened.error();
        appender = std::move(*opened);
      }
      if (Result<void> sent = write_identity(*appender, partition, owner); !sent)
        return sent.error();
      there = read_identity(**consumer, partition);
      if (!there) return there.error();
      if (!*there) return without_identity(partition);
    }
    if (partition == 0) {
      owner = **there;
      if (owner.application != application || owner.city != city)
        return other_owner(connection, owner, asked);
    }
    if ((*there)->id != owner.id)
      return Error{Error::Kind::usage,
                   "partitions 0 and " + std::to_string(partition) + " of " +
                       connection.topic(kChangelog) + " are of two different cities: topics were "
                       "mixed. Make all topics of the city anew, or take another --prefix"};
  }
  return owner;
}

}  // namespace connectors::kafka
