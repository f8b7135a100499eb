#pragma once

// Activation of a rule pack: what it would change beside the versions that are active, as
// sentences, and the version to activate. `rules activate` shows and does both, on a data directory
// (on the worker's thread, between epochs) or on Kafka.

#include <optional>
#include <string>
#include <vector>

#include "app/engine.h"

namespace app {

struct Activation {
  std::optional<streams::Version> version;  // nothing: it is active already
  std::string what;                         // lines
};

/// `text` as `file` has it. A wrong pack is an error of kind usage with the sentences of
/// `rules check`; it is checked beside the packs that are active.
streams::Result<Activation> prepare_pack(const std::vector<streams::Version>& active,
                                         const std::string& text, const std::string& file);

/// It becomes active at one position in every partition; the answer says what that changes.
streams::Result<std::string> activate_pack(Engine& engine, const std::string& text,
                                           const std::string& file);

}  // namespace app
