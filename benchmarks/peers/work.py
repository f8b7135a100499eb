"""The events of "elevator watch v1" and what the oracle says of them, made once and kept."""
import bisect
import collections
import subprocess

from broker import run
from compare_warnings import ours
from contestants import PROGRAMS, ROOT

SEED = 20261122
DIGITS = {digit: i for i, digit in enumerate("0123456789ABCDEFGHJKMNPQRSTVWXYZ")}


def number_of(event):
    """An event's place in the file, from 0: the last 8 characters of its id, 5 bits each."""
    number = 0
    for digit in event[-8:]:
        number = number * 32 + DIGITS[digit]
    return number


def made(path, make):
    """`make` writes the file, unless it is there; a half-written one is never taken for it."""
    if not path.exists():
        fresh = path.with_suffix(".part")
        make(fresh)
        fresh.rename(path)
    return path


class Work:
    def __init__(self, directory, events, say, *, elevators=100_000, permit_each=False):
        directory.mkdir(parents=True, exist_ok=True)
        self.name = f"{events}-{elevators}{'-each' if permit_each else ''}-{SEED}"
        self.directory, self.count = directory, events

        def generate(path):
            say(f"generating {events:,} events of {elevators:,} elevators")
            run(PROGRAMS / "generate", "--out", path, "--events", events, "--elevators", elevators,
                "--seed", SEED, *["--permit-each"] * permit_each)

        def ask_oracle(path):
            say(f"the oracle works through {events:,} events")
            with open(path, "w", encoding="utf-8") as file:
                subprocess.run([ROOT / "benchmarks/oracle.py", self.events], stdout=file,
                               check=True)

        self.events = made(directory / f"events-{self.name}.ndjson", generate)
        oracle = made(directory / f"oracle-{self.name}.tsv", ask_oracle)
        self.wanted = collections.Counter(
            tuple(line.split("\t")) for line in oracle.read_text(encoding="utf-8").splitlines())
        self._causes = sorted(number_of(warning[-1]) for warning in self.wanted.elements())
        self.warnings = len(self._causes)

    def warnings_until(self, event):
        """How many warnings the events before this one cause."""
        return bisect.bisect_left(self._causes, event)

    def part(self, begin, end):
        """A file of the events [begin, end)."""
        def cut(path):
            with open(self.events, "rb") as events, open(path, "wb") as file:
                for i, line in enumerate(events):
                    if i >= end:
                        break
                    if i >= begin:
                        file.write(line)
        return made(self.directory / f"part-{begin}-{end}-{self.name}.ndjson", cut)


def differences(wanted, texts):
    """(missing, extra) among collected warnings."""
    got = collections.Counter(ours(texts))
    return (wanted - got).total(), (got - wanted).total()
