"""What is measured: a backlog drained, end-to-end time at a fixed rate, restart. A row each."""
import dataclasses
import pathlib
import re
import shutil
import signal
import subprocess
import time

from contestants import CONTESTANTS, PROGRAMS
from measure import Samples, foreign_cores

MOST_OTHERS = 0.2       # cores of others and stolen ones; above, a run counts as disturbed
SETTLE = 45             # s to wait at most until nobody else uses the machine
PATIENCE = 180          # s without a warning before a run counts as failed
KILL_AFTER = 8          # s of steady load before the kill
RESTART_RATE = 5000     # events/s around a kill
RESTART_SECONDS = 30


class Failed(Exception):
    """A run without figures, in one sentence."""


@dataclasses.dataclass
class Place:
    """Where a run happens: its broker, its directory and its names."""
    broker: object
    directory: pathlib.Path
    name: str            # of its topics and its group
    contestant: str
    commit_ms: int
    jvm: list

    @property
    def out(self):
        return self.name + "-out"


class Engine:
    """A running contestant."""

    def __init__(self, place, source, attempt=0):
        self.contestant = CONTESTANTS[place.contestant]
        self.data = place.directory / place.name
        self.data.mkdir(parents=True, exist_ok=True)
        self.said = place.directory / f"{place.name}.{attempt}.log"
        command = [*self.contestant.command(place.jvm), "--broker", place.broker.address, "--in",
                   source, "--out", place.out, "--app", place.name, "--data", self.data,
                   "--commit-ms", place.commit_ms]
        with open(self.said, "wb") as file:
            self.began = time.time()
            self.process = subprocess.Popen(list(map(str, command)), stdout=file,
                                            stderr=subprocess.STDOUT)
        self.pid = self.process.pid

    def check(self):
        if self.process.poll() is not None:
            last = self.said.read_text(errors="replace").strip().splitlines()[-3:]
            raise Failed(f"it ended by itself ({self.process.returncode}): {' | '.join(last)}")

    def first(self):
        """(moment, CPU-s) of its first record."""
        found = re.search(r"FIRST (\d+) (\d+)", self.said.read_text(errors="replace"))
        if not found:
            raise Failed("it never said FIRST")
        return self.began + int(found[1]) / 1e3, int(found[2]) / 1e3

    def restored_rows(self):
        text = self.said.read_text(errors="replace")
        return sum(map(int, re.findall(r"partition \d+ restored: (\d+) rows", text)))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def wipe(self):
        for path in self.data.glob(self.contestant.wiped):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)


class Collector:
    """Receives the warnings, with the moment of each."""

    def __init__(self, place, count):
        self.path = place.directory / f"{place.name}.tsv"
        self.count = count
        self.process = subprocess.Popen(
            list(map(str, [PROGRAMS / "collect", "--broker", place.broker.address, "--topic",
                           place.out, "--out", self.path, "--count", count, "--timeout",
                           PATIENCE])), stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        if self.process.stdout.readline().strip() != "READY":
            raise Failed("the collector does not listen")
        self.file, self.received = open(self.path, "rb"), 0

    def wait_for(self, count, engine):
        """Until that many came; for all of them, until none comes behind the last either."""
        last = time.time()
        while self.received < count if count < self.count else self.process.poll() is None:
            time.sleep(0.05)
            new = self.file.read().count(b"\n")
            self.received += new
            if new:
                last = time.time()
            engine.check()
            if time.time() - last > PATIENCE:
                raise Failed(f"{self.received:,} of {count:,} warnings, then none for {PATIENCE} s")

    def rows(self):
        """(moment, text) in order of receipt."""
        with open(self.path, encoding="utf-8") as file:
            pairs = (line.rstrip("\n").split("\t", 1) for line in file)
            return [(float(ms) / 1e3, text) for ms, text in pairs]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.file.close()
        self.path.unlink(missing_ok=True)


def settle(say):
    """Waits until the machine is quiet, or for as long as that is reasonable."""
    end = time.time() + SETTLE
    while (busy := foreign_cores(2)) > MOST_OTHERS and time.time() < end:
        say(f"others use {busy:.2f} cores: waiting")


def others(samples, begin, end):
    foreign = samples.between("foreign", begin, end) / (end - begin)
    steal = samples.between("steal", begin, end) / (end - begin)
    return {"foreign": foreign, "steal": steal, "disturbed": foreign + steal > MOST_OTHERS}


def planted(texts, plant):
    """One warning wrong, on purpose."""
    if plant == "missing":
        return texts[1:]
    return [*texts, texts[0]] if plant == "extra" else texts


def drain(place, work, plant=None):
    """A backlog, as fast as it goes. Without what comes before the first record, and with it."""
    source = place.broker.backlog(work.events)
    place.broker.create(place.out)
    with Collector(place, work.warnings) as collector, Engine(place, source) as engine:
        samples = Samples(engine.pid, place.broker.pid, [collector.pid])
        collector.wait_for(work.warnings, engine)
        samples.stop()
        rows = collector.rows()
        first, start_cpu = engine.first()
        began = engine.began
    half = rows[work.warnings_until(work.count // 2)][0]
    last = rows[-1][0]
    missing, extra = work.differences(planted([text for _, text in rows], plant))
    million, second = work.count / 1e6, work.count / 2e6
    return {
        "events": work.count, "seconds": last - first, "steady_seconds": last - half,
        "rate": work.count / (last - first), "rate_steady": second * 1e6 / (last - half),
        "rate_with_start": work.count / (last - began),
        "cpu": (samples.at("own", last) - start_cpu) / million,
        "cpu_steady": samples.between("own", half, last) / second,
        "cpu_with_start": samples.at("own", last) / million,
        "broker_cpu": samples.between("broker", first, last) / million,
        "peak_mib": samples.peak, "start_s": first - began, "start_cpu": start_cpu,
        "missing": missing, "extra": extra, **others(samples, first, last)}


def latency(place, work, rate, seconds, warm_up):
    """From the intended moment of the causing event to the warning's receipt."""
    source = place.name + "-in"
    place.broker.create(source, place.out)
    with Engine(place, source) as engine:
        probe = subprocess.Popen(
            list(map(str, [PROGRAMS / "probe", "--broker", place.broker.address, "--in", source,
                           "--out", place.out, "--file", work.events, "--rate", rate, "--seconds",
                           seconds, "--warm-up", warm_up])), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        begin = time.time() + 0.5 + warm_up
        samples = Samples(engine.pid, place.broker.pid, [probe.pid])
        said = probe.communicate()[0]
        samples.stop()
        engine.check()
    received = re.search(r"RECEIVED (\d+)", said)
    if not received:
        raise Failed(f"the probe said: {said.strip()}")
    end = begin + seconds
    row = {
        "rate": rate, "seconds": seconds, "received": int(received[1]),
        "wanted": work.warnings_until((warm_up + seconds) * rate)
        - work.warnings_until(warm_up * rate),
        "own_cores": samples.between("own", begin, end) / seconds,
        "broker_cores": samples.between("broker", begin, end) / seconds,
        "peak_mib": samples.peak, **others(samples, begin, end)}
    if found := re.search(r"p50 (\S+) p90 (\S+) p99 (\S+) p99.9 (\S+) ms", said):
        row |= dict(zip(("p50", "p90", "p99", "p999"), map(float, found.groups())))
    if found := re.search(r"worst own lag (\S+) ms, (\d+) of", said):
        row |= {"probe_lag": float(found[1]), "windows_left_out": int(found[2])}
    return row


def back_after(engine, rows):
    """Seconds from its exec to the first warning of its own: it had read a record by then."""
    first = engine.first()[0]
    own = next((moment for moment, _ in rows if moment >= first), None)
    if own is None:
        raise Failed("it gave no warning after it was started again")
    return own - engine.began


def restart(place, work, backlog):
    """Killed and started again, with its disk and with an empty one. All warnings must be right."""
    source = place.name + "-in"
    place.broker.create(source, place.out)
    place.broker.load(source, work.part(0, backlog))
    middle = backlog + (work.count - backlog) // 2
    parts = [work.part(backlog, middle), work.part(middle, work.count)]
    with Collector(place, work.warnings) as collector:
        engine = Engine(place, source)
        engines = []
        try:
            collector.wait_for(work.warnings_until(backlog), engine)
            for wipe, part, upto in ((False, parts[0], middle), (True, parts[1], work.count)):
                load = place.broker.load_command(source, part, RESTART_RATE)
                with subprocess.Popen(list(map(str, load)), stdout=subprocess.DEVNULL):
                    time.sleep(KILL_AFTER)
                    engine.check()
                    engine.kill()
                    if wipe:
                        engine.wipe()
                    engine = Engine(place, source, attempt=len(engines) + 1)
                    engines.append(engine)
                collector.wait_for(work.warnings_until(upto), engine)
        finally:
            engine.__exit__()
        rows = collector.rows()
    missing, extra = work.differences([text for _, text in rows])
    kept, lost = engines
    restored = lost.restored_rows()
    until_first = lost.first()[0] - lost.began
    return {
        "restart_s": back_after(kept, rows), "kept_rows": kept.restored_rows(),
        "empty_s": back_after(lost, rows), "rows": restored,
        "rows_per_s": restored / until_first if restored else None,
        "missing": missing, "extra": extra}
