#!/usr/bin/env python3
"""How elevator_watch grows, on Kafka, exactly once: one factor at a time from a base, then all.

    growth.py                       three rounds of every case, 2,000,000 events each
    growth.py --events 200000 --rounds 1 --no-settle     a quick look

It starts its own broker, makes the events and asks the oracle (both kept in --work), runs the cases
in turn, round after round, and writes WORK/growth.jsonl (a line a run), growth.md and growth.svg.
`--draw FILE` only makes table and picture of such lines. Exit code 1: a run failed, or gave other
warnings than the oracle.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))

from broker import Broker  # noqa: E402
from contestants import PROGRAMS, ROOT  # noqa: E402
from growth_report import picture, table  # noqa: E402
from growth_sizing import sizing  # noqa: E402
from measure import Samples, foreign_cores  # noqa: E402
from work import Work  # noqa: E402

PACK = HERE / "rules/elevator_watch.yaml"
SILENCE = HERE / "rules/elevator_watch_silence.yaml"
RULES = 5                # of the first
MOST_OTHERS = 0.2        # cores of others and stolen ones; above, a run counts as disturbed
SETTLE = 45              # s to wait at most until nobody else uses the machine
PATIENCE = 180           # s without a warning before a run counts as failed
WRITE_BEHIND = 5         # s at most between a commit and its rows' way to the store

# Rules that read what the five read, and never fire: speeds end at 2.5 m/s, faults at three names.
IDLE = (
    "data.speed > {n}.5 && data.occupied",
    "data.faultCode == 'idle_{n}'",
    "!data.doorZone && data.occupied && data.speed >= {n}.0",
)
FIRST_IDLE = 3


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    entities: int = 100_000
    threads: int = 1
    partitions: int = 4
    rules: int = RULES
    skew: float = 0.9    # 0: every elevator equally busy, the hardest for memory and changelog
    silence: bool = False  # a silence timer too: every telemetry changes its elevator's row


CASES = (
    Case("base"),
    Case("entities", entities=1_000_000),
    Case("threads", threads=2),
    Case("partitions", partitions=64),
    Case("rules", rules=200),
    Case("even", skew=0),
    Case("silence", rules=6, skew=0, silence=True),
    Case("all", entities=1_000_000, threads=2, partitions=64, rules=200, skew=0),
    Case("city", entities=270_000, threads=2, partitions=64, rules=200, skew=0),
)


class GrowthBroker(Broker):
    """The same broker, with topics of any number of partitions."""

    def create(self, *names, partitions=4):
        for name in names:
            self._topics("--create", "--topic", name, "--partitions", partitions)

    def backlog(self, path, partitions=4):
        if (path, partitions) not in self.loaded:
            topic = f"backlog-{len(self.loaded)}"
            self.create(topic, partitions=partitions)
            self.load(topic, path)
            self.loaded[path, partitions] = topic
        return self.loaded[path, partitions]

    def bytes_of(self, topic):
        """Of its records, in all partitions, as written: compressed by nobody."""
        named = re.compile(re.escape(topic) + r"-\d+")
        return sum(log.stat().st_size for partition in (self.directory / "data").iterdir()
                   if named.fullmatch(partition.name) for log in partition.glob("*.log"))


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def pack_of(case, directory):
    """With so many rules, the ones beyond the first idle. No ticks are sent: silences are not told,
    though their timers are kept."""
    if case.silence:
        return SILENCE
    if case.rules == RULES:
        return PACK
    text = PACK.read_text(encoding="utf-8")
    for i in range(case.rules - RULES):
        when = IDLE[i % len(IDLE)].format(n=FIRST_IDLE + i)
        text += (f"\n  - rule: idle_{i}\n    on: elevator.telemetry\n    when: \"{when}\"\n"
                 "    episode: each\n    consequence: order\n")
    path = directory / f"rules-{case.rules}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def settle():
    end = time.time() + SETTLE
    while (busy := foreign_cores(2)) > MOST_OTHERS and time.time() < end:
        say(f"others use {busy:.2f} cores: waiting")


def last_words(said):
    return " | ".join(said.read_text(errors="replace").strip().splitlines()[-3:])


def collected(collector, engine, path, said):
    """(moment, text) of every warning, when the collector has them all and none comes behind."""
    last = time.time()
    size = 0
    while collector.poll() is None:
        if engine.poll() is not None:
            raise RuntimeError(f"it ended by itself ({engine.returncode}): {last_words(said)}")
        if path.stat().st_size != size:
            size, last = path.stat().st_size, time.time()
        if time.time() - last > PATIENCE:
            raise RuntimeError(f"no warning for {PATIENCE} s")
        time.sleep(0.02)
    with open(path, encoding="utf-8") as file:
        pairs = (line.rstrip("\n").split("\t", 1) for line in file)
        return [(float(ms) / 1e3, text) for ms, text in pairs]


def tree_bytes(directory):
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def end(process):
    """(CPU-seconds, peak MiB) of its whole life, told by the kernel."""
    process.send_signal(signal.SIGTERM)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def run_case(case, work, broker, directory, name, commit_ms):
    """One backlog drained, from the first record to the last warning."""
    source = broker.backlog(work.events, case.partitions)
    out, data = name + "-out", directory / name
    broker.create(out, partitions=case.partitions)
    data.mkdir()
    path, said = directory / f"{name}.tsv", directory / f"{name}.log"
    collector = subprocess.Popen(
        list(map(str, [PROGRAMS / "collect", "--broker", broker.address, "--topic", out, "--out",
                       path, "--count", work.warnings, "--timeout", PATIENCE])),
        stdout=subprocess.PIPE, text=True)
    engine = None
    try:
        collector.stdout.readline()  # READY
        with open(said, "wb") as file:
            began = time.time()
            engine = subprocess.Popen(
                list(map(str, [PROGRAMS / "elevator_watch", "--broker", broker.address, "--in",
                               source, "--out", out, "--app", name, "--data", data, "--threads",
                               case.threads, "--commit-ms", commit_ms, "--rules",
                               pack_of(case, directory)])),
                stdout=file, stderr=subprocess.STDOUT)
        samples = Samples(engine.pid, broker.pid, [collector.pid])
        rows = collected(collector, engine, path, said)
        samples.stop()
        time.sleep(WRITE_BEHIND + 1)  # what is committed comes to the store: a part of the cost
        whole, peak = end(engine)
    finally:
        for process in filter(None, (collector, engine)):
            if process.poll() is None:
                process.kill()
                process.wait()
    text = said.read_text(errors="replace")
    found = re.search(r"FIRST (\d+) (\d+)", text)
    if not found or not rows:
        raise RuntimeError(f"no record, or no warning: {last_words(said)}")
    first, start_cpu, last = began + int(found[1]) / 1e3, int(found[2]) / 1e3, rows[-1][0]
    missing, extra = work.differences([text for _, text in rows])
    million, seconds = work.count / 1e6, last - first
    foreign = samples.between("foreign", first, last) / seconds
    steal = samples.between("steal", first, last) / seconds
    row = {
        "seconds": seconds, "rate": work.count / seconds,
        "cpu": (samples.at("own", last) - start_cpu) / million,
        "cpu_to_end": (whole - start_cpu) / million, "start_s": first - began,
        "start_cpu": start_cpu, "broker_cpu": samples.between("broker", first, last) / million,
        "peak_mib": peak, "warnings": len(rows), "wanted": work.warnings, "missing": missing,
        "extra": extra, "commits": int((re.search(r"(\d+) commits", text) or [0, 0])[1]),
        "in_bytes": broker.bytes_of(source), "out_bytes": broker.bytes_of(out),
        "changelog_bytes": broker.bytes_of(name + "-changelog"), "state_bytes": tree_bytes(data),
        "foreign": foreign, "steal": steal, "disturbed": foreign + steal > MOST_OTHERS}
    broker.delete(name)
    for leftover in (path, said):
        leftover.unlink()
    shutil.rmtree(data)
    return row


def measure(options):
    """A row a run, also written as it is made."""
    missing = [name for name in ("load", "collect", "generate", "elevator_watch")
               if not (PROGRAMS / name).exists()]
    if missing:
        sys.exit(f"growth.py: {', '.join(missing)} not built: cmake --preset release && "
                 "cmake --build --preset release")
    works, subjects = {}, {}
    for case in options.cases:
        key = case.entities, case.skew
        if key not in works:
            works[key] = Work(options.work, options.events, say,
                              elevators=case.entities, skew=case.skew)
            subjects[key] = works[key].subjects()
    directory = options.work / "growth"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    broker = GrowthBroker(directory / "broker")
    rows = []
    try:
        with open(options.work / "growth.jsonl", "w", encoding="utf-8") as file:
            for number in range(options.rounds * len(options.cases)):
                case = options.cases[number % len(options.cases)]
                key = case.entities, case.skew
                broker.backlog(works[key].events, case.partitions)  # before it must be quiet
                if options.settle:
                    settle()
                row = {"case": case.name, **dataclasses.asdict(case), "events": options.events,
                       "subjects": subjects[key], "commit_ms": options.commit_ms,
                       "round": number // len(options.cases)}
                del row["name"]
                try:
                    row |= run_case(case, works[key], broker, directory, f"run{number}",
                                    options.commit_ms)
                    say(f"{case.name}: {row['cpu']:.2f} CPU-s per million, {row['rate']:,.0f} "
                        f"events/s, {row['peak_mib']:.0f} MiB, {row['missing']} missing, "
                        f"{row['extra']} extra{', disturbed' if row['disturbed'] else ''}")
                except RuntimeError as failed:
                    row["failed"] = str(failed)
                    say(f"{case.name} failed: {failed}")
                rows.append(row)
                file.write(json.dumps(row) + "\n")
                file.flush()
    finally:
        broker.stop()
    return rows


def arguments():
    cli = argparse.ArgumentParser(description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--work", type=pathlib.Path, default=ROOT / "build/compare",
                     help="directory of events, oracle, broker and results")
    cli.add_argument("--rounds", type=int, default=3)
    cli.add_argument("--events", type=int, default=2_000_000)
    cli.add_argument("--commit-ms", type=int, default=100)
    cli.add_argument("--cases", nargs="+", choices=[case.name for case in CASES])
    cli.add_argument("--no-settle", dest="settle", action="store_false",
                     help="do not wait for a quiet machine")
    cli.add_argument("--draw", type=pathlib.Path, metavar="FILE",
                     help="measure nothing: table and picture of these rows, beside them")
    chosen = cli.parse_args()
    chosen.cases = [case for case in CASES if not chosen.cases or case.name in chosen.cases]
    return chosen


def main():
    options = arguments()
    if options.draw:
        rows = [json.loads(line) for line in options.draw.read_text().splitlines()]
        base = options.draw
    else:
        rows = measure(options)
        base = options.work / "growth.jsonl"
    text = table(rows) + "\n" + sizing(rows)
    base.with_suffix(".md").write_text(text, encoding="utf-8")
    base.with_suffix(".svg").write_text(picture(rows), encoding="utf-8")
    print(text, end="")
    return 1 if any("failed" in row or row["missing"] or row["extra"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
