#pragma once

// CommittedClocks: up to which time each task of a city has committed, whichever process runs it:
// the group's offsets say so (OffsetNote). With it, how far an output must be read to have seen
// everything of those commits. For screens: what a task did not say until then it does not say.
// One thread.

#include "connectors/kafka/consumer.h"

namespace connectors::kafka {

class CommittedClocks {
 public:
  /// `output`: partitioned as `city.events` is.
  static streams::Result<std::unique_ptr<CommittedClocks>> open(const Connection& connection,
                                                                const std::string& group,
                                                                int partitions,
                                                                const std::string& output);

  struct One {
    streams::Time clock{};
    std::int64_t end = 0;  // of the output, with what is about to be committed
  };
  using Asked = std::map<int, One>;  // by partition; none where nothing is committed
  streams::Result<Asked> ask();

 private:
  CommittedClocks(const Connection& connection, std::unique_ptr<Consumer> consumer)
      : connection_(connection), consumer_(std::move(consumer)) {}

  const Connection connection_;
  std::unique_ptr<Consumer> consumer_;
  std::vector<streams::Partition> inputs_, outputs_;
};

}  // namespace connectors::kafka
