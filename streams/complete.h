#pragma once

// Complete: how far a store's copy of one task is complete, kept beside its rows and written in the
// same batch. A restore reads only what the log has changed since. Whoever flushes writes it.

#include <optional>

#include "streams/log.h"
#include "streams/store.h"

namespace streams {

struct Complete {
  Mark mark = 0;
  Time written{};  // wall time, where the log drops what was deleted long ago; else not set
};

StoreWrite complete_row(int partition, const Complete& complete);
Result<std::optional<Complete>> read_complete(Store& store, int partition);

/// Takes one task's rows and its Complete out of the store: a copy that no log can bring up to
/// date. Interrupted, it leaves a Complete that is ahead of every log, so that whoever comes next
/// wipes again.
Result<void> wipe(Store& store, int partition);

}  // namespace streams
