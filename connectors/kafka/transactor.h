#pragma once

// Transactor: one transactional producer, and the state machine that turns a Commit into one Kafka
// transaction: outputs, letters, the tasks' changed rows with a marker behind them, and the
// consumed offsets. Either all of it can be read by others, or none.
//
//   closed ──open──> ready ──begin──> producing ──flush, offsets──> committing ──> ready
//     ^                                   └───────── abort <──────────────┘          │
//     └──────────────── fatal error, or a transactional request that timed out ──────┘
//
// librdkafka has no KIP-890 at any version: after a request of the protocol has timed out, its late
// arrival could end the next transaction. So the producer is then thrown away; a new one with the
// same id gets a new epoch, and the broker aborts what the old one left. One thread; KafkaLog's
// caller or a worker's committer.

#include <unordered_map>

#include "connectors/kafka/connection.h"
#include "connectors/kafka/group.h"
#include "streams/log.h"

namespace connectors::kafka {

struct TransactorOptions {
  std::string id;     // stable for this place in the group: a restart aborts what it left open
  std::string group;  // whose offsets are committed
  std::chrono::milliseconds timeout{10'000};  // of a transaction; then the broker aborts it
  std::map<std::string, int> partitions{};    // of the topics that are written by key
  bool cloud_events = true;                   // outputs carry the content type of structured mode
};

class Transactor {
 public:
  Transactor(const Connection& connection, TransactorOptions options);
  ~Transactor();
  Transactor(const Transactor&) = delete;
  Transactor& operator=(const Transactor&) = delete;

  /// Ready for a transaction: makes the producer where there is none. Fences another holder of the
  /// id and ends what it left open.
  streams::Result<void> open();

  enum class Outcome {
    committed,
    aborted,  // nothing was written
    unknown,  // the broker did not say: the group's committed offsets tell
  };
  struct Ended {
    Outcome outcome = Outcome::aborted;
    std::vector<streams::TaskMark> marks;  // of what was, or may have been, committed
    std::string why;                       // not committed: one sentence
  };
  using Clocks = std::map<int, streams::Time>;  // of tasks, at the commit
  /// An error: the broker refuses this for good (credentials, missing topic).
  streams::Result<Ended> run(const streams::Commit& commit, const GroupMetadata& group,
                             const Clocks& clocks = {});

  struct Counts {
    std::uint64_t committed = 0, aborted = 0, rebuilt = 0;
  };
  const Counts& counts() const { return counts_; }

 private:
  enum class State { closed, ready, producing, committing };
  enum class Next { go_on, again, abort, rebuild };
  struct Delivery {  // of one marker
    std::int64_t offset = -1;
  };
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* self);
  rd_kafka_topic_t* topic(const std::string& name);
  std::string produce(const streams::Commit& commit);
  std::string produce_output(const streams::Append& output);
  std::string produce_changes(const streams::Commit& commit, const streams::TaskChanges& changes,
                              Delivery& marker);
  template <class Produce>
  std::string enqueue(const Produce& produce);
  std::string flush();
  Next send_offsets(const streams::Commit& commit, const GroupMetadata& group,
                    const Clocks& clocks, std::string& why);
  Next next_of(const KafkaError& error, std::string_view doing, std::string& why);
  Ended end(Next next, std::string why);
  void close();

  const Connection connection_;
  const TransactorOptions options_;
  State state_ = State::closed;
  rd_kafka_t* producer_ = nullptr;
  std::unordered_map<std::string, Topic> topics_;
  std::vector<Delivery> markers_;  // by the commit's changes
  std::string delivery_failure_;
  Counts counts_;
};

/// What is noted with a committed offset: the commit's sequence, the mark of the partition, and the
/// clock of its task (none where an earlier build has committed).
struct OffsetNote {
  std::uint64_t sequence = 0;
  streams::Mark mark = 0;
  streams::Time clock{};
};
std::string offset_note(const OffsetNote& note);
std::optional<OffsetNote> read_offset_note(std::string_view note);

}  // namespace connectors::kafka
