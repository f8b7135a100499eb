#!/usr/bin/env python3
"""compare_warnings.py ORACLE.tsv < `watchfire tail warnings`: the same set of warnings, or what differs.

Both sides are reduced to (rule, entity, time, priority, evidence ids); the ids of the warnings
themselves are ours. Prints counts by rule; exit code 1 when anything differs.
"""
import collections
import json
import sys


def ours(lines):
    for line in lines:
        event = json.loads(line)
        data = event.get("data", event)
        yield (data["rule"], data["entity"], data["time"], data["priority"], ",".join(data["evidence"]))


def main():
    wanted = collections.Counter(tuple(line.rstrip("\n").split("\t")) for line in open(sys.argv[1]))
    got = collections.Counter(ours(sys.stdin))
    for rule, count in sorted(collections.Counter(w[0] + " " + w[3] for w in got.elements()).items()):
        print(f"{rule:24} {count:8}")
    missing, extra = wanted - got, got - wanted
    print(f"{sum(got.values())} warnings, {sum(missing.values())} missing, {sum(extra.values())} extra")
    for name, difference in (("missing", missing), ("extra", extra)):
        for warning in list(difference)[:5]:
            print(name, *warning)
    return 1 if missing or extra else 0


if __name__ == "__main__":
    sys.exit(main())
