#pragma once

// Entrance: what this door lets through of one decoded event, and what it adds or hides before the
// event is kept: the caller's rights (rights.h), for which units an officer answers, and nobody's
// name in a complaint (pseudonym.h). Called by Door; the server's thread.

#include <string>
#include <vector>

#include "connectors/http/pseudonym.h"
#include "connectors/http/rights.h"
#include "streams/decoder.h"

namespace connectors {

/// What the door's decoder has to extract, so that enter() can ask.
std::vector<streams::FieldList> entrance_fields();

struct Entrance {
  std::string refusal;  // empty: it may
  bool of_rights = false;
};
/// `bytes`: the event's own, changed where the door has something to add or to hide.
Entrance enter(const Rights& rights, const Pseudonym& pseudonym, const streams::Event& event,
               std::string& bytes);

}  // namespace connectors
