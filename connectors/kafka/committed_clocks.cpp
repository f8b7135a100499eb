#include "connectors/kafka/committed_clocks.h"

#include "connectors/kafka/transactor.h"
#include "streams/graph.h"

namespace connectors::kafka {

using streams::Result;

Result<std::unique_ptr<CommittedClocks>> CommittedClocks::open(const Connection& connection,
                                                               const std::string& group,
                                                               int partitions,
                                                               const std::string& output) {
  ConsumerOptions options;
  options.settings = {{"group.id", group}};  // whose offsets are asked for; it never joins
  options.committed_only = false;
  Result<std::unique_ptr<Consumer>> consumer = Consumer::open(connection, options);
  if (!consumer) return consumer.error();
  std::unique_ptr<CommittedClocks> clocks{new CommittedClocks{connection, std::move(*consumer)}};
  for (int number = 0; number < partitions; ++number) {
    clocks->inputs_.push_back({streams::kCityEvents, number});
    clocks->outputs_.push_back({output, number});
  }
  return clocks;
}

/// In this order: what a commit wrote is in the output before the group's offsets tell of it, but
/// perhaps not yet to be read as committed.
Result<CommittedClocks::Asked> CommittedClocks::ask() {
  const auto done = committed(consumer_->handle(), connection_, inputs_);
  if (!done) return done.error();
  const auto ends = consumer_->ends(outputs_);
  if (!ends) return ends.error();
  Asked asked;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const auto one = done->find(inputs_[i]);
    if (one == done->end()) continue;
    const std::optional<OffsetNote> note = read_offset_note(one->second.note);
    if (note) asked[inputs_[i].number] = {note->clock, ends->at(outputs_[i])};
  }
  return asked;
}

}  // namespace connectors::kafka
