#pragma once

// pack_trial: runs the tests that stand in a pack, each through the real Detect on virtual time.
// Called by `rules test` and by the project's own tests.

#include <string>
#include <vector>

#include "operators/rules/cel/environment.h"
#include "operators/rules/pack.h"
#include "streams/epochs.h"

namespace rules {

struct TrialResult {
  std::string rule;
  Place place;
  bool passed = false;
  std::string what;  // of a failure: what came and what was expected
};

/// Where a pack is tried.
struct TrialCity {
  streams::MakeDecoder make_decoder;
  cel::ReadRaw read_raw = nullptr;           // how expressions and reasons look into JSON
  std::optional<streams::Version> calendar;  // whose zone times are told in; else UTC
};

/// `text` must be a pack without problems.
std::vector<TrialResult> try_pack(const std::string& text, const std::string& file,
                                  const TrialCity& city);

}  // namespace rules
