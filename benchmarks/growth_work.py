"""The events of a case and what the oracle says of them, made once and kept."""
import collections
import subprocess

from broker import run
from compare_warnings import ours
from contestants import PROGRAMS, ROOT


def made(path, make):
    """`make` writes the file, unless it is there; a half-written one is never taken for it."""
    if not path.exists():
        fresh = path.with_suffix(".part")
        make(fresh)
        fresh.rename(path)
    return path


class Work:
    def __init__(self, directory, events, entities, skew, say):
        directory.mkdir(parents=True, exist_ok=True)
        name = f"{events}-{entities}-{skew:g}"
        self.count = events

        def generate(path):
            say(f"generating {events:,} events of {entities:,} elevators")
            run(PROGRAMS / "generate", "--out", path, "--events", events, "--elevators", entities,
                "--skew", skew)

        def ask_oracle(path):
            say(f"the oracle works through {events:,} events")
            with open(path, "w", encoding="utf-8") as file:
                subprocess.run([ROOT / "benchmarks/oracle.py", self.events], stdout=file,
                               check=True)

        self.events = made(directory / f"growth-{name}.ndjson", generate)
        oracle = made(directory / f"growth-{name}.tsv", ask_oracle)
        self.wanted = collections.Counter(
            tuple(line.split("\t")) for line in oracle.read_text(encoding="utf-8").splitlines())
        self.warnings = self.wanted.total()

    def subjects(self):
        """How many entities the events really name."""
        with open(self.events, "rb") as file:
            return len({line.split(b'"subject":"', 1)[1].split(b'"', 1)[0] for line in file})

    def differences(self, texts):
        """(missing, extra) among collected warnings."""
        got = collections.Counter(ours(texts))
        return (self.wanted - got).total(), (got - self.wanted).total()
