#pragma once

// What the board reads out of a record; all else passes through as it was written. Names of states
// are kept as text: a board must show what a newer engine writes. See streams/json.h for how they
// are read.

#include <optional>
#include <string>
#include <vector>

#include "streams/json.h"

namespace app {

using streams::field;
using streams::Json;
using streams::Time;

/// Of rows: 1 for life, which goes last; what a newer engine calls otherwise is no less.
inline int rank_of(const std::string& priority) {
  return priority == "P2" ? 2 : priority == "P3" ? 3 : priority == "P4" ? 4 : 1;
}

struct Envelope {
  std::string id, subject, causation;
  std::optional<Time> time;
  Json data;
  static constexpr auto fields() {
    using E = Envelope;
    return std::tuple{field("id", &E::id), field("subject", &E::subject),
                      field("causationid", &E::causation), field("time", &E::time),
                      field("data", &E::data)};
  }
};

struct WarningView {
  static constexpr std::string_view kKind = "warning";
  std::string id;
  int revision = 0;
  std::string rule, entity, state, state_reason, condition, priority;
  Time since{};
  Json title, reasons, claim, shelved, screened;

  /// Told by the doors; the engine has not raised it yet.
  bool is_notice() const { return revision == 0; }
  bool open() const {
    return state == "raised" || state == "screening" || state == "confirmed" ||
           state == "dispatched";
  }
  // What a row is counted by, and when it makes way for others (board_rows.h).
  int rank() const { return rank_of(priority); }
  const std::string& label() const { return priority; }
  const std::string& priority_label() const { return priority; }
  bool is_shelved() const { return shelved.text != "null"; }
  Time due() const { return Time::max(); }
  static constexpr auto fields() {
    using W = WarningView;
    return std::tuple{field("id", &W::id),
                      field("revision", &W::revision),
                      field("rule", &W::rule),
                      field("entity", &W::entity),
                      field("state", &W::state),
                      field("stateReason", &W::state_reason),
                      field("condition", &W::condition),
                      field("priority", &W::priority),
                      field("since", &W::since),
                      field("title", &W::title),
                      field("reasons", &W::reasons),
                      field("claim", &W::claim),
                      field("shelved", &W::shelved),
                      field("screened", &W::screened)};
  }
};

struct ResponderView {
  std::string unit, state;
  std::optional<Time> accept_by, arrive_by;
  static constexpr auto fields() {
    using R = ResponderView;
    return std::tuple{field("unit", &R::unit), field("state", &R::state),
                      field("acceptBy", &R::accept_by), field("arriveBy", &R::arrive_by)};
  }
};

struct StepView {
  std::optional<Time> at;
  std::string step, by;
  Json why;
  static constexpr auto fields() {
    using S = StepView;
    return std::tuple{field("at", &S::at), field("step", &S::step), field("by", &S::by),
                      field("why", &S::why)};
  }
};

struct RevokedView {
  std::string unit;
  std::optional<Time> until;
  static constexpr auto fields() {
    return std::tuple{field("unit", &RevokedView::unit), field("until", &RevokedView::until)};
  }
};

struct OrderView {
  static constexpr std::string_view kKind = "order";
  std::string id;
  int revision = 0;
  std::string entity, item, state, priority;
  std::vector<std::string> warnings;
  std::vector<ResponderView> responders;
  std::optional<Time> finish_by;
  Json title, pause;
  std::vector<StepView> history;
  std::vector<RevokedView> revoked_links;
  int history_omitted = 0;  // between the first and the newest of it

  bool open() const { return state != "closed" && state != "recalled"; }
  int rank() const { return rank_of(priority); }
  const std::string& label() const { return state; }
  const std::string& priority_label() const { return priority; }
  bool is_shelved() const { return false; }
  /// The next deadline that still counts. While it is paused no clock runs.
  Time due() const;
  static constexpr auto fields() {
    using O = OrderView;
    return std::tuple{field("id", &O::id),
                      field("revision", &O::revision),
                      field("entity", &O::entity),
                      field("item", &O::item),
                      field("state", &O::state),
                      field("priority", &O::priority),
                      field("warnings", &O::warnings),
                      field("responders", &O::responders),
                      field("finishBy", &O::finish_by),
                      field("title", &O::title),
                      field("pause", &O::pause),
                      field("history", &O::history),
                      field("revokedLinks", &O::revoked_links),
                      field("historyOmitted", &O::history_omitted)};
  }
};

struct ReceiptView {
  static constexpr std::string_view kKind = "complaint";
  std::string id;
  int revision = 0;
  std::string entity;  // the receipt itself
  std::string about, state;
  std::optional<Time> finish_by;
  std::vector<StepView> history;
  int history_omitted = 0;  // between the first and the newest of it

  bool open() const {
    return state == "received" || state == "assigned" || state == "contacted" ||
           state == "handled" || state == "redo";
  }
  /// What nobody has placed yet waits for a seat.
  int rank() const { return about.empty() ? 2 : 3; }
  const std::string& label() const { return state; }
  std::string priority_label() const { return {}; }
  bool is_shelved() const { return false; }
  Time due() const { return Time::max(); }
  Time since() const { return history.empty() ? Time{} : history.front().at.value_or(Time{}); }
  static constexpr auto fields() {
    using R = ReceiptView;
    return std::tuple{field("id", &R::id),           field("revision", &R::revision),
                      field("receipt", &R::entity),  field("about", &R::about),
                      field("state", &R::state),     field("finishBy", &R::finish_by),
                      field("history", &R::history), field("historyOmitted", &R::history_omitted)};
  }
};

struct MatterView {
  static constexpr std::string_view kKind = "matter";
  std::string id;
  int revision = 0;
  std::string entity;  // the party
  std::string about, state;
  std::optional<Time> correct_by, decide_by, serve_by;
  Json title;
  std::vector<StepView> history;
  int history_omitted = 0;  // between the first and the newest of it

  bool open() const { return state != "closed" && state != "exempted"; }
  int rank() const { return 3; }
  const std::string& label() const { return state; }
  std::string priority_label() const { return {}; }
  bool is_shelved() const { return false; }
  /// The last deadline that was set is the one that runs.
  Time due() const {
    return serve_by ? *serve_by : decide_by ? *decide_by : correct_by.value_or(Time::max());
  }
  static constexpr auto fields() {
    using M = MatterView;
    return std::tuple{field("id", &M::id),
                      field("revision", &M::revision),
                      field("party", &M::entity),
                      field("entity", &M::about),
                      field("state", &M::state),
                      field("correctBy", &M::correct_by),
                      field("decideBy", &M::decide_by),
                      field("serveBy", &M::serve_by),
                      field("title", &M::title),
                      field("history", &M::history),
                      field("historyOmitted", &M::history_omitted)};
  }
};

/// Of dead letters: the topic that it came through.
struct OriginView {
  std::string topic;
  static constexpr auto fields() { return std::tuple{field("topic", &OriginView::topic)}; }
};

/// Of rejected steps and notices: whose timeline they belong to, and which order was named.
struct TargetView {
  std::string entity, target;
  static constexpr auto fields() {
    return std::tuple{field("entity", &TargetView::entity), field("target", &TargetView::target)};
  }
};

}  // namespace app
