#!/usr/bin/env bash
# All tests that a change must pass, on a fresh Debian 12 too: unit, driver, scenario, conventions, the
# day in the city with kills, the page, and the GoogleTests again under ASan+UBSan. Long runs are
# commands of their own (see tests/README.md).
set -euo pipefail
cd "$(dirname "$0")"

deploy/install.sh
# The compiler cache is shared by clones.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
cmake --preset release > /dev/null
cmake --build --preset release
ctest --preset release
for sanitizer in asan; do
  cmake --preset $sanitizer > /dev/null
  cmake --build --preset $sanitizer --target watchfire_tests state_kill_test
  ctest --preset $sanitizer
done
