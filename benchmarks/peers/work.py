"""The events of "elevator watch v1" and what the oracle says of them, made once and kept."""
import bisect
import collections
import functools
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
    """`skew`: Zipf's exponent of how busy elevators are. The oracle is asked when it is needed."""

    def __init__(self, directory, events, say, *, elevators=100_000, skew=0.9, permit_each=False):
        directory.mkdir(parents=True, exist_ok=True)
        self.name = f"{events}-{elevators}-{skew:g}{'-each' if permit_each else ''}-{SEED}"
        self.directory, self.count, self.say = directory, events, say

        def generate(path):
            say(f"generating {events:,} events of {elevators:,} elevators")
            run(PROGRAMS / "generate", "--out", path, "--events", events, "--elevators", elevators,
                "--seed", SEED, "--skew", skew, *["--permit-each"] * permit_each)

        self.events = made(directory / f"events-{self.name}.ndjson", generate)

    @functools.cached_property
    def wanted(self):
        """How often each warning."""
        def ask(path):
            self.say(f"the oracle works through {self.count:,} events")
            with open(path, "w", encoding="utf-8") as file:
                subprocess.run([ROOT / "benchmarks/oracle.py", self.events], stdout=file,
                               check=True)
        oracle = made(self.directory / f"oracle-{self.name}.tsv", ask)
        return collections.Counter(
            tuple(line.split("\t")) for line in oracle.read_text(encoding="utf-8").splitlines())

    @functools.cached_property
    def _causes(self):
        return sorted(number_of(warning[-1]) for warning in self.wanted.elements())

    @property
    def warnings(self):
        return len(self._causes)

    def warnings_until(self, event):
        """How many warnings the events before this one cause."""
        return bisect.bisect_left(self._causes, event)

    def differences(self, texts):
        """(missing, extra) among collected warnings."""
        got = collections.Counter(ours(texts))
        return (self.wanted - got).total(), (got - self.wanted).total()

    def subjects(self):
        """How many entities the events really name."""
        with open(self.events, "rb") as file:
            return len({line.split(b'"subject":"', 1)[1].split(b'"', 1)[0] for line in file})

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
