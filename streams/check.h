#pragma once

// CHECK ends the process when an invariant of the program itself is broken. It stays on in release:
// a wrong state that goes on computing is worse than a stop, from which every task restores.
// Bad input never ends here (see result.h and reject.h). Any thread.

#include <cstdio>
#include <cstdlib>

namespace streams {

[[noreturn]] inline void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, what);
  std::abort();
}

}  // namespace streams

#define CHECK(condition) \
  ((condition) ? void() : ::streams::check_failed(#condition, __FILE__, __LINE__))
