#include "state/fail_point.h"

#include <signal.h>

#include <cstdlib>
#include <string>

namespace state {
namespace {

std::string armed_name;
std::atomic<long> passes_left = 0;

const bool armed_from_environment = [] {
  const char* value = std::getenv("WATCHFIRE_FAIL_POINT");
  if (value != nullptr) arm_fail_point(value);
  return value != nullptr;
}();

}  // namespace

void arm_fail_point(std::string_view name_and_pass) {
  const std::size_t colon = name_and_pass.find(':');
  armed_name = name_and_pass.substr(0, colon);
  passes_left = colon == std::string_view::npos
                    ? 1
                    : std::atol(std::string{name_and_pass.substr(colon + 1)}.c_str());
  fail_point_armed = true;
}

void pass_fail_point(std::string_view name) {
  if (name == armed_name && passes_left.fetch_sub(1) == 1) raise(SIGKILL);
}

}  // namespace state
