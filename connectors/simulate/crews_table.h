#pragma once

// The crews' table: what people do when an order, a warning or a decision comes to them, all in one
// place. A row (`Play`) is dealt like a card from a deck in which it lies `share` times, so every
// row comes once in so many calls. What they find on the spot is a second table (`Finding`), by
// what is really there. Read by Crews; a caller may hand over a table of its own.

#include <array>
#include <span>
#include <string_view>

#include "connectors/simulate/scene.h"

namespace simulate {

/// What calls people to act.
enum class Call {
  rescue_duty_room,
  rescue_maintenance,
  rescue_station,
  rescue_fire,  // a rescue, by role
  repair,
  ebike,
  maintenance,
  inspection,
  rectification,  // other orders, by item
  merchant_true,
  merchant_false,
  food_officer,  // a kitchen's hygiene: its own people first
  rodent,
  food_check,
  street,
  returned,
  returned_again,
  extension,
  handled,
  handled_untrue,  // whose own word it is, and it is not so
  rejected_result,
  supervised,
  screening_true,
  screening_false,
  urgent,    // warnings, at a seat
  unplaced,  // complaints, at a seat: not certain what it is about
  nobodys,   // it is about nothing that the city knows
  consulted,
  asked,     // no order came of it
  answered,  // called back after the reply
  first_violation,
  violation_again,  // matters, at an officer: may it be exempt?
  outage,           // an order for a building
};
inline constexpr std::array<std::string_view, 33> kCalls{"rescue: duty room",
                                                         "rescue: maintenance unit",
                                                         "rescue: station",
                                                         "rescue: fire service",
                                                         "repair",
                                                         "e-bike",
                                                         "maintenance",
                                                         "inspection",
                                                         "rectification",
                                                         "hygiene: merchant, so it is",
                                                         "hygiene: merchant, not so",
                                                         "hygiene: food officer",
                                                         "rodent",
                                                         "food complaint",
                                                         "street",
                                                         "returned",
                                                         "returned again",
                                                         "extension asked",
                                                         "handled",
                                                         "handled, but not so",
                                                         "result rejected",
                                                         "supervised",
                                                         "screening, true",
                                                         "screening, false",
                                                         "P1 at a seat",
                                                         "complaint, not placed",
                                                         "complaint, nobody's",
                                                         "consultation",
                                                         "complaint, answered at the desk",
                                                         "complaint, called back",
                                                         "first violation",
                                                         "violation again",
                                                         "outage"};

/// `officer`: of the unit that was called; comes by name.
enum class By { nobody, unit, other_unit, officer, party, seat, checker, leader };

/// Flags of a move.
inline constexpr unsigned kIllegal = 1;    // must be answered by `rejected`
inline constexpr unsigned kWrongId = 2;    // names an order that does not exist
inline constexpr unsigned kByItem = 4;     // names the item instead of the order
inline constexpr unsigned kNoAction = 8;   // a finding that does not say what was done
inline constexpr unsigned kTwice = 16;     // the app sends it again, as the same event
inline constexpr unsigned kNoEntity = 32;  // does not say which entity it is
inline constexpr unsigned kUntrue = 64;    // the contrary of what is so; and nothing was done

/// One step of feedback, so many seconds after the one before (or after the call).
/// `minutes`: until the eta, the end of a pause, an extension or a shelving, the reply.
struct Move {
  By by = By::nobody;
  std::string_view step{};  // of the contract; "work": done, and not a word about it
  int from = 0, to = 0;
  int minutes = 0;
  std::string_view word{};   // reason, result or text
  std::string_view other{};  // evidence, whom, where to
  unsigned flags = 0;
};

struct Play {
  Call call;
  std::string_view name;
  int share;
  std::array<Move, 7> moves{};
};

/// What is found and done where this is really so (or not).
struct Finding {
  Matter matter;
  bool real;
  std::string_view finding, action;
  int share;
};

struct CrewTable {
  std::span<const Play> plays;
  std::span<const Finding> findings;
};
/// Shanghai's crews. A rescue takes about as long as Huai'an's in 2023: there in 12 min 47 s, out 2
/// min 53 s later (research/domain.md, section 4).
CrewTable crew_table();

}  // namespace simulate
