#!/usr/bin/env bash
# The jars that a pom.xml names, fetched from Maven Central once:   jars.sh POM DIR
set -euo pipefail

pom=$1 jars=$2
[[ -d $jars ]] && exit
command -v mvn > /dev/null || { echo "jars.sh: mvn is missing: deploy/install.sh installs it" >&2; exit 1; }
mkdir -p "$(dirname "$jars")"
fresh=$(mktemp -d "$jars.XXXX")
mvn -q -B -f "$pom" dependency:copy-dependencies -DincludeScope=runtime \
  -DoutputDirectory="$fresh" > "$fresh.log" 2>&1 ||
  { tail -5 "$fresh.log" >&2; rm -rf "$fresh"; echo "jars.sh: Maven could not fetch the jars of $pom" >&2; exit 1; }
rm -f "$fresh.log"
mv -T "$fresh" "$jars" 2> /dev/null || rm -rf "$fresh"  # another one was faster
