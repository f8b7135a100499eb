#!/usr/bin/env python3
"""The whole city's work, not elevator watch's alone: how many events a second, and where the time goes.

simulate writes the door records of a seeded city with its crews (telemetry, cameras, registers, five
hotlines, feedback); they are loaded into the doors of the embedded log, and `run --until-end` drains
them: all packs, all operators, timers, letters, outputs. Prints a table in markdown; with --profile
(perf, addr2line) also where the CPU was, by folder of ours and by library.

  benchmarks/whole_city.py --hours 24 --elevators 1000
  benchmarks/whole_city.py --hours 24 --elevators 1000 --street-cameras 29000 --calls 12000 --profile
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time


def call(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def of_the_city(options):
    given = ["--seed", options.seed, "--hours", options.hours, "--elevators", options.elevators]
    for name in ("kitchens", "street_cameras", "calls"):
        if getattr(options, name) is not None:
            given += ["--" + name.replace("_", "-"), getattr(options, name)]
    return [str(one) for one in given]


def counted(path):
    """Door records by type, as the city sends them; what is no JSON stands as such."""
    kinds = collections.Counter()
    type_of = re.compile(rb'"type" *: *"([^"]*)"')
    with open(path, "rb") as records:
        for record in records:
            found = type_of.search(record)
            kinds[found.group(1).decode() if found else "unreadable"] += 1
    return kinds


def drained(options, data, profile):
    command = [options.program, "run", "--until-end", "--data", data, "--threads",
               str(options.threads), "--commit-ms", str(options.commit_ms)]
    if profile:
        command = ["perf", "record", "-q", "-F", "499", "-o", profile, "--"] + command
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"run --until-end: exit {process.returncode}\n{errors[-2000:]}")
    return {"seconds": time.monotonic() - begin, "cpu": used.ru_utime + used.ru_stime,
            "mib": used.ru_maxrss / 1024}


def shares(profile, program):
    """Of all samples (a function's own time): by namespace in the program, else by library."""
    report = call("perf", "report", "-i", profile, "--no-children", "--stdio", "-g", "none",
                  "--sort", "dso,sym", "--percent-limit", "0")
    found = collections.Counter()
    for line in report.splitlines():
        row = re.match(r" +([0-9.]+)% +(\S+) +\[(.)\] (.*)", line)
        if not row:
            continue
        share, library, ring, symbol = float(row[1]), row[2], row[3], row[4]
        if ring == "k":
            found["the kernel"] += share
        elif library == os.path.basename(program):
            # The first namespace that the name speaks of: std::vector<streams::X>::grow is streams'.
            name = re.search(r"\b(streams|state|city|see|rules|cel|connectors|app|simdjson)::", symbol)
            found[name[1] if name else "std and others, compiled in"] += share
        else:
            found[library.split(".so")[0]] += share
    return found.most_common(16)


def main():
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--build", default="build/release")
    cli.add_argument("--dir", default=None, help="where to work; default: the system's")
    cli.add_argument("--seed", type=int, default=7)
    cli.add_argument("--hours", type=float, default=24)
    cli.add_argument("--elevators", type=int, default=1000)
    cli.add_argument("--kitchens", type=int)
    cli.add_argument("--street-cameras", type=int)
    cli.add_argument("--calls", type=int, help="a day")
    cli.add_argument("--threads", type=int, default=1)
    cli.add_argument("--commit-ms", type=int, default=100)
    cli.add_argument("--rounds", type=int, default=3)
    cli.add_argument("--profile", action="store_true", help="one round more, under perf")
    options = cli.parse_args()
    options.program = os.path.join(options.build, "watchfire")
    work = tempfile.mkdtemp(prefix="whole-city-", dir=options.dir)
    doors, loaded = os.path.join(work, "doors.ndjson"), os.path.join(work, "loaded")
    call(options.program, "simulate", *of_the_city(options), "--out", doors)
    kinds = counted(doors)
    events = sum(kinds.values())
    call(options.program, "replay", doors, "--data", loaded, "--load-only")

    def run(profile=None):
        data = os.path.join(work, "run")
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(loaded, data)
        return drained(options, data, profile)

    rows = [run() for _ in range(options.rounds)]
    print("| door records | |\n|---|---|")
    for kind, count in kinds.most_common():
        print(f"| {kind} | {count:,} |")
    print(f"| **all** | {events:,} |\n")
    print("| round | events/s | CPU-s per million | peak memory, MiB |\n|---|---|---|---|")
    for number, row in enumerate(rows, 1):
        print(f"| {number} | {events / row['seconds']:,.0f} | {row['cpu'] / events * 1e6:.2f} "
              f"| {row['mib']:.0f} |")
    if options.profile:
        profile = os.path.join(work, "perf.data")
        run(profile)
        print("\n| where the time goes | |\n|---|---|")
        for name, share in shares(profile, options.program):
            print(f"| {name} | {share:.1f} % |")
    shutil.rmtree(work)


main()
