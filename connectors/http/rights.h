#pragma once

// Rights: what a caller may do at this door, by the token that it showed: which paths, which events
// about whom, for which senders it speaks, and for which units' officers it vouches. Each question
// is answered by nothing, or by a sentence that says what is missing. Made by the app from
// tokens.yaml; asked by Session, Door and the app's handlers. A value; any thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "streams/event.h"

namespace connectors {

struct Rights {
  std::string name;
  bool everything = false;  // of the one shared token, and of this machine without any
  // Patterns: a name, or a beginning that ends in '*'. What is not there is not allowed.
  std::vector<std::string> routes, types, subjects, by, units;
  std::string district;  // events that name another one are refused; empty: any
  std::string role;      // "engineer": reads dead letters as they came
  std::optional<streams::Time> not_after;

  std::string refuse_path(std::string_view path) const;
  std::string refuse_event(const streams::Event& event, std::string_view event_district) const;
  /// `by`: kind/id. Of a unit also its id must be among `units`.
  std::string refuse_sender(std::string_view by) const;
  /// For which units an officer answers, as `vouchedunits` has it: what the caller named, where it
  /// may, else all that its token names, or city::kNoUnit.
  std::string vouch(std::string_view by, std::string_view named, std::string& vouched) const;
  bool is_engineer() const { return role == "engineer"; }

  static const std::shared_ptr<const Rights>& all();
  static const std::shared_ptr<const Rights>& none();
};

/// In place of what the event says itself.
void set_vouched(std::string& event, std::string_view vouched);
/// Likewise by how much the city's clock is ahead of the one that dated the event, where a door
/// knows that (app/trusted_clock.h): it counts for `time`.
void set_clock_ahead(std::string& event, streams::Duration ahead);
/// What a door has said so.
inline streams::Duration clock_ahead(const streams::Event& event) {
  return event.stated == streams::Time{} ? streams::Duration{} : event.time - event.stated;
}

}  // namespace connectors
