#pragma once

// Receipt: the way of one complaint, published whole at every change (shared contract
// `city.complaint.v1`): what it is about, which order works on it, what was answered. Its text
// stays in `hotline.complaints`. Made and kept by respond/receipts.

#include <optional>

#include "operators/city/order.h"
#include "operators/city/street_address.h"
#include "streams/hash.h"

namespace city {

enum class ReceiptState {
  received,
  answered_directly,
  declined,
  assigned,
  contacted,
  handled,
  replied,
  revisited,
  redo,
  closed
};
constexpr auto names_of(ReceiptState) {
  return std::array<std::string_view, 10>{
      "received", "answered_directly", "declined",  "assigned", "contacted",
      "handled",  "replied",           "revisited", "redo",     "closed"};
}

/// What the complainant was told, and because of which verdict, refusal or answer.
struct Reply {
  streams::Time at{};
  std::string cause;  // id of that event
  Text text;
  static constexpr auto fields() {
    return std::tuple{field("at", &Reply::at), field("cause", &Reply::cause),
                      field("text", &Reply::text)};
  }
};

/// What the complainant said when called back after the reply (回访).
struct Revisit {
  std::string by;
  streams::Time at{};
  bool satisfied = false;
  std::string note;
  static constexpr auto fields() {
    using R = Revisit;
    return std::tuple{field("by", &R::by), field("at", &R::at), field("satisfied", &R::satisfied),
                      field("note", &R::note)};
  }
};

/// A receipt that may be the same matter, by place and words: a person decides.
struct Alike {
  std::string receipt, entity;  // "complaint/…", and what it is about where that is certain
  int percent = 0;
  static constexpr auto fields() {
    using A = Alike;
    return std::tuple{field("receipt", &A::receipt), field("entity", &A::entity),
                      field("percent", &A::percent)};
  }
};

struct Receipt {
  static constexpr std::string_view kType = "city.complaint.v1";

  std::string id;
  int revision = 0;
  std::string receipt;  // "complaint/…", the number under which it came
  std::string channel, kind, category, district;
  std::string complainant;          // a hash
  std::vector<std::string> labels;  // words of the hotline's list that it used
  ReceiptState state = ReceiptState::received;
  std::string about;                    // the entity, once certain
  std::vector<std::string> candidates;  // while it is not
  std::string linked_to;                // the receipt of the same matter, where one is known
  std::string order, item;              // that works on it
  std::optional<streams::Time> finish_by;
  std::optional<Verdict> verdict;
  std::optional<Reply> reply;
  std::vector<Step> history;
  // Its own clock, on working days and in the desk's hours (hotline list):
  std::optional<streams::Time> contact_by, decide_by, reply_by;
  std::optional<streams::Time> contacted;
  std::optional<Reply> interim;  // the last dated answer while the matter went on
  std::optional<Revisit> revisited;
  int redo = 0;  // how often it was done again
  std::string calendar_version;
  std::vector<Alike> alike;  // the last ones
  int history_omitted = 0;   // steps between the first and the newest

  static constexpr auto fields() {
    using R = Receipt;
    return std::tuple{field("id", &R::id),
                      field("revision", &R::revision),
                      field("receipt", &R::receipt),
                      field("channel", &R::channel),
                      field("kind", &R::kind),
                      field("category", &R::category),
                      field("district", &R::district),
                      field("complainant", &R::complainant),
                      field("labels", &R::labels),
                      field("state", &R::state),
                      field("about", &R::about),
                      field("candidates", &R::candidates),
                      field("linkedTo", &R::linked_to),
                      field("order", &R::order),
                      field("item", &R::item),
                      field("finishBy", &R::finish_by),
                      field("verdict", &R::verdict),
                      field("reply", &R::reply),
                      field("history", &R::history),
                      field("contactBy", &R::contact_by),
                      field("decideBy", &R::decide_by),
                      field("replyBy", &R::reply_by),
                      field("contacted", &R::contacted),
                      field("interim", &R::interim),
                      field("revisited", &R::revisited),
                      field("redo", &R::redo),
                      field("calendarVersion", &R::calendar_version),
                      field("alike", &R::alike),
                      field("historyOmitted", &R::history_omitted)};
  }
};

/// `receipt`: "complaint/…".
inline std::string receipt_id(std::string_view city, std::string_view receipt) {
  return streams::make_id("c-", {city, "complaint", receipt});
}

}  // namespace city
