#!/usr/bin/env python3
"""Watchfire beside Kafka Streams and Flink, on the same broker, events and commit intervals.

    compare.py                              a backlog, drained: events/s, CPU, memory
    compare.py --latency                    end-to-end time at fixed rates
    compare.py --restart                    killed and started again, with its disk and without
    compare.py --selftest                   would a wrong warning be noticed?

It starts its own broker, makes the events and asks the oracle for the warnings (kept in --work),
and runs the contestants in turn, round after round. At the end it prints tables in markdown; every
run is also a line of JSON in WORK/rows.jsonl. Exit code 1: a run failed, or gave wrong warnings.
"""
import argparse
import json
import pathlib
import shutil
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))

from broker import Broker  # noqa: E402
from contestants import CONTESTANTS, PROGRAMS, ROOT, USUAL  # noqa: E402
from report import tables, wrong  # noqa: E402
from runs import RESTART_RATE, RESTART_SECONDS, Failed, Place  # noqa: E402
from runs import drain, latency, restart, settle  # noqa: E402
from work import Work  # noqa: E402

DEFAULT_EVENTS = 2_000_000
SELFTEST_EVENTS = 100_000
NEEDED = ("load", "collect", "probe", "generate", "elevator_watch")


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def positive(text):
    number = int(text.replace("_", "").replace(",", ""))
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not more than 0")
    return number


def backlog(text):
    """`N`, or `CONTESTANT=N`."""
    name, equals, count = text.rpartition("=")
    if equals and name not in CONTESTANTS:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(CONTESTANTS)}")
    return name, positive(count)


def arguments():
    cli = argparse.ArgumentParser(description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    what = cli.add_argument_group("what to measure (given none: --drain)")
    what.add_argument("--drain", action="store_true")
    what.add_argument("--latency", action="store_true")
    what.add_argument("--restart", action="store_true")
    what.add_argument("--selftest", action="store_true")
    cli.add_argument("--work", type=pathlib.Path, default=ROOT / "build/compare",
                     help="directory of events, oracle, broker and rows")
    cli.add_argument("--contestants", nargs="+", choices=CONTESTANTS, default=USUAL)
    cli.add_argument("--rounds", type=positive, default=3)
    cli.add_argument("--commit-ms", type=positive, nargs="+",
                     help="the same for all (100; a drain: 100 1000)")
    cli.add_argument("--events", type=backlog, nargs="+", default=[],
                     help="a backlog's length: N, or CONTESTANT=N for one alone (2000000)")
    cli.add_argument("--rates", type=positive, nargs="+", default=[5_000, 20_000, 50_000],
                     help="events/s of --latency")
    cli.add_argument("--seconds", type=positive, default=60, help="of each rate, measured")
    cli.add_argument("--warm-up", type=positive, default=60, help="seconds before them")
    cli.add_argument("--entities", type=positive, default=1_000_000, help="elevators of --restart")
    cli.add_argument("--jvm", default="-Xms1g -Xmx1g -XX:+UseParallelGC",
                     help="the peers' Java options, in one argument (%(default)s)")
    cli.add_argument("--plant", choices=("missing", "extra"),
                     help="spoil one collected warning of each drain: it must be noticed")
    cli.add_argument("--no-settle", action="store_true", help="do not wait for a quiet machine")
    chosen = cli.parse_args()
    if not (chosen.latency or chosen.restart):
        chosen.drain = True
    if chosen.selftest and (chosen.latency or chosen.restart):
        cli.error("--selftest measures nothing")
    return chosen


def check_tools(contestants):
    missing = [name for name in NEEDED if not (PROGRAMS / name).exists()]
    if missing:
        sys.exit(f"compare.py: {', '.join(missing)} not built: cmake --preset release && "
                 f"cmake --build --preset release --target {' '.join(NEEDED)}")
    if shutil.which("java") is None:
        sys.exit("compare.py: java is missing, which the broker and the peers need: "
                 "apt-get install openjdk-17-jdk-headless")
    for name in contestants:
        CONTESTANTS[name].command([])  # builds it


class Comparison:
    def __init__(self, chosen):
        self.chosen = chosen
        self.events = {"": DEFAULT_EVENTS, **dict(chosen.events)}
        self.works, self.rows = {}, []
        self.begun = f"{int(time.time()):x}"
        chosen.work.mkdir(parents=True, exist_ok=True)
        self.runs = chosen.work / "runs"
        shutil.rmtree(self.runs, ignore_errors=True)
        self.runs.mkdir()

    def work(self, events, **more):
        key = events, *more.items()
        if key not in self.works:
            self.works[key] = Work(self.chosen.work, events, say, **more)
        return self.works[key]

    def drain(self, place, _):
        name = place.contestant
        return drain(place, self.work(self.events.get(name, self.events[""])), self.chosen.plant)

    def latency(self, place, rate):
        seconds, warm_up = self.chosen.seconds, self.chosen.warm_up
        work = self.work((seconds + warm_up) * max(self.chosen.rates))
        return latency(place, work, rate, seconds, warm_up)

    def restart(self, place, _):
        entities = self.chosen.entities
        before = 2 * entities  # a permit of each, and as many others
        work = self.work(before + 2 * RESTART_RATE * RESTART_SECONDS, elevators=entities,
                         permit_each=True)
        return restart(place, work, before)

    def cases(self):
        """(measure, commit interval, rate) of a round."""
        chosen = self.chosen
        if chosen.drain:
            for ms in chosen.commit_ms or [100, 1000]:
                yield self.drain, ms, 0
        if chosen.latency:
            yield from ((self.latency, ms, rate) for ms in chosen.commit_ms or [100]
                        for rate in chosen.rates)
        if chosen.restart:
            yield from ((self.restart, ms, 0) for ms in chosen.commit_ms or [100])

    def order(self):
        """In turn, each round begun by another one."""
        names = self.chosen.contestants
        for turn in range(self.chosen.rounds):
            shift = turn % len(names)
            for case in self.cases():
                for name in names[shift:] + names[:shift]:
                    yield turn + 1, case, name

    def run(self, broker):
        everything = list(self.order())
        with open(self.chosen.work / "rows.jsonl", "a", encoding="utf-8") as file:
            for i, (turn, (measure, ms, rate), name) in enumerate(everything, 1):
                mode = measure.__name__
                head = {"run": self.begun, "mode": mode, "contestant": name, "commit_ms": ms,
                        "rate_asked": rate, "round": turn}
                place = Place(broker, self.runs, f"{mode}-{self.begun}-{i}", name, ms,
                              self.chosen.jvm.split())
                say(f"[{i}/{len(everything)}] {mode}, {name}, commits each {ms} ms"
                    f"{f', {rate:,} events/s' if rate else ''}, round {turn}")
                row = head | self.figures(measure, place, rate)
                self.rows.append(row)
                print(json.dumps(row), file=file, flush=True)
                say("    " + told(row))
                broker.delete(place.name)

    def figures(self, measure, place, rate):
        if not self.chosen.no_settle:
            settle(say)
        try:
            return measure(place, rate)
        except Failed as failure:
            return {"failed": str(failure)}


def told(row):
    """A row, short."""
    parts = [f"{key} {row[key]:,.4g}" for key in (
        "rate_steady", "cpu", "cpu_steady", "peak_mib", "p50", "p99", "p999", "restart_s",
        "empty_s", "rows_per_s", "foreign", "steal") if row.get(key) is not None]
    return ", ".join([*parts, wrong(row) or "warnings right"]) + (
        " (disturbed)" if row.get("disturbed") else "")


def selftest(comparison, broker):
    """Ours drains a short backlog; what it says is right, and one warning less or more is not."""
    work = comparison.work(SELFTEST_EVENTS)
    for i, (plant, wanted) in enumerate(((None, (0, 0)), ("missing", (1, 0)), ("extra", (0, 1)))):
        place = Place(broker, comparison.runs, f"selftest-{comparison.begun}-{i}", "watchfire", 100,
                      [])
        row = drain(place, work, plant)
        if (row["missing"], row["extra"]) != wanted:
            sys.exit(f"compare.py: planted: {plant or 'nothing'}; noticed: {row['missing']} "
                     f"missing, {row['extra']} extra")
        broker.delete(place.name)
    print("the comparison notices a warning that is missing and one too many")


def main():
    chosen = arguments()
    check_tools(["watchfire"] if chosen.selftest else chosen.contestants)
    comparison = Comparison(chosen)
    broker = Broker(chosen.work / "broker")
    try:
        if chosen.selftest:
            return selftest(comparison, broker)
        comparison.run(broker)
    except KeyboardInterrupt:
        say("interrupted")
    finally:
        broker.stop()
        if comparison.rows:
            print(tables(comparison.rows))
    return any(map(wrong, comparison.rows))


sys.exit(main())
