#pragma once

// Matter: the legal follow-up of one violation of one party, published whole at every change
// (shared contract `city.matter.v1`): what was found, what it was told, whether it corrected it,
// what it says, and what was decided. Made and kept by respond/matters, at the party.

#include <optional>

#include "operators/city/order.h"
#include "streams/hash.h"

namespace city {

enum class MatterState {
  opened,
  notified,
  objection,
  corrected,
  not_corrected,
  exempted,
  case_filed,
  decided,
  served,
  paid,
  closed
};
constexpr auto names_of(MatterState) {
  return std::array<std::string_view, 11>{"opened",        "notified", "objection",  "corrected",
                                          "not_corrected", "exempted", "case_filed", "decided",
                                          "served",        "paid",     "closed"};
}

/// One event on which a penalty might rest, and whether it may.
struct Ground {
  std::string id;      // of the event
  std::string from;    // the topic it came through
  std::string device;  // "device/…", where one saw it
  streams::Time time{};
  bool usable = true;
  Text why;  // where it is not
  static constexpr auto fields() {
    using G = Ground;
    return std::tuple{field("id", &G::id),         field("from", &G::from),
                      field("device", &G::device), field("time", &G::time),
                      field("usable", &G::usable), field("why", &G::why)};
  }
};

/// An earlier matter of the same behaviour, within the window.
struct EarlierMatter {
  std::string matter, order;
  MatterState state = MatterState::opened;
  streams::Time found_at{};
  static constexpr auto fields() {
    using E = EarlierMatter;
    return std::tuple{field("matter", &E::matter), field("order", &E::order),
                      field("state", &E::state), field("foundAt", &E::found_at)};
  }
};

/// What the software proposes; a person decides. An exemption takes effect once it was corrected in
/// time.
struct Proposal {
  std::string what;  // "exempt", "penalty"
  bool effective = false;
  Reason why;
  static constexpr auto fields() {
    using P = Proposal;
    return std::tuple{field("what", &P::what), field("effective", &P::effective),
                      field("why", &P::why)};
  }
};

/// Something that somebody did about it.
struct Act {
  streams::Time at{};
  std::string by, text;
  static constexpr auto fields() {
    return std::tuple{field("at", &Act::at), field("by", &Act::by), field("text", &Act::text)};
  }
};

struct Correction {
  streams::Time at{};
  std::string by, note;
  bool in_time = false;
  static constexpr auto fields() {
    using C = Correction;
    return std::tuple{field("at", &C::at), field("by", &C::by), field("note", &C::note),
                      field("inTime", &C::in_time)};
  }
};

/// A party's statement (陈述申辩), and what whoever decided said to it.
struct Objection {
  streams::Time at{};
  std::string by, text;
  std::string answer, answered_by;
  static constexpr auto fields() {
    using O = Objection;
    return std::tuple{field("at", &O::at), field("by", &O::by), field("text", &O::text),
                      field("answer", &O::answer), field("answeredBy", &O::answered_by)};
  }
};

struct Matter {
  static constexpr std::string_view kType = "city.matter.v1";

  std::string id;
  int revision = 0;
  std::string party;      // "enterprise/…"; the entity itself where no party is registered
  std::string behaviour;  // of the law list
  Text title;
  bool minor = false;
  MatterState state = MatterState::opened;
  std::string entity, order, item;
  std::vector<std::string> rules;
  std::string finding, action;  // the verdict
  std::string found_by;
  streams::Time found_at{};
  bool on_site = false;  // found there by whoever enforces the law: evidence of itself
  std::vector<Ground> evidence;
  std::vector<EarlierMatter> earlier;
  Proposal proposal;
  std::optional<streams::Time> correct_by, decide_by, serve_by;
  std::optional<Act> notified;
  std::optional<Correction> correction;
  std::optional<Act> omission;  // not corrected when the time was up
  std::vector<Objection> objections;
  std::optional<Act> exemption, filing, decision, service, payment;
  Text fine;
  std::vector<std::string> sources;  // statutes
  std::string law_version;           // "law@…"
  std::string district;
  std::vector<Step> history;
  int history_omitted = 0;  // steps between the first and the newest

  static constexpr auto fields() {
    using M = Matter;
    return std::tuple{field("id", &M::id),
                      field("revision", &M::revision),
                      field("party", &M::party),
                      field("behaviour", &M::behaviour),
                      field("title", &M::title),
                      field("minor", &M::minor),
                      field("state", &M::state),
                      field("entity", &M::entity),
                      field("order", &M::order),
                      field("item", &M::item),
                      field("rules", &M::rules),
                      field("finding", &M::finding),
                      field("action", &M::action),
                      field("foundBy", &M::found_by),
                      field("foundAt", &M::found_at),
                      field("onSite", &M::on_site),
                      field("evidence", &M::evidence),
                      field("earlier", &M::earlier),
                      field("proposal", &M::proposal),
                      field("correctBy", &M::correct_by),
                      field("decideBy", &M::decide_by),
                      field("serveBy", &M::serve_by),
                      field("notified", &M::notified),
                      field("correction", &M::correction),
                      field("omission", &M::omission),
                      field("objections", &M::objections),
                      field("exemption", &M::exemption),
                      field("filing", &M::filing),
                      field("decision", &M::decision),
                      field("service", &M::service),
                      field("payment", &M::payment),
                      field("fine", &M::fine),
                      field("sources", &M::sources),
                      field("lawVersion", &M::law_version),
                      field("district", &M::district),
                      field("history", &M::history),
                      field("historyOmitted", &M::history_omitted)};
  }
};

/// One violation found on one order opens one matter for each behaviour.
inline std::string matter_id(std::string_view city, std::string_view behaviour,
                             std::string_view order) {
  return streams::make_id("m-", {city, "matter", behaviour, order});
}

}  // namespace city
