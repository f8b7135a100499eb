#pragma once

// Feedback: what people decide or do afterwards (`city.field.feedback.v1`), and Rejected: the
// answer to a step that was not legal. Which step is legal in which state, with which fields, by
// whom: steps.h.

#include <optional>
#include <string>
#include <vector>

#include "operators/city/order.h"

namespace city {

struct Feedback {
  std::string step;
  std::string by;  // kind/id with kind seat, officer, unit, checker, leader, party, rule
  // Exactly one target: an id, or an item, which names the one open order of the subject.
  std::string warning, order, complaint, matter, item;
  std::string note, reason, evidence, finding, action, cause, to, who, result, entity, text;
  std::optional<streams::Time> eta, until, reply_by;
  std::optional<double> people, injured;
  std::vector<std::string> photos;
  static constexpr auto fields() {
    using F = Feedback;
    return std::tuple{field("step", &F::step),
                      field("by", &F::by),
                      field("warning", &F::warning),
                      field("order", &F::order),
                      field("complaint", &F::complaint),
                      field("matter", &F::matter),
                      field("item", &F::item),
                      field("note", &F::note),
                      field("reason", &F::reason),
                      field("evidence", &F::evidence),
                      field("finding", &F::finding),
                      field("action", &F::action),
                      field("cause", &F::cause),
                      field("to", &F::to),
                      field("who", &F::who),
                      field("result", &F::result),
                      field("entity", &F::entity),
                      field("text", &F::text),
                      field("eta", &F::eta),
                      field("until", &F::until),
                      field("replyBy", &F::reply_by),
                      field("people", &F::people),
                      field("injured", &F::injured),
                      field("photos", &F::photos)};
  }
};

/// The answer to feedback that was not legal: nothing was changed by it.
struct Rejected {
  static constexpr std::string_view kType = "city.rejected.v1";
  std::string id;
  int revision = 1;
  std::string step;
  std::string by;
  std::string target;  // the id that was named, or the item
  std::string state;   // of the target, where there is one
  Reason reason;
  static constexpr auto fields() {
    using R = Rejected;
    return std::tuple{field("id", &R::id),         field("revision", &R::revision),
                      field("step", &R::step),     field("by", &R::by),
                      field("target", &R::target), field("state", &R::state),
                      field("reason", &R::reason)};
  }
};

/// What must be told to someone: a reminder to an order's owner, a copy to the regulator, a reply.
struct Notice {
  static constexpr std::string_view kType = "city.notice.v1";
  std::string id;
  int revision = 1;
  std::string to;  // recipient, kind/id
  // "due", "overdue", "copy", "reminder", "urge", "supervision", "report", "reply"; of a matter:
  // "rectification", "objection", "education", "case", "penalty", "unnamed"
  std::string kind;
  std::string entity, warning, order;
  Text text;
  std::string matter{};
  std::string_view subject() const { return to; }
  static constexpr auto fields() {
    using N = Notice;
    return std::tuple{
        field("id", &N::id),       field("revision", &N::revision), field("to", &N::to),
        field("kind", &N::kind),   field("entity", &N::entity),     field("warning", &N::warning),
        field("order", &N::order), field("text", &N::text),         field("matter", &N::matter)};
  }
};

}  // namespace city
