#!/bin/sh
# Checks what Prometheus itself can check. That every metric named here and in the dashboard is exposed is
# checked by tests/unit/connectors/metrics.
set -eu
cd "$(dirname "$0")"
promtool check rules alerts.yml
promtool check config prometheus.yml
