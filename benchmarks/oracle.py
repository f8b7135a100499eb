#!/usr/bin/env python3
"""oracle.py EVENTS.ndjson [options] > WARNINGS.tsv: what "elevator watch v1" must say, in plain Python.

A line a warning: rule, entity, time, priority, ids of the evidence. It shares nothing with the engine
but the description of the work, and takes the same numbers as the rule pack.
"""
import argparse
import json
from collections import deque
from datetime import datetime


def millis(text):
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


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
    numbers = cli.parse_args()
    elevators = {}
    handlers = {
        "city.elevator.telemetry.v1": Elevator.telemetry,
        "city.complaint.filed.v1": Elevator.complaint,
        "city.permit.changed.v1": Elevator.permit,
    }
    for line in open(numbers.events, encoding="utf-8"):
        event = json.loads(line)
        if event["type"] == "city.camera.alert.v1":
            data = event["data"]
            found = ([("e_bike", "P2", (event["id"],))]
                     if data["label"] == "e_bike" and data["confidence"] >= numbers.confidence else [])
        else:
            elevator = elevators.setdefault(event["subject"], Elevator())
            found = handlers[event["type"]](elevator, millis(event["time"]), event, numbers)
        for rule, priority, evidence in found:
            print(rule, event["subject"], event["time"], priority, ",".join(evidence), sep="\t")


main()
