#pragma once

// Warning: one episode of one rule on one entity, with priority and reasons, published whole at
// every change (shared contract `city.warning.v1`). Made and kept by judge.

#include <optional>
#include <string>
#include <vector>

#include "operators/city/conclusion.h"
#include "streams/hash.h"

namespace city {

enum class WarningState {
  raised,
  screening,
  confirmed,
  dispatched,
  resolved,
  dismissed,
  merged,
  suppressed
};
constexpr auto names_of(WarningState) {
  return std::array<std::string_view, 8>{"raised",   "screening", "confirmed", "dispatched",
                                         "resolved", "dismissed", "merged",    "suppressed"};
}

/// Whether what the rule saw still holds, apart from what people do about it.
enum class Condition { active, cleared, no_data };
constexpr auto names_of(Condition) {
  return std::array<std::string_view, 3>{"active", "cleared", "no_data"};
}

/// Code of the reason that names what else stands about the entity.
inline constexpr std::string_view kSecondSignal = "urgency.second_signal";
/// Code of the state's reason while it is only a consequence of another warning.
inline constexpr std::string_view kParent = "parent";

struct Claim {
  std::string by;  // "seat/3"
  streams::Time until{};
  static constexpr auto fields() {
    return std::tuple{field("by", &Claim::by), field("until", &Claim::until)};
  }
};

struct Shelving {
  std::string by;
  streams::Time until{};
  std::string reason;
  static constexpr auto fields() {
    return std::tuple{field("by", &Shelving::by), field("until", &Shelving::until),
                      field("reason", &Shelving::reason)};
  }
};

struct Screened {
  std::string by;      // a seat, or "rule": automatic
  std::string result;  // "confirmed", "dismissed"
  std::string reason;
  streams::Time at{};
  static constexpr auto fields() {
    return std::tuple{field("by", &Screened::by), field("result", &Screened::result),
                      field("reason", &Screened::reason), field("at", &Screened::at)};
  }
};

/// Who has to screen it, and until when; then it goes to the next seat.
struct Screening {
  std::string owner;  // a seat or a seat group of the duty list
  streams::Time deadline{};
  int passed_on = 0;
  static constexpr auto fields() {
    return std::tuple{field("owner", &Screening::owner), field("deadline", &Screening::deadline),
                      field("passedOn", &Screening::passed_on)};
  }
};

struct Warning {
  static constexpr std::string_view kType = "city.warning.v1";

  std::string id;
  int revision = 0;  // 0: advance notice, by the doors
  std::string story;
  std::optional<std::string> parent;  // of which it is a consequence
  std::vector<std::string> linked;
  std::string rule;
  std::string rule_version;
  std::string entity;
  WarningState state = WarningState::raised;
  std::string state_reason;  // code, for dismissed, merged, suppressed
  Condition condition = Condition::active;
  int reopened = 0;
  Priority priority = Priority::P4;
  streams::Time since{};
  int count = 0;
  std::vector<Evidence> evidence;  // the first and the last 15
  std::vector<Reason> reasons;     // why this priority, and why in this state
  Text title;
  std::optional<Claim> claim;
  std::optional<Shelving> shelved;
  std::optional<Screened> screened;
  std::optional<Screening> screening;
  std::optional<OrderRequest> order;  // what it asks for
  /// Life at risk is committed at once; what changes later on the warning can wait.
  bool urgent() const { return priority == Priority::P1 && revision <= 1; }
  std::optional<streams::Time> due;
  std::string device;
  std::string district;
  std::optional<double> lon, lat;
  Consequence consequence = Consequence::order;
  int dispatches = 0;  // how often an order was asked for: makes a second order's id another one

  static constexpr auto fields() {
    using W = Warning;
    return std::tuple{field("id", &W::id),
                      field("revision", &W::revision),
                      field("story", &W::story),
                      field("parent", &W::parent),
                      field("linked", &W::linked),
                      field("rule", &W::rule),
                      field("ruleVersion", &W::rule_version),
                      field("entity", &W::entity),
                      field("state", &W::state),
                      field("stateReason", &W::state_reason),
                      field("condition", &W::condition),
                      field("reopened", &W::reopened),
                      field("priority", &W::priority),
                      field("since", &W::since),
                      field("count", &W::count),
                      field("evidence", &W::evidence),
                      field("reasons", &W::reasons),
                      field("title", &W::title),
                      field("claim", &W::claim),
                      field("shelved", &W::shelved),
                      field("screened", &W::screened),
                      field("screening", &W::screening),
                      field("order", &W::order),
                      field("due", &W::due),
                      field("device", &W::device),
                      field("district", &W::district),
                      field("lon", &W::lon),
                      field("lat", &W::lat),
                      field("consequence", &W::consequence),
                      field("dispatches", &W::dispatches)};
  }
};

/// Suppressed until another one is over, not for good.
inline bool waits_for_parent(const Warning& warning) {
  return warning.state == WarningState::suppressed && warning.state_reason == kParent;
}

/// The same for the same cause, whoever asks and whenever.
inline std::string warning_id(std::string_view city, std::string_view rule,
                              std::string_view cause_source, std::string_view cause_id,
                              int ordinal) {
  return streams::make_id("w-",
                          {city, "warning", rule, cause_source, cause_id, std::to_string(ordinal)});
}

}  // namespace city
