#!/usr/bin/env python3
"""oracle.py EVENTS.ndjson [options] > WARNINGS.tsv: what "elevator watch v1" must say, in plain Python.

A line a warning: rule, entity, time, priority, ids of the evidence. It shares nothing with the engine
but the description of the work, and takes the same numbers as the rule pack.

--silence 90 adds the silence timers: dated the last telemetry + 90 s, once per silence. The clock is a
tick each 250 ms, and what is due fires at the first tick at or after it, behind the events up to that
tick: telemetry until then still ends the silence in time. The last tick is the first at or after the
last event; what would be due after it never comes.
"""
import argparse
import json
from collections import deque
from datetime import datetime, timezone

TICK = 250  # ms

def millis(text):
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def written(ms):
    text = datetime.fromtimestamp(ms // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{ms % 1000:03}Z"


def tick(ms):
    """The first at or after this moment."""
    return -(-ms // TICK) * TICK


class Silences:
    """When each elevator was last heard of by telemetry, and what its silence says."""

    def __init__(self, seconds):
        self.within = seconds * 1000
        self.last = {}  # entity -> (ms, event id)

    def heard(self, entity, ms, event):
        if self.within:
            yield from self.over(entity, ms - 1)
            self.last[entity] = (ms, event)

    def over(self, entity, until):
        """Told when the silence lasted beyond the tick at which it is due."""
        if entity in self.last:
            ms, event = self.last[entity]
            if tick(ms + self.within) <= until:
                yield "silence", entity, written(ms + self.within), "P3", event

    def end(self, ms):
        for entity in self.last:
            yield from self.over(entity, tick(ms))


class Elevator:
    """One entity's past, as far as the five rules need it."""

    def __init__(self):
        self.still_since = None  # (ms, event id) of the first reading of a stand between floors
        self.still_told = False
        self.reopens = deque()   # (ms, event id)
        self.lapses = None       # ms; when maintenance is due
        self.lapse_told = False
        self.fault = None        # (ms, event id)

    def telemetry(self, ms, event, numbers):
        data, me = event["data"], event["id"]
        if data["speed"] == 0 and data["occupied"] and not data["doorZone"]:
            if self.still_since is None:
                self.still_since = (ms, me)
            elif ms - self.still_since[0] >= numbers.trapped * 1000 and not self.still_told:
                self.still_told = True
                yield "trapped", "P1", (self.still_since[1], me)
        else:
            self.still_since, self.still_told = None, False
        if data["faultCode"] is not None:
            self.fault = (ms, me)
        if data["faultCode"] == "door_reopen":
            while self.reopens and ms - self.reopens[0][0] > numbers.reopen_within * 1000:
                self.reopens.popleft()
            self.reopens.append((ms, me))
            if len(self.reopens) >= numbers.reopens:
                yield "door_reopen", "P3", tuple(id for _, id in self.reopens)
                self.reopens.clear()
        if self.lapses is not None and ms > self.lapses and not self.lapse_told:
            self.lapse_told = True
            yield "maintenance_due", "P3", (me,)

    def complaint(self, ms, event, numbers):
        if self.fault and ms - self.fault[0] <= numbers.fault_age * 1000:
            yield "complaint", "P1", (self.fault[1], event["id"])
        else:
            yield "complaint", "P4", (event["id"],)

    def permit(self, ms, event, numbers):
        if event["data"]["permit"] != "maintenance":
            return
        if event["data"]["action"] == "renewed":
            self.lapses, self.lapse_told = millis(event["data"]["validUntil"]), False
        else:
            self.lapses = ms
        yield from ()


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("events")
    cli.add_argument("--trapped", type=int, default=60, help="seconds")
    cli.add_argument("--reopens", type=int, default=3)
    cli.add_argument("--reopen-within", type=int, default=600, help="seconds")
    cli.add_argument("--fault-age", type=int, default=1800, help="seconds")
    cli.add_argument("--confidence", type=float, default=0.8)
    cli.add_argument("--silence", type=int, default=0, help="seconds; 0: no such timers")
    numbers = cli.parse_args()
    elevators, silences, ms = {}, Silences(numbers.silence), 0
    handlers = {
        "city.elevator.telemetry.v1": Elevator.telemetry,
        "city.complaint.filed.v1": Elevator.complaint,
        "city.permit.changed.v1": Elevator.permit,
    }
    for line in open(numbers.events, encoding="utf-8"):
        event = json.loads(line)
        ms = millis(event["time"])
        if event["type"] == "city.elevator.telemetry.v1":
            for silence in silences.heard(event["subject"], ms, event["id"]):
                print(*silence, sep="\t")
        if event["type"] == "city.camera.alert.v1":
            data = event["data"]
            found = ([("e_bike", "P2", (event["id"],))]
                     if data["label"] == "e_bike" and data["confidence"] >= numbers.confidence else [])
        else:
            elevator = elevators.setdefault(event["subject"], Elevator())
            found = handlers[event["type"]](elevator, ms, event, numbers)
        for rule, priority, evidence in found:
            print(rule, event["subject"], event["time"], priority, ",".join(evidence), sep="\t")
    for silence in silences.end(ms):
        print(*silence, sep="\t")


main()
