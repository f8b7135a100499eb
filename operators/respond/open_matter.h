#pragma once

// OpenMatter: what matters remembers of one matter beside what it publishes, and what of it falls
// due next. Kept for the window in which it counts against a later one, and until it is closed.

#include "operators/city/matter.h"

namespace city {

struct OpenMatter {
  Matter matter;
  MatterState before = MatterState::opened;  // the objection that stands; else not read
  streams::Duration correct{};               // from the notice, by the list in force when it opened
  streams::Time counts_until{};              // the end of the window
  bool reminded = false;                     // of the deadline that runs
  std::string cause;                         // the event that last changed it
  std::optional<streams::Time> ended;

  static constexpr auto fields() {
    using O = OpenMatter;
    return std::tuple{field("matter", &O::matter),     field("before", &O::before),
                      field("correct", &O::correct),   field("countsUntil", &O::counts_until),
                      field("reminded", &O::reminded), field("cause", &O::cause),
                      field("ended", &O::ended)};
  }

  /// What an objection stands beside.
  MatterState standing() const {
    return matter.state == MatterState::objection ? before : matter.state;
  }
};

struct MatterDue {
  enum What { remind, forget };
  streams::Time at = streams::Time::max();
  What what = forget;
};

/// The earliest of what waits; `at` is Time::max() where nothing does. A deadline decides nothing:
/// whoever found it is reminded, once.
inline MatterDue next_due(const OpenMatter& open) {
  const Matter& matter = open.matter;
  if (open.ended) return {std::max(open.counts_until, *open.ended), MatterDue::forget};
  if (open.reminded) return {};
  const auto due = [](const std::optional<streams::Time>& at) {
    return at ? MatterDue{*at, MatterDue::remind} : MatterDue{};
  };
  switch (open.standing()) {
    case MatterState::opened:
    case MatterState::notified:
      return due(matter.correct_by);
    case MatterState::case_filed:
      return due(matter.decide_by);
    case MatterState::decided:
      return due(matter.serve_by);
    default:
      return {};
  }
}

}  // namespace city
