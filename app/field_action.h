#pragma once

// read_field_action: what a phone sends as a step, made into the Action of the link's unit on the
// link's order. The body may say only what the page asks for; who acts on what is the link's to
// say, and a body that names it is refused. Called by FieldApi.

#include "app/api_action.h"
#include "app/field_link.h"

namespace app {

struct FieldAction {
  Action action;
  /// How long ago it was pressed: a phone without a network sends later.
  streams::Duration ago{};
};

/// Empty, or a sentence that says what is wrong. `entity`: of the order; `key`: the phone's own
/// name for the step.
std::string read_field_action(std::string_view body, const FieldLink& link,
                              const std::string& entity, std::string_view key, FieldAction& read);

}  // namespace app
