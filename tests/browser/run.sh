#!/usr/bin/env bash
# run.sh FEED: the page in real Chromium; packages go beside this file once.
set -euo pipefail
cd "$(dirname "$0")"
[[ -d node_modules/playwright-core ]] || npm ci --silent
export FEED=$(realpath "$1")  # from any directory
# A browser on a busy machine may miss a deadline of the harness; a real fault fails twice.
npm test || { echo "once more, to tell a fault from a busy machine" >&2; npm test; }
