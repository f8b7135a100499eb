#!/usr/bin/env python3
"""Advance notice beside the floor of the same run, and beside the exact warning.

Every event comes through a door. For each e-bike that a camera saw (P1 in the pack of this run)
three things are timed from the intended moment of its event to a read_committed consumer: the
notice of the doors (OUT-urgent), the exact warning (OUT), and the floor: a program that reads the
door and writes a record, without rules, state or transactions. With --backlog the engine has so
many events before it when the load begins: the notice must not wait for them.

  benchmarks/notice.py                          # 20,000 events/s for 60 s after 30 s
  benchmarks/notice.py --backlog 6000000 --rate 5000 --seconds 20 --warm-up 0
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))

from broker import Broker  # noqa: E402
from contestants import PROGRAMS, ROOT  # noqa: E402
from work import Work  # noqa: E402

PACK = HERE / "rules/elevator_watch.yaml"


def say(text):
    print(text, file=sys.stderr, flush=True)


def urgent_pack(directory):
    """The benchmark's pack, with life at risk where a camera sees an e-bike."""
    head, rule = PACK.read_text(encoding="utf-8").split("- rule: e_bike", 1)
    changed = rule.replace("consequence: safety", "consequence: life", 1)
    if changed == rule:
        sys.exit(f"notice.py: {PACK} no longer says what an e-bike is")
    path = pathlib.Path(directory) / "urgent.yaml"
    path.write_text(head + "- rule: e_bike" + changed, encoding="utf-8")
    return path


def main():
    cli = argparse.ArgumentParser(description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--rate", type=int, default=20_000, help="events/s")
    cli.add_argument("--seconds", type=int, default=60, help="measured")
    cli.add_argument("--warm-up", type=int, default=30, help="seconds before them")
    cli.add_argument("--backlog", type=int, default=0, help="events before the engine at first")
    cli.add_argument("--work", type=pathlib.Path, default=ROOT / "build/compare")
    chosen = cli.parse_args()
    path = Work(chosen.work, (chosen.seconds + chosen.warm_up) * chosen.rate, say).events
    behind = Work(chosen.work, chosen.backlog, say).events if chosen.backlog else None
    broker = Broker(chosen.work / "broker")
    programs = []
    try:
        with tempfile.TemporaryDirectory() as scratch:
            broker.create("door", "out", "out-urgent", "floor", "notice-events")
            if behind:
                say(broker.load("notice-events", behind))
            common = ["--broker", broker.address, "--in", "door"]
            programs.append(subprocess.Popen([PROGRAMS / "emit", *common, "--out", "floor"]))
            programs.append(subprocess.Popen(
                [PROGRAMS / "elevator_watch", *common, "--doors", "--out", "out", "--app", "notice",
                 "--data", f"{scratch}/data", "--rules", urgent_pack(scratch)]))
            if not behind:
                time.sleep(3)
            probe = subprocess.run(
                [PROGRAMS / "probe", *common, "--file", path, "--rate", str(chosen.rate),
                 "--seconds", str(chosen.seconds), "--warm-up", str(chosen.warm_up),
                 "--out", "floor", "out-urgent", "out"], text=True, stdout=subprocess.PIPE)
    finally:
        for program in programs:
            program.kill()
        broker.stop()
    print(probe.stdout)
    p50 = dict(re.findall(r"TOPIC (\S+)\n.*\nLATENCY p50 (\S+)", probe.stdout))
    if {"floor", "out-urgent"} <= p50.keys():
        print(f"notice / floor: {float(p50['out-urgent']) / float(p50['floor']):.2f} (p50)")
    return probe.returncode


if __name__ == "__main__":
    sys.exit(main())
