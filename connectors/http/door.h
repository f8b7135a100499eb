#pragma once

// Door: POST /v1/events, where other systems hand in CloudEvents over HTTP: one, a JSON array of
// them, or one a line (event_body.h). Each is read by the Decoder, its topic found by its type and
// its partition by its subject; the bytes go on unchanged. It answers 202 only after all that it
// accepted is durable, and names what it did not accept by its place and a reason. Where Admission
// refuses a request it answers 429, takes out of it what passes all the same, and names that by its
// place. Used on the server's thread.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "connectors/http/admission.h"
#include "connectors/http/group_commit.h"
#include "connectors/http/idempotency.h"
#include "connectors/http/message.h"
#include "connectors/http/pseudonym.h"
#include "streams/decoder.h"

namespace connectors {

class Door {
 public:
  struct Options {
    int partitions = 1;                    // of every input topic
    std::function<streams::Time()> clock;  // wall time: `recorded`
    Pseudonym pseudonym{Signer::random()};  // of complainants; a city has a key that stays
    /// By how much `clock` is ahead of the machines' that date events: of one with that time.
    std::function<streams::Duration(streams::Time)> ahead = [](streams::Time) {
      return streams::Duration{};
    };
  };

  /// `commits` and `admission` outlive it; without an admission the queue alone is the bound.
  Door(std::unique_ptr<streams::Decoder> decoder, GroupCommit& commits, Options options,
       Admission* admission = nullptr);

  void post(Request request, Reply reply);

  struct Counters {
    struct Topic {
      std::string_view name;
      std::uint64_t received;
    };
    std::vector<Topic> topics;
    std::uint64_t rejected = 0;  // could not be read, or of a type that no door takes
  };
  Counters counters() const;

 private:
  struct Batch;
  void hand_over(Batch& batch, std::size_t bytes, Reply reply);
  void take(std::string_view bytes, Batch& batch);
  std::string reason_against(std::string_view bytes, Batch& batch);

  std::unique_ptr<streams::Decoder> decoder_;
  GroupCommit& commits_;
  Options options_;
  Admission* admission_;
  IdempotencyKeys keys_;
  std::string padded_;
  std::vector<std::atomic<std::uint64_t>> received_;  // by door
  std::atomic<std::uint64_t> rejected_{0};
};

/// 202, or what became of it: queue full, log not writable.
Response answer_of(const streams::Result<void>& appended, std::string accepted);
Response queue_full();

}  // namespace connectors
