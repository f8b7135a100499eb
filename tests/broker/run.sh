#!/usr/bin/env bash
# Runs a program of tests beside a real broker that it starts and ends: run.sh PROGRAM ARGS…
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
directory=$(mktemp -d)
trap '"$here/broker.sh" stop "$directory" --hard; rm -rf "$directory"' EXIT
WATCHFIRE_BROKERS=$("$here/broker.sh" start "$directory")
export WATCHFIRE_BROKERS WATCHFIRE_BROKER_DIRECTORY=$directory
"$@"
