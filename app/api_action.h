#pragma once

// Action: what a seat does on the screen, or a responder on the phone, as it becomes a
// `city.field.feedback.v1` record. Whether the step is legal the engine decides (city/steps.h);
// here only what no record can be made without. ActionDesk makes it durable and answers with the
// record's id. The server's thread.

#include <string>
#include <string_view>

#include "connectors/http/group_commit.h"
#include "connectors/http/message.h"
#include "connectors/json/event_decoder.h"
#include "streams/log.h"

namespace app {

struct Action {
  std::string subject;
  std::string by;
  std::string key;      // the caller's own name for it: sent twice, it has one id and acts once
  std::string members;  // of `data`, JSON text but for `subject`, `by` and `exercise`
  std::string_view from = "screen";  // the last part of the record's source
  bool exercise = false;             // part of a drill
  std::string vouched{};             // units for which an officer answers; empty: none speaks
};

/// Reads the body of POST /api/actions. Empty, or a sentence that says what is wrong.
std::string read_action(std::string_view body, std::string_view seat, std::string_view key,
                        Action& action);

std::string action_id(const Action& action, std::string_view city, streams::Time now,
                      std::uint64_t ordinal);

streams::Append action_record(const Action& action, std::string_view id, std::string_view city,
                              streams::Time now, int partitions);

class ActionDesk {
 public:
  ActionDesk(connectors::GroupCommit& commits, std::string city, int partitions)
      : commits_(commits), city_(std::move(city)), partitions_(partitions) {}

  /// Dates the action `at` and answers, when it is durable, 202 with {"id", "time", "position"};
  /// 400 for one that no task could read.
  void take(const Action& action, streams::Time at, const connectors::Reply& reply);
  /// The same; `done` is the answer when it is durable.
  void take(const Action& action, streams::Time at, connectors::Response done,
            const connectors::Reply& reply);

 private:
  void keep(streams::Append record, connectors::Response done, const connectors::Reply& reply);

  connectors::GroupCommit& commits_;
  const std::string city_;
  const int partitions_;  // of field.feedback
  std::uint64_t taken_ = 0;
  connectors::EventDecoder decoder_;
};

}  // namespace app
