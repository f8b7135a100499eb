#!/usr/bin/env python3
"""A day in the city, many ways, must be the same day.

simulate writes the door records of a seeded city; they are loaded into a fresh directory, and `run
--until-end` drains them with {1, 4} threads x {10 ms, 1 s} commits, and once more under kill -9 (half
at random times, half at the engine's fail points). The sha256 of each output topic must be equal for
all, and equal to the simulation's own; no run may take more memory than --memory allows. Exit code 1
when not.

  tests/day_in_the_city.py --build build/release --hours 24 --elevators 1000 --kills 200   (the long run)
  tests/day_in_the_city.py --build build/release --hours 168 --elevators 200 --kills 200   (a week)
  tests/day_in_the_city.py --build build/release --hours 1 --elevators 200 --kills 12      (CI's)
"""
import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FAIL_POINTS = ["log.before_write", "log.after_write", "store.before_write", "store.after_write",
               "log.before_forget"]
# All that is written exactly once; warnings.urgent may come twice.
TOPICS = ["warnings", "dispatch.orders", "complaints", "matters", "notices", "rejected",
          "entity.status", "dead.letters"]


class City:
    def __init__(self, options):
        self.program = os.path.join(options.build, "watchfire")
        self.options = options
        self.work = tempfile.mkdtemp(prefix="day-", dir=options.dir)
        self.most = 0  # MiB that a run of the engine had at once

    def path(self, name):
        return os.path.join(self.work, name)

    def ended(self, process):
        """The exit code, as Popen.wait gives it."""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.most = max(self.most, used.ru_maxrss / 1024)
        return process.returncode

    def start(self, data, threads, commit_ms, environment=None):
        return subprocess.Popen(
            [self.program, "run", "--until-end", "--data", data, "--threads", str(threads),
             "--commit-ms", str(commit_ms), "--memory", f"{self.options.memory}MiB"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def call(self, *arguments):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def hashes(self, data):
        result = []
        for topic in TOPICS:
            tail = subprocess.Popen([self.program, "tail", topic, "--data", data],
                                    stdout=subprocess.PIPE)
            digest, lines = hashlib.sha256(), 0
            for line in tail.stdout:
                digest.update(line)
                lines += 1
            if tail.wait() != 0:
                sys.exit(f"tail {topic} of {data} failed")
            result.append((lines, digest.hexdigest()))
        return result

    def simulate(self):
        common = ["--seed", str(self.options.seed), "--hours", str(self.options.hours),
                  "--elevators", str(self.options.elevators), "--start", self.options.start]
        self.call("simulate", *common, "--out", self.path("doors.ndjson"))
        self.call("simulate", *common, "--data", self.path("own"))
        return self.hashes(self.path("own"))

    def load(self):
        self.call("replay", self.path("doors.ndjson"), "--data", self.path("loaded"), "--load-only")

    def fresh(self, name):
        shutil.rmtree(self.path(name), ignore_errors=True)
        shutil.copytree(self.path("loaded"), self.path(name))
        return self.path(name)

    def run(self, threads, commit_ms):
        data = self.fresh("run")
        code = self.ended(self.start(data, threads, commit_ms))
        if code != 0:
            sys.exit(f"run --until-end: exit {code}")
        return self.hashes(data)

    def run_killed(self, kills):
        data = self.fresh("killed")
        chance = random.Random(self.options.seed)
        done = {"at a fail point": 0, "at random": 0}
        runs = 0
        while True:
            runs += 1
            environment = dict(os.environ)
            at_fail_point = sum(done.values()) % 2 == 0
            last = sum(done.values()) >= kills
            if at_fail_point and not last:
                environment["WATCHFIRE_FAIL_POINT"] = f"{chance.choice(FAIL_POINTS)}:{chance.randint(1, 6)}"
            process = self.start(data, chance.choice([1, 4]), chance.choice([10, 50, 200]),
                                 environment)
            if not at_fail_point and not last:
                time.sleep(chance.uniform(0.02, self.options.longest))
                os.kill(process.pid, signal.SIGKILL)  # Popen's own would take its exit code first
            code = self.ended(process)
            if code == -9:
                done["at a fail point" if at_fail_point else "at random"] += 1
            elif code != 0:
                sys.exit(f"a run after kills ended with {code}")
            elif last:
                break
            elif runs > kills and sum(done.values()) < kills:
                # The day is over before the kills are: play it once more from the start.
                data = self.fresh("killed")
        print("  kills:", ", ".join(f"{count} {kind}" for kind, count in done.items()))
        return self.hashes(data)


def compared(own, other, what):
    """1 when a topic differs; says which."""
    differ = [topic for topic, mine, theirs in zip(TOPICS, own, other) if mine != theirs]
    print(f"{what}: {'DIFFERENT in ' + ', '.join(differ) if differ else 'same'}", flush=True)
    return 1 if differ else 0


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--build", default="build/release")
    cli.add_argument("--dir", default=None, help="where to work; default: the system's")
    cli.add_argument("--seed", type=int, default=7)
    cli.add_argument("--hours", type=float, default=1)
    cli.add_argument("--elevators", type=int, default=200)
    cli.add_argument("--start", default="2026-11-22T17:30:00+08:00", help="a peak hour")
    cli.add_argument("--kills", type=int, default=12)
    cli.add_argument("--memory", type=int, default=512, help="MiB, the bound of each run")
    cli.add_argument("--longest", type=float, default=0.6, help="seconds before a random kill")
    options = cli.parse_args()
    city = City(options)
    own = city.simulate()
    for topic, (lines, digest) in zip(TOPICS, own):
        print(f"simulation's own {topic}: {lines} records, sha256 {digest}")
    silent = [topic for topic, (lines, _) in zip(TOPICS, own) if lines == 0]
    if "warnings" in silent or "dispatch.orders" in silent:
        sys.exit("nothing happened: there is nothing to compare")
    if silent:
        print("nothing to compare in", ", ".join(silent))
    city.load()
    wrong = 0
    for threads in (1, 4):
        for commit_ms in (10, 1000):
            got = city.run(threads, commit_ms)
            if threads == 1 and commit_ms == 10:
                # A dead letter names the place at the door, which loading gives anew.
                own[TOPICS.index("dead.letters")] = got[TOPICS.index("dead.letters")]
            wrong += compared(own, got, f"{threads} threads, {commit_ms} ms")
    wrong += compared(own, city.run_killed(options.kills), f"after {options.kills} kills")
    beyond = city.most > options.memory
    print(f"peak memory {city.most:.0f} MiB of {options.memory}{': TOO MUCH' if beyond else ''}")
    wrong += beyond
    shutil.rmtree(city.work)
    return 1 if wrong else 0


sys.exit(main())
