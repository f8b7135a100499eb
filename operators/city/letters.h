#pragma once

// Letters of the loop: what respond tells the same entity's judge when an order ends, the receipts
// of complaints that wait for it, a rule and a device about their hit, and the party whose
// violation was found; what entities tell their place, and receipts their road. Sent in the commit
// of their cause, read one epoch later.

#include "operators/city/matter.h"
#include "operators/city/street_address.h"

namespace city {

/// An order came to its end. To the order's own entity.
struct OrderNews {
  static constexpr std::string_view kLetter = "order_news";
  std::string order;
  std::string item;
  std::vector<std::string> warnings;
  OrderState state = OrderState::closed;  // closed or recalled
  std::string finding, action;            // the verdict; empty where there is none
  int attempt = 1;
  Text why;
  static constexpr auto fields() {
    using N = OrderNews;
    return std::tuple{field("order", &N::order),       field("item", &N::item),
                      field("warnings", &N::warnings), field("state", &N::state),
                      field("finding", &N::finding),   field("action", &N::action),
                      field("attempt", &N::attempt),   field("why", &N::why)};
  }
};

/// What becomes of a complaint's matter: an order works on it, or has ended. To its receipt.
struct OrderWord {
  static constexpr std::string_view kLetter = "order_word";
  std::string order, entity, item;
  Text title;        // of the item
  std::string unit;  // that answers for it
  OrderState state = OrderState::dispatched;
  std::optional<streams::Time> finish_by;
  std::optional<Verdict> verdict;
  std::string cause;  // the event that closed it
  Text why;
  Priority priority = Priority::P4;
  std::string first;     // of the receipts that this order answers
  std::string district;  // of the order
  static constexpr auto fields() {
    using W = OrderWord;
    return std::tuple{field("order", &W::order),        field("entity", &W::entity),
                      field("item", &W::item),          field("title", &W::title),
                      field("unit", &W::unit),          field("state", &W::state),
                      field("finishBy", &W::finish_by), field("verdict", &W::verdict),
                      field("cause", &W::cause),        field("why", &W::why),
                      field("priority", &W::priority),  field("first", &W::first),
                      field("district", &W::district)};
  }
};

/// What a receipt asks of the order that answers it: to be in time for its own clock, or to be done
/// again because the complainant is not satisfied. To the order's entity.
struct ReceiptWord {
  static constexpr std::string_view kLetter = "receipt_word";
  std::string receipt, order, item;
  Priority priority = Priority::P4;
  std::string district;
  streams::Time reply_by{};
  int redo = 0;  // 0: the order at work is meant
  Text why;
  static constexpr auto fields() {
    using W = ReceiptWord;
    return std::tuple{field("receipt", &W::receipt),   field("order", &W::order),
                      field("item", &W::item),         field("priority", &W::priority),
                      field("district", &W::district), field("replyBy", &W::reply_by),
                      field("redo", &W::redo),         field("why", &W::why)};
  }
};

/// The same matter came through another channel (`originalNo`) and nobody can place it: what is the
/// first receipt about? To that receipt.
struct SameMatter {
  static constexpr std::string_view kLetter = "same_matter";
  std::string receipt;  // who asks
  static constexpr auto fields() { return std::tuple{field("receipt", &SameMatter::receipt)}; }
};

/// A warning that may be but a part of what happened where its entity stands holds, or does no
/// more. To the place that the registration names (`installedIn`), which counts them.
struct Part {
  static constexpr std::string_view kLetter = "part";
  std::string entity, warning, rule;
  Text title;
  bool holds = false;
  streams::Time since{};
  std::string district;
  std::string source, event, from;  // what it rests on last
  static constexpr auto fields() {
    using P = Part;
    return std::tuple{field("entity", &P::entity),     field("warning", &P::warning),
                      field("rule", &P::rule),         field("title", &P::title),
                      field("holds", &P::holds),       field("since", &P::since),
                      field("district", &P::district), field("source", &P::source),
                      field("event", &P::event),       field("from", &P::from)};
  }
};

/// A place's warning explains one of the entity's, or does so no more. To that entity.
struct ParentWord {
  static constexpr std::string_view kLetter = "parent_word";
  std::string parent, child;  // warnings
  std::string entity;         // of the parent
  Text title;                 // the parent's
  bool holds = false;
  static constexpr auto fields() {
    using W = ParentWord;
    return std::tuple{field("parent", &W::parent), field("child", &W::child),
                      field("entity", &W::entity), field("title", &W::title),
                      field("holds", &W::holds)};
  }
};

/// What a receipt is about, and a sketch of its words: is there another like it? To `road/…`.
struct Wording {
  static constexpr std::string_view kLetter = "wording";
  std::string receipt, category, district;
  std::string entity;  // empty: not certain yet
  std::string sketch;
  StreetAddress where;
  static constexpr auto fields() {
    using W = Wording;
    return std::tuple{field("receipt", &W::receipt),   field("category", &W::category),
                      field("district", &W::district), field("entity", &W::entity),
                      field("sketch", &W::sketch),     field("where", &W::where)};
  }
};

/// Another receipt has the same words about the same road, and may be the same matter. To the later
/// one.
struct AlikeWord {
  static constexpr std::string_view kLetter = "alike";
  std::string receipt, entity;
  int percent = 0;
  std::string where;  // on which both are
  static constexpr auto fields() {
    using A = AlikeWord;
    return std::tuple{field("receipt", &A::receipt), field("entity", &A::entity),
                      field("percent", &A::percent), field("where", &A::where)};
  }
};

/// What the field found out about one hit. To `rule/<rule>` and `device/<id>`.
struct TrustLetter {
  static constexpr std::string_view kLetter = "trust";
  std::string order;  // one order speaks once
  std::string finding;
  std::string seen_by;  // the device whose hit it was; without one the entity
  static constexpr auto fields() {
    return std::tuple{field("order", &TrustLetter::order), field("finding", &TrustLetter::finding),
                      field("seenBy", &TrustLetter::seen_by)};
  }
};

/// An order ended with a violation that people found on site. To the party.
struct Offence {
  static constexpr std::string_view kLetter = "offence";
  std::string order, entity, item;
  std::vector<std::string> rules;
  Verdict verdict;
  bool on_site = false;  // found by whoever enforces the law, not told by the party's own unit
  std::vector<Ground> evidence;
  std::string district;
  std::string cause;  // the event that closed the order
  static constexpr auto fields() {
    using O = Offence;
    return std::tuple{field("order", &O::order),       field("entity", &O::entity),
                      field("item", &O::item),         field("rules", &O::rules),
                      field("verdict", &O::verdict),   field("onSite", &O::on_site),
                      field("evidence", &O::evidence), field("district", &O::district),
                      field("cause", &O::cause)};
  }
};

/// A matter asks whether a device stood under public notice. To `device/…`.
struct NoticeAsked {
  static constexpr std::string_view kLetter = "notice_asked";
  std::string party, matter;
  static constexpr auto fields() {
    return std::tuple{field("party", &NoticeAsked::party), field("matter", &NoticeAsked::matter)};
  }
};

/// From when to when a device's items, scope and place were published.
struct Publication {
  streams::Time since{};
  std::optional<streams::Time> until;
  static constexpr auto fields() {
    return std::tuple{field("since", &Publication::since), field("until", &Publication::until)};
  }
};

/// Its answer. To the party.
struct NoticeTold {
  static constexpr std::string_view kLetter = "notice_told";
  std::string device, matter;
  std::vector<Publication> publications;  // none: never published
  static constexpr auto fields() {
    return std::tuple{field("device", &NoticeTold::device), field("matter", &NoticeTold::matter),
                      field("publications", &NoticeTold::publications)};
  }
};

/// The version that carries a change of trust: this prefix and the rule or device; its content is
/// one of the two words below, or empty when there is nothing against it (any more).
inline constexpr std::string_view kTrustVersion = "trust/";
inline constexpr std::string_view kTrusted = "trusted";
inline constexpr std::string_view kDistrusted = "distrusted";

}  // namespace city
