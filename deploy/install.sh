#!/usr/bin/env bash
# Installs what Watchfire is built with and tested by, from Debian's packages. Does nothing when all of
# it is there. Needs root (or sudo) only when something is missing.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache mold pkg-config
  librocksdb-dev librdkafka-dev libsimdjson-dev prometheus-cpp-dev libboost1.81-dev
  libyaml-cpp-dev libcli11-dev libfmt-dev libspdlog-dev libxxhash-dev libre2-dev libjemalloc-dev
  zlib1g-dev libssl-dev libcsv-dev libgtest-dev libgmock-dev libcurl4-openssl-dev curl python3 python3-jsonschema prometheus
  chromium fonts-noto-cjk
)
# For the browser test alone; a Node.js from elsewhere will do.
command -v npm > /dev/null || packages+=(nodejs npm)
# For the broker that tests start; a Java 17 and a Maven from elsewhere will do.
command -v java > /dev/null || packages+=(openjdk-17-jre-headless)
command -v mvn > /dev/null || packages+=(maven)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'install ok installed' || missing+=("$package")
done
((${#missing[@]} == 0)) && exit 0

echo "installing: ${missing[*]}" >&2
root=()
[[ $EUID -eq 0 ]] || root=(sudo)
export DEBIAN_FRONTEND=noninteractive
# A daemon that a package brings along is not to be started by it.
"${root[@]}" apt-get update -qq
"${root[@]}" env RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
