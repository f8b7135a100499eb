#pragma once

// Tracked: what judge remembers of one warning beside what it publishes, and what of it falls due
// next. Kept while the warning stands and 48 h longer, for late words about it.

#include "operators/city/letters.h"
#include "operators/city/warning.h"

namespace city {

inline constexpr streams::Duration kKeepEnded = std::chrono::hours{48};
inline constexpr streams::Duration kEvidencePause = std::chrono::minutes{1};

struct Tracked {
  Warning warning;
  streams::Time published{};
  bool unsaid = false;  // evidence came since it was last published
  bool exercise = false;
  std::string cause;  // the event that last changed it
  std::optional<streams::Time> ended;
  bool covers = false;  // others wait for its end
  std::string told;     // the place that counts it among its parts
  streams::Time opened{};
  // Of the newest event that set the condition, and of the newest that said it holds: older word
  // adds evidence only.
  streams::Time set{}, begun{};

  static constexpr auto fields() {
    using T = Tracked;
    return std::tuple{field("warning", &T::warning), field("published", &T::published),
                      field("unsaid", &T::unsaid),   field("exercise", &T::exercise),
                      field("cause", &T::cause),     field("ended", &T::ended),
                      field("covers", &T::covers),   field("told", &T::told),
                      field("opened", &T::opened),
                      field("set", &T::set),         field("begun", &T::begun)};
  }
};

/// A warning of something that stands here, as the place remembers it.
struct HeldPart {
  Part part;
  bool exercise = false;
  std::string parent;  // the warning that it has been told explains it
  static constexpr auto fields() {
    using H = HeldPart;
    return std::tuple{field("part", &H::part), field("exercise", &H::exercise),
                      field("parent", &H::parent)};
  }
};

/// Whether a person said so, and waits for an answer.
inline bool is_heard(const Evidence& evidence) {
  return evidence.from == "hotline.complaints";
}

struct WarningDue {
  enum What { unshelve, unclaim, pass_on, publish, forget };
  streams::Time at = streams::Time::max();
  What what = forget;
};

/// The earliest of what waits; `at` is Time::max() where nothing does. A claim or a shelving holds
/// the screening deadline.
inline WarningDue next_due(const Tracked& tracked) {
  const Warning& warning = tracked.warning;
  WarningDue due;
  const auto consider = [&due](streams::Time at, WarningDue::What what) {
    if (at < due.at) due = {at, what};
  };
  if (warning.shelved) consider(warning.shelved->until, WarningDue::unshelve);
  if (warning.claim) consider(warning.claim->until, WarningDue::unclaim);
  if (warning.screening && !warning.claim && !warning.shelved)
    consider(warning.screening->deadline, WarningDue::pass_on);
  if (tracked.unsaid) consider(tracked.published + kEvidencePause, WarningDue::publish);
  if (tracked.ended) consider(*tracked.ended + kKeepEnded, WarningDue::forget);
  return due;
}

/// When the entity's recent warnings were raised, but for those that were found to be none: repeats
/// make it a risk.
struct Openings {
  std::vector<streams::Time> at;  // the last 16
  static constexpr auto fields() { return std::tuple{field("at", &Openings::at)}; }
};

/// Who called about the entity: the same person again makes it more urgent.
struct Caller {
  std::string complainant;  // a hash
  int calls = 0;
  streams::Time last{};
  static constexpr auto fields() {
    return std::tuple{field("complainant", &Caller::complainant), field("calls", &Caller::calls),
                      field("last", &Caller::last)};
  }
};
struct Callers {
  std::vector<Caller> all;  // the last 16
  static constexpr auto fields() { return std::tuple{field("all", &Callers::all)}; }
};

}  // namespace city
