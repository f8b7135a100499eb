#!/usr/bin/env bash
# Builds Watchfire and runs a living city: seeded elevators, kitchens, streets and hotlines, the engine on
# the embedded log, crews who answer, and the page. Sets up everything itself on Debian 12.
#   ./run.sh                      a morning in the city, ten times as fast as life (--speed 1: like
#                                 life), until Ctrl-C
#   ./run.sh --hours 24 --exit    a day as fast as it can, then a summary
#   ./run.sh --hours 0 --exit     only builds
set -euo pipefail
cd "$(dirname "$0")"

hours= exit_after= speed=10 http=127.0.0.1:8080 seed=7
while (($#)); do
  case $1 in
    --hours) hours=$2; shift 2 ;;
    --speed) speed=$2; shift 2 ;;
    --http) http=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --exit) exit_after=1; shift ;;
    *) echo "run.sh: unknown option $1; known: --hours N, --speed X, --http HOST:PORT, --seed N, --exit" >&2; exit 2 ;;
  esac
done

deploy/install.sh
# The compiler cache is shared by clones.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
cmake --preset release > build.log 2>&1 || { cat build.log >&2; exit 1; }
cmake --build --preset release --target watchfire
rm -f build.log
[[ $hours == 0 ]] && exit 0

data=data/city-$seed
if [[ -n $exit_after ]]; then
  rm -rf "$data"
  exec build/release/watchfire simulate --seed "$seed" --hours "${hours:-24}" --data "$data"
fi
rm -rf "$data"
exec build/release/watchfire simulate --seed "$seed" --hours "${hours:-24}" --speed "$speed" \
  --start "$(TZ=Asia/Shanghai date +%F)T07:30:00+08:00" --http "$http" --data "$data"
