#!/usr/bin/env bash
# day_report.sh WATCHFIRE TESTS: the loop closes in a simulated day, and its records are what the document
# of the topics says; and the report notices when nobody
# answers, which is the planted fault that it must catch.
set -euo pipefail
watchfire=$1 tests=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$watchfire" simulate --seed 7 --hours 24 --data "$work/day" 2> /dev/null > "$work/summary"
grep -q 'never occurred' "$work/summary" && { grep 'never occurred' "$work/summary"; exit 1; }
"$tests/day_report.py" "$work/day" --program "$watchfire" --plant-each
"$tests/topics_document.py" "$work/day" --program "$watchfire" --plant
"$watchfire" simulate --seed 7 --hours 24 --feedback none --data "$work/silent" > /dev/null 2>&1
if "$tests/day_report.py" "$work/silent" --program "$watchfire" > "$work/report"; then
  echo "nobody answered, and the report found nothing wrong"
  exit 1
fi
echo "a day without answers is noticed: $(tail -1 "$work/report")"
