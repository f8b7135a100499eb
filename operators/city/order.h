#pragma once

// Order: what a unit must do about warnings or complaints of one entity, with deadlines, responders
// and its history, published whole at every change (shared contract `city.order.v1`). Made
// and kept by respond.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "operators/city/history.h"
#include "operators/city/text.h"
#include "streams/time.h"

namespace city {

enum class OrderState {
  dispatched,
  accepted,
  en_route,
  arrived,
  handled,
  verified,
  closed,
  recalled
};
constexpr auto names_of(OrderState) {
  return std::array<std::string_view, 8>{"dispatched", "accepted", "en_route", "arrived",
                                         "handled",    "verified", "closed",   "recalled"};
}

struct Responder {
  int level = 1;
  std::string unit;
  std::string role;  // "use_unit", "maintenance_unit", "station", "fire"
  OrderState state = OrderState::dispatched;
  std::optional<streams::Time> accept_by;
  std::optional<streams::Time> arrive_by;
  std::optional<streams::Time> eta;
  std::string why{};  // code: what added this responder ("rule", "no_acceptance", "refused", "eta",
                    // "late", "injury", "smoke", "no_unit", "transfer", "designated", "joined")
  bool rescuer = false;  // of a life order: its answer and arrival count, a duty room's do not
  std::string declined{};  // the reason it gave for refusing; on a life order it is still called on
  static constexpr auto fields() {
    using R = Responder;
    return std::tuple{field("level", &R::level),
                      field("unit", &R::unit),
                      field("role", &R::role),
                      field("state", &R::state),
                      field("acceptBy", &R::accept_by),
                      field("arriveBy", &R::arrive_by),
                      field("eta", &R::eta),
                      field("why", &R::why),
                      field("rescuer", &R::rescuer),
                      field("declined", &R::declined)};
  }
};

/// What was found and what was done: the pair that closes the loop.
struct Verdict {
  std::string finding;
  std::string action;
  std::string by;
  streams::Time at{};
  int people = 0, injured = 0;  // of a rescue
  std::string cause;
  std::string note;
  static constexpr auto fields() {
    using V = Verdict;
    return std::tuple{field("finding", &V::finding), field("action", &V::action),
                      field("by", &V::by),           field("at", &V::at),
                      field("people", &V::people),   field("injured", &V::injured),
                      field("cause", &V::cause),     field("note", &V::note)};
  }
};

struct Supervision {
  int level = 0;  // rung of the ladder: 1 remind, 2 urge, 3 supervise, 4 report
  std::string by, to;
  streams::Time since{};
  std::optional<streams::Time> reply_by;
  std::string answer;
  static constexpr auto fields() {
    using S = Supervision;
    return std::tuple{field("level", &S::level),
                      field("by", &S::by),
                      field("to", &S::to),
                      field("since", &S::since),
                      field("replyBy", &S::reply_by),
                      field("answer", &S::answer)};
  }
};

struct Pause {
  std::string by, reason;
  streams::Time since{};
  streams::Time until{};
  static constexpr auto fields() {
    return std::tuple{field("by", &Pause::by), field("reason", &Pause::reason),
                      field("since", &Pause::since), field("until", &Pause::until)};
  }
};

struct Extension {
  std::string by, reason;
  streams::Time until{};
  bool granted = false;
  static constexpr auto fields() {
    return std::tuple{field("by", &Extension::by), field("reason", &Extension::reason),
                      field("until", &Extension::until), field("granted", &Extension::granted)};
  }
};

/// A return (退单) that waits for the dispatcher's decision.
struct Returning {
  std::string by, reason, evidence;
  streams::Time since{};
  static constexpr auto fields() {
    return std::tuple{field("by", &Returning::by), field("reason", &Returning::reason),
                      field("evidence", &Returning::evidence), field("since", &Returning::since)};
  }
};

/// Phones' links of a unit that were given until then open nothing any more.
struct RevokedLinks {
  std::string unit;
  streams::Time until{};
  static constexpr auto fields() {
    return std::tuple{field("unit", &RevokedLinks::unit), field("until", &RevokedLinks::until)};
  }
};
inline constexpr std::size_t kMostRevoked = 100;  // of one order; the oldest goes first

struct Order {
  static constexpr std::string_view kType = "city.order.v1";

  std::string id;
  int revision = 0;
  std::string story;
  std::vector<std::string> warnings;    // the newest kLinksKept
  std::vector<std::string> complaints;  // likewise
  std::string entity;
  std::string item;
  Text title;
  Priority priority = Priority::P4;
  OrderState state = OrderState::dispatched;
  int attempt = 1;
  int returns = 0;
  std::vector<Responder> responders;
  std::optional<streams::Time> finish_by;
  std::optional<Verdict> verdict;
  std::optional<Supervision> supervision;
  std::optional<Pause> pause;
  std::optional<Extension> extension;
  std::vector<Step> history;
  std::string district;
  std::string duty_version;  // "duty@…": whose deadlines and units these are
  std::optional<Returning> returning;
  std::string calendar_version;  // "calendar@…": by which working days are counted
  std::vector<RevokedLinks> revoked_links;
  int history_omitted = 0;       // steps between the first and the newest

  static constexpr auto fields() {
    using O = Order;
    return std::tuple{field("id", &O::id),
                      field("revision", &O::revision),
                      field("story", &O::story),
                      field("warnings", &O::warnings),
                      field("complaints", &O::complaints),
                      field("entity", &O::entity),
                      field("item", &O::item),
                      field("title", &O::title),
                      field("priority", &O::priority),
                      field("state", &O::state),
                      field("attempt", &O::attempt),
                      field("returns", &O::returns),
                      field("responders", &O::responders),
                      field("finishBy", &O::finish_by),
                      field("verdict", &O::verdict),
                      field("supervision", &O::supervision),
                      field("pause", &O::pause),
                      field("extension", &O::extension),
                      field("history", &O::history),
                      field("district", &O::district),
                      field("dutyVersion", &O::duty_version),
                      field("returning", &O::returning),
                      field("calendarVersion", &O::calendar_version),
                      field("revokedLinks", &O::revoked_links),
                      field("historyOmitted", &O::history_omitted)};
  }
};

}  // namespace city
