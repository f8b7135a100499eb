#!/usr/bin/env python3
"""Subcommands on a directory that a running process has open, from outside, and without one.

    tests/running_directory.py build/release/watchfire

Activates packs, retries dead letters and follows a topic beside `run`, kills it, does the same again
without it; and sees that `replay --speed` keeps to its pace and what a live city drops.
"""
import atexit
import datetime
import json
import os
import re
import signal
import subprocess
import tempfile
import time

import outside
from outside import DEADLINE, PROGRAM, expect, wait_for

PACK = os.path.join(os.path.dirname(__file__), "..", "deploy/city/shanghai/rules/elevator.yaml")


def call(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=DEADLINE)
    return done.returncode, done.stdout, done.stderr


def event(number, at, channel="12345", subject="complaint/1"):
    return {"specversion": "1.0", "id": f"c-{number}", "source": "/outside",
            "type": "city.complaint.filed.v1", "subject": subject, "time": at,
            "data": {"channel": channel, "kind": "help", "text": "电梯困人"}}


class City:
    """A `run` on a directory, with its page on a port of its own choice."""

    def __init__(self, data, *options):
        self.process = subprocess.Popen(
            [PROGRAM, "run", "--data", data, "--http", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        self.page = self.process.stdout.readline().split()[-1]

    def post(self, body):
        taken = outside.ask(self.page + "v1/events", body, "application/cloudevents+json")
        expect(taken[0] == 202, f"an event is taken: {taken[1]}")

    def end(self, how):
        """The exit code after this signal; what is still running at the end of the test is killed."""
        self.process.send_signal(how)
        self.process.communicate(timeout=DEADLINE)
        return self.process.returncode


def changed_pack(directory, name, before, after):
    with open(PACK, encoding="utf-8") as file:
        text = file.read()
    expect(before in text, f"the pack has {before}")
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(before, after, 1))
    return path


def replayed_unreadable(scratch, data):
    """A directory with one dead letter: over HTTP such an event would be refused."""
    path = scratch + "/unreadable.ndjson"
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(event(1, at.isoformat(), channel=12345), ensure_ascii=False) + "\n")
    code, out, err = call("replay", path, "--data", data)
    expect(code == 0, out + err)


def beside_a_running_city(scratch, data):
    replayed_unreadable(scratch, data)
    city = City(data)
    expect(os.stat(data + "/socket").st_mode & 0o777 == 0o600, "the socket is its user's own")
    with open(scratch + "/followed", "w+", encoding="utf-8") as followed:
        tail = subprocess.Popen([PROGRAM, "tail", "hotline.complaints", "--data", data, "--follow"],
                                stdout=followed)
        atexit.register(tail.kill)
        pack = changed_pack(scratch, "changed.yaml", "for: 60s", "for: 50s")
        code, out, err = call("rules", "activate", pack, "--data", data)
        expect(code == 0 and re.match(r"elevator@[0-9a-f]{8} is active from", out), out + err)
        expect("rule elevator.trapped: decides otherwise" in out, out)
        code, out, err = call("rules", "activate", pack, "--data", data)
        expect(code == 0 and "is active already" in out, out + err)
        wrong = changed_pack(scratch, "wrong.yaml", "  when:", "  whenn:")
        code, _, err = call("rules", "activate", wrong, "--data", data)
        _, _, checked = call("rules", "check", wrong)
        expect(code == 2 and err == "watchfire: " + checked, "a wrong pack: " + err + checked)

        wait_for(lambda: "1 dead letters" in call("dead-letters", "list", "--data", data)[1],
                 "it is a dead letter")
        code, out, err = call("dead-letters", "retry", "--data", data)
        expect(code == 0 and "1 are lines of files" in out, out + err)
        city.post(event(3, "2026-11-22T08:00:00+08:00"))
        lines = lambda: open(scratch + "/followed", encoding="utf-8").read().count('"c-3"')
        wait_for(lambda: lines() == 1, "tail --follow shows what came since")
        city.end(signal.SIGKILL)
        expect(os.path.exists(data + "/socket"), "what is killed leaves its socket")

        city = City(data)
        code, out, err = call("rules", "activate", pack, "--data", data)
        expect(code == 0 and "is active already" in out, "a restart undoes nothing: " + out + err)
        city.post(event(2, "2026-11-22T08:00:01+08:00"))
        wait_for(lambda: '"c-2"' in open(scratch + "/followed", encoding="utf-8").read(),
                 "tail goes on with the next process")
        expect(lines() == 1, "and repeats nothing")
        tail.kill()
        tail.wait()
    expect(city.end(signal.SIGINT) == 0, "run ends well")
    expect(not os.path.exists(data + "/socket"), "and takes its socket along")


def without_one(scratch, data):
    other = changed_pack(scratch, "other.yaml", "for: 60s", "for: 40s")
    code, out, err = call("rules", "activate", other, "--data", data)
    expect(code == 0 and "is active from" in out, out + err)
    code, out, err = call("dead-letters", "retry", "--data", data, "--again")
    expect(code == 0 and "1 are lines of files" in out, out + err)
    code, _, err = call("rules", "activate", other, "--data", scratch)
    expect(code == 2 and "no data directory" in err, err)


def pace(scratch):
    path = scratch + "/slow.ndjson"
    with open(path, "w", encoding="utf-8") as file:
        for second in range(0, 21, 2):
            at = f"2026-11-22T08:00:{second:02}Z"
            file.write(json.dumps(event(second, at), ensure_ascii=False) + "\n")
    begun = time.monotonic()
    code, _, err = call("replay", path, "--data", scratch + "/slow", "--speed", "10")
    took = time.monotonic() - begun
    expect(code == 0 and took >= 1.9, f"20 s at ten times the speed took {took:.2f} s: {err}")
    begun = time.monotonic()
    code, _, err = call("replay", path, "--data", scratch + "/fast")
    quick = time.monotonic() - begun
    expect(code == 0 and quick < took, f"without --speed it took {quick:.2f} s: {err}")
    expect(call("tail", "hotline.complaints", "--data", scratch + "/slow")[1] ==
           call("tail", "hotline.complaints", "--data", scratch + "/fast")[1], "the same records")
    print(f"replay: 20 s of events at --speed 10 in {took:.2f} s, unpaced in {quick:.2f} s")


def retention(scratch):
    """Only a city on the wall clock drops what is old, and never a partition's last block."""
    data = scratch + "/old"
    for day in (1, 2):  # a block each
        path = f"{scratch}/{day}.ndjson"
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(event(day, f"2020-01-0{day}T08:00:00Z")) + "\n")
        expect(call("replay", path, "--data", data)[0] == 0, "an old day is replayed")
    kept = lambda: call("tail", "hotline.complaints", "--data", data)[1].count("\n")
    expect(call("run", "--data", data, "--until-end")[0] == 0, "run --until-end")
    expect(kept() == 2, "a city on its own time keeps all")
    city = City(data, "--accept-clock")  # six years later
    wait_for(lambda: kept() == 1, "the older block is dropped")
    expect(city.end(signal.SIGINT) == 0, "run ends well")
    expect("2020-01-02" in call("tail", "hotline.complaints", "--data", data)[1], "the last stays")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        data = scratch + "/data"
        beside_a_running_city(scratch, data)
        without_one(scratch, data)
        pace(scratch)
        retention(scratch)
    print("running_directory: all as expected")


main()
