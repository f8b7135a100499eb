#pragma once

// Handles: librdkafka's objects as values that free themselves, and its errors as ours. Included by
// connectors/kafka alone.

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <string_view>

#include "streams/result.h"

namespace connectors::kafka {

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const {
    destroy(object);
  }
};

using Conf = std::unique_ptr<rd_kafka_conf_t, Destroy<rd_kafka_conf_destroy>>;
using Topic = std::unique_ptr<rd_kafka_topic_t, Destroy<rd_kafka_topic_destroy>>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                      Destroy<rd_kafka_topic_partition_list_destroy>>;
using Message = std::unique_ptr<rd_kafka_message_t, Destroy<rd_kafka_message_destroy>>;
using KafkaError = std::unique_ptr<rd_kafka_error_t, Destroy<rd_kafka_error_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Destroy<rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Destroy<rd_kafka_event_destroy>>;

/// "can't <doing>: <what the broker or library says>". `kind` where the caller knows better.
streams::Error error_of(rd_kafka_resp_err_t code, std::string_view doing,
                        streams::Error::Kind kind = streams::Error::Kind::fatal);
streams::Error error_of(const KafkaError& error, std::string_view doing,
                        streams::Error::Kind kind = streams::Error::Kind::fatal);

}  // namespace connectors::kafka
