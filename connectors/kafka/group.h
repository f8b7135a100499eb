#pragma once

// GroupMetadata: as which member of which generation of its group a worker commits. Taken from the
// consumer together with what it owns, in every rebalance: a transaction that carries an old
// generation is refused by the broker, and so a worker that has been away can't write. Values.

#include <memory>

#include "connectors/kafka/handles.h"

namespace connectors::kafka {

class GroupMetadata {
 public:
  /// Of no member: a process that has the group to itself and assigns partitions by hand.
  static GroupMetadata alone(const std::string& group);
  /// Of this consumer, now.
  static GroupMetadata of(rd_kafka_t* consumer);

  const rd_kafka_consumer_group_metadata_t* get() const { return metadata_.get(); }
  /// The broker accepts metadata without a generation from anybody: a member must not use such.
  bool member() const { return generation_ >= 0; }
  int generation() const { return generation_; }

 private:
  explicit GroupMetadata(rd_kafka_consumer_group_metadata_t* metadata);

  std::shared_ptr<rd_kafka_consumer_group_metadata_t> metadata_;
  int generation_ = -1;
};

}  // namespace connectors::kafka
