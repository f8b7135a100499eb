#pragma once

// Topics: which topics a city has on Kafka and how each is to be kept; makes what is missing and
// says what differs. Used by `topics create`, at every start, and by tests. One call at a time.

#include "connectors/kafka/connection.h"

namespace connectors::kafka {

struct TopicPlan {
  std::string name;
  int partitions = 4;
  std::map<std::string, std::string> config;  // cleanup.policy and so on
};

struct TopicReport {
  std::vector<std::string> made;     // names
  std::vector<std::string> differs;  // sentences; nothing is changed
};

/// Idempotent; `replication`: of what it makes.
streams::Result<TopicReport> create_topics(const Connection& connection,
                                           const std::vector<TopicPlan>& plans, int replication);

/// How many partitions it has; a sentence where it is not there.
streams::Result<int> partitions_of(const Connection& connection, const std::string& topic);

/// Every topic is there with the planned number of partitions, or a sentence that names the first
/// that is not.
streams::Result<void> check_topics(const Connection& connection,
                                   const std::vector<TopicPlan>& plans);

/// The plan of an engine: `city.events` and `changelog` (one partition for each task), and the
/// city's own inputs and outputs.
std::vector<TopicPlan> engine_topics(int tasks);
TopicPlan door_topic(std::string name, int partitions);
TopicPlan output_topic(std::string name, int partitions, bool latest_only);

}  // namespace connectors::kafka
