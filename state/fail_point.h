#pragma once

// Fail points: named places at which a test lets the process die, as a power switch would, to see
// that nothing is half done after it. WATCHFIRE_FAIL_POINT=name:N ends the process with SIGKILL at
// the N-th pass of that place. Unset, a pass is one branch. Any thread.
//
//   log.append          records are taken into memory, nothing is written
//   log.before_write    a commit, or appended records, are about to be written
//   log.after_write     they are written, nobody has been told
//   store.before_write  confirmed rows are about to be written
//   store.after_write   they are written
//   log.before_forget   the store is complete, its change blocks still lie in the log

#include <atomic>
#include <string_view>

namespace state {

inline std::atomic<bool> fail_point_armed = false;

/// "name:N"; what the environment variable does at the start of the program.
void arm_fail_point(std::string_view name_and_pass);
void pass_fail_point(std::string_view name);

inline void fail_point(std::string_view name) {
  if (fail_point_armed.load(std::memory_order_relaxed)) [[unlikely]]
    pass_fail_point(name);
}

}  // namespace state
