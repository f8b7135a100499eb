#pragma once

// KafkaCity: one process of a city on Kafka: workers on `city.events`, a forwarder at the doors,
// and the front. `run --brokers` makes one; any number of processes share the city, each with its
// own --instance and --data.

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "app/city_files.h"
#include "app/city_versions.h"
#include "app/clock_health.h"
#include "app/commands.h"
#include "app/current_notice.h"
#include "app/front.h"
#include "app/worker.h"
#include "connectors/http/server.h"
#include "connectors/kafka/appender.h"
#include "connectors/kafka/committed_clocks.h"
#include "connectors/kafka/forwarder.h"
#include "connectors/kafka/reader.h"
#include "connectors/kafka/topics.h"
#include "state/rocks_store.h"

namespace app {

/// The topics of a city: doors, engine, outputs.
std::vector<connectors::kafka::TopicPlan> city_topics(int partitions);

streams::Result<connectors::kafka::Connection> connection_of(const KafkaOptions& options);

class KafkaCity {
 public:
  /// Everything that can be wrong (broker, credentials, topics, counts, data) is found here.
  static streams::Result<std::unique_ptr<KafkaCity>> open(const RunOptions& options);
  ~KafkaCity();

  /// Until a signal, or an error that this process can't mend.
  streams::Result<void> run();

 private:
  KafkaCity() : topology_("city") {}
  streams::Result<streams::Time> last_tick() const;
  streams::Result<void> keep_time();
  streams::Result<void> open_front(const RunOptions& options);
  streams::Result<void> take_versions();
  void become_notice();
  void follow_versions();
  void follow_clocks();
  Board::Clocks clocks();
  void add_worker(const RunOptions& options, int number, std::size_t memory);
  Figures figures() const;
  Health health();
  connectors::Snapshot metrics();

  connectors::kafka::Connection connection_;
  TrustedClock clock_;
  ClockHealth clock_health_{clock_};
  CityFiles files_;
  int partitions_ = 4;
  streams::Topology topology_;
  std::unique_ptr<state::Database> database_;
  std::unique_ptr<state::RocksStore> store_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<connectors::kafka::Appender> appender_;
  std::unique_ptr<connectors::kafka::KafkaReader> outputs_, topics_, lookups_;
  std::unique_ptr<connectors::kafka::CommittedClocks> committed_;
  std::unique_ptr<Front> front_;
  std::unique_ptr<CityVersions> versions_;
  std::mutex mutex_;
  std::vector<streams::Version> active_;  // of versions_, for the front's threads
  connectors::kafka::CommittedClocks::Asked asked_;  // of committed_, likewise
  Board::Clocks clocks_;                             // the board's
  CurrentNotice notice_;                  // the forwarder's
  std::unique_ptr<connectors::kafka::Forwarder> forwarder_;
  connectors::Server socket_{std::nullopt};  // DATA/socket: `clock accept`
};

}  // namespace app
