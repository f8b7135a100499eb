#!/usr/bin/env python3
"""recorded_city.py CITY FILE…: real recorded data through the whole loop, and the same again, shuffled.

Replays the files into a fresh directory and prints counts; replays them a second time (must add
nothing); replays them into another directory with the rows of the last file shuffled within 10 s and
1 % of them twice (must give the same ids of warnings and orders). Exit code 1 when not.

  tests/recorded_city.py washington ../shared/datasets/wmata-units/{units,events_2013-06_2014-06}.csv.gz
  tests/recorded_city.py bahn ../shared/datasets/db-elevators/{units,events_2022-01}.csv.gz
"""
import argparse
import collections
import csv
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime

OUTPUTS = ["warnings", "dispatch.orders", "rejected", "notices", "dead.letters"]


def program(options, *arguments):
    done = subprocess.run([options.program, *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{arguments}: exit {done.returncode}\n{done.stderr[-1000:]}")
    return done.stdout


def records(options, data, topic):
    return [json.loads(l)["data"] for l in program(options, "tail", topic, "--data", data).splitlines()]


def replay(options, data, files):
    return program(options, "replay", *files, "--data", data, "--city", f"deploy/city/{options.city}")


def counts(options, data):
    return {topic: len(records(options, data, topic)) for topic in OUTPUTS}


def shuffled(path, work):
    """Rows out of order by less than 10 s, and 1 % of them twice."""
    chance = random.Random(1)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    at = header.index("time")

    def key(row):
        return datetime.fromisoformat(row[at].replace("Z", "+00:00")).timestamp() + chance.uniform(0, 9.9)

    rows += chance.sample(rows, len(rows) // 100)
    out = os.path.join(work, os.path.basename(path))
    with gzip.open(out, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(sorted(rows, key=key))
    return out


def ids(options, data):
    return {topic: sorted({r["id"] for r in records(options, data, topic)})
            for topic in ("warnings", "dispatch.orders")}


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("city")
    cli.add_argument("files", nargs="+")
    cli.add_argument("--program", default="build/release/watchfire")
    options = cli.parse_args()
    if not all(os.path.exists(f) for f in options.files):
        print("0 passed, 0 failed, 1 skipped: the recorded data is not beside the project")
        return 0
    work = tempfile.mkdtemp(prefix="recorded-")
    data, other = os.path.join(work, "once"), os.path.join(work, "shuffled")
    print(replay(options, data, options.files))
    last = {}
    for order in records(options, data, "dispatch.orders"):
        last[order["id"]] = order
    verdicts = collections.Counter(
        f"{o['verdict']['finding']}+{o['verdict']['action']}" if o["verdict"] else "none"
        for o in last.values())
    warnings = collections.Counter(w["rule"] for w in {w["id"]: w for w in records(options, data, "warnings")}.values())
    print("warnings by rule", dict(warnings))
    print("orders", len(last), "verdicts", dict(verdicts))
    print("rejected", dict(collections.Counter(r["reason"]["code"] for r in records(options, data, "rejected"))))
    before = counts(options, data)
    replay(options, data, options.files)
    again = counts(options, data) == before
    print("a second replay:", "adds nothing" if again else f"ADDS {before} -> {counts(options, data)}")
    replay(options, other, [*options.files[:-1], shuffled(options.files[-1], work)])
    same = ids(options, data) == ids(options, other)
    print("shuffled within 10 s, 1 % twice:", "the same ids" if same else "OTHER IDS")
    if not same:
        a, b = ids(options, data), ids(options, other)
        print({t: (len(set(a[t]) - set(b[t])), len(set(b[t]) - set(a[t]))) for t in a})
    shutil.rmtree(work)
    return 0 if again and same and before["warnings"] else 1


sys.exit(main())
