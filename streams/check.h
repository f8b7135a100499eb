#pragma once

// CHECK stops what is going on when an invariant of the program itself is broken. It stays on in
// release: a wrong state that goes on computing is worse than a stop. Inside a task the Task
// catches it and sets the entity in hand aside (set_aside.h), so that one wrong record does not
// stop a city; anywhere else nobody catches it and the process ends, from which every task
// restores. Bad input never ends here (see result.h and decoder.h). Any thread.

#include <cstdio>
#include <stdexcept>
#include <string>

namespace streams {

class BrokenInvariant : public std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] inline void check_failed(const char* what, const char* file, int line) {
  const std::string text =
      std::string{"broken invariant: "} + what + " (" + file + ":" + std::to_string(line) + ")";
  std::fprintf(stderr, "%s\n", text.c_str());
  throw BrokenInvariant{text};
}

}  // namespace streams

#define CHECK(condition) \
  ((condition) ? void() : ::streams::check_failed(#condition, __FILE__, __LINE__))
