#pragma once

// activate_pack: a rule pack becomes active at one position in every partition, and the answer says
// what that changes. On the worker's thread, between epochs.

#include <string>

#include "app/engine.h"

namespace app {

/// `text` as `file` has it. A wrong pack is an error of kind usage with the sentences of
/// `rules check`; it is checked beside the packs that are active.
streams::Result<std::string> activate_pack(Engine& engine, const std::string& text,
                                           const std::string& file);

}  // namespace app
