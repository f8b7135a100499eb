#!/usr/bin/env bash
# run.sh FEED: the page in real Chromium; packages go beside this file once.
set -euo pipefail
cd "$(dirname "$0")"
[[ -d node_modules/playwright-core ]] || npm ci --silent
FEED=$1 npm test
