#!/usr/bin/env bash
# Builds a peer of the benchmark and prints its class path: `build.sh kafka-streams|flink`.
# The jars come by Maven, once, into the user's cache; the classes lie in build/peers/.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
peer=${1:?build.sh kafka-streams|flink}
# The checksum of what is wanted names the copy, so that another version fetches its own.
sum=$(sha256sum < "$here/$peer/pom.xml")
jars=${XDG_CACHE_HOME:-$HOME/.cache}/watchfire/peer-$peer-${sum:0:8}
classes=$here/../../build/peers/$peer

fail() { echo "build.sh: $*" >&2; exit 1; }

command -v javac > /dev/null ||
  fail "the peers need a JDK, 17 or newer: apt-get install openjdk-17-jdk-headless"
"$here/../../tests/broker/jars.sh" "$here/$peer/pom.xml" "$jars"
mkdir -p "$classes"
javac --release 17 -Xlint:all,-processing,-classfile,-serial -cp "$jars/*" -d "$classes" \
  "$here"/common/*.java "$here/$peer"/*.java >&2
echo "$(cd "$classes" && pwd):$jars/*"
