#pragma once

// CityVersions: what a city on Kafka decides by, kept for all its processes in the topic
// `city.versions` (compacted, one partition, a record a name). A process asks it at its start and
// follows it; `rules activate --brokers` writes it. Any thread, one at a time.

#include <memory>
#include <vector>

#include "connectors/kafka/appender.h"
#include "connectors/kafka/reader.h"
#include "connectors/kafka/topics.h"
#include "streams/decoder.h"
#include "streams/version.h"

namespace app {

class CityVersions {
 public:
  static constexpr std::string_view kTopic = "city.versions";
  static connectors::kafka::TopicPlan plan();

  static streams::Result<std::unique_ptr<CityVersions>> open(
      const connectors::kafka::Connection& connection);

  /// The newest of each name, as far as the topic goes now; none: the city has never run.
  const std::vector<streams::Version>& active() const { return active_; }
  /// Reads on; true: something has changed.
  streams::Result<bool> refresh();

  /// A record in each partition of `city.events`: there it takes effect, also in tasks that nobody
  /// runs at the moment. Then in the topic. An error in between: the same once more, which changes
  /// nothing where it has arrived.
  streams::Result<void> activate(const std::vector<streams::Version>& versions, streams::Time now);

 private:
  CityVersions(std::unique_ptr<connectors::kafka::KafkaReader> reader,
               std::unique_ptr<connectors::kafka::Appender> appender, int tasks);

  std::unique_ptr<connectors::kafka::KafkaReader> reader_;
  std::unique_ptr<connectors::kafka::Appender> appender_;
  const int tasks_;
  std::unique_ptr<streams::Decoder> decoder_;
  std::vector<streams::Version> active_;
  std::int64_t next_ = 0;
};

}  // namespace app
