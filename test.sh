#!/usr/bin/env bash
# All tests that a change must pass, on a fresh Debian 12 too: unit, driver, scenario, conventions, the
# day in the city with kills, and the same under sanitizers. Long runs are commands of their own (see
# tests/README.md).
set -euo pipefail
cd "$(dirname "$0")"

deploy/install.sh
cmake --preset release > /dev/null
cmake --build --preset release
ctest --preset release
for sanitizer in asan tsan; do
  cmake --preset $sanitizer > /dev/null
  cmake --build --preset $sanitizer
  ctest --preset $sanitizer
done
