"""Who runs "elevator watch v1", as data: how each is built, started, and what a lost disk takes.

Every command takes --broker --in --out --app --data --commit-ms, prints `FIRST <wall ms> <cpu ms>`
at its first record, and runs until SIGTERM.
"""
import dataclasses
import functools
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = ROOT / "build/release/benchmarks"
JAVA = ["java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED"]


@functools.cache
def class_path(peer):
    built = subprocess.run([HERE / "build.sh", peer], text=True, stdout=subprocess.PIPE)
    if built.returncode != 0:
        sys.exit(1)  # the script said why
    return built.stdout.strip()


@dataclasses.dataclass
class Contestant:
    peer: str | None = None  # None: ours
    main: str = ""
    options: tuple = ()
    wiped: str = "*"         # in its directory, when the disk is lost; a checkpoint lies elsewhere

    def command(self, jvm):
        """`jvm`: the options of Java's machine."""
        if self.peer is None:
            return [PROGRAMS / "elevator_watch", *self.options]
        return [*JAVA, *jvm, "-cp", class_path(self.peer), self.main, *self.options]


FLINK = ("flink", "peers.FlinkPeer")
CONTESTANTS = {
    "watchfire": Contestant(),
    "ks-eos": Contestant("kafka-streams", "peers.KafkaStreamsPeer"),
    "flink-heap-eos": Contestant(*FLINK, ("--state", "hashmap"), "rocksdb"),
    "flink-rocksdb-eos": Contestant(*FLINK, ("--state", "rocksdb"), "rocksdb"),
    "watchfire-doors": Contestant(options=("--doors",)),
    "watchfire-2": Contestant(options=("--threads", "2")),
}
USUAL = list(CONTESTANTS)[:4]
