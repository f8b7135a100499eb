#pragma once

// A broker played by librdkafka's mock: for what a real one can't be made to do on demand.

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <librdkafka/rdkafka_mock.h>  // after it

#include <cstdint>
#include <string>

/// Begins a test that starts clients of librdkafka: their threads are made by C11's thrd_create,
/// which gcc 12's TSan does not know, so that any of them crashes in TSan's own allocator.
#ifdef __SANITIZE_THREAD__
#define NEEDS_KAFKA_THREADS() GTEST_SKIP() << "TSan can't follow librdkafka's threads"
#else
#define NEEDS_KAFKA_THREADS() static_cast<void>(0)
#endif

namespace tests {

struct MockBroker {
  static constexpr std::int16_t kProduce = 0, kInitProducerId = 22;  // the protocol's requests

  MockBroker() {
    char reason[256];
    client = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof reason);
    cluster = rd_kafka_mock_cluster_new(client, 1);
  }
  ~MockBroker() {
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(client);
  }
  MockBroker(const MockBroker&) = delete;
  MockBroker& operator=(const MockBroker&) = delete;

  std::string address() const { return rd_kafka_mock_cluster_bootstraps(cluster); }
  void make_topic(const std::string& name, int partitions) {
    rd_kafka_mock_topic_create(cluster, name.c_str(), partitions, 1);
  }

  rd_kafka_t* client;
  rd_kafka_mock_cluster_t* cluster;
};

}  // namespace tests
