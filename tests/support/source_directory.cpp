#include "tests/support/source_directory.h"

std::string source_directory(const std::string& below) {
  return WATCHFIRE_SOURCE_DIR + below;
}
