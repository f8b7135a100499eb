#!/usr/bin/env python3
"""day_report.py DATA [--program build/release/watchfire] [--timelines 3]: was the loop closed?

Reads the output topics of a finished day from outside and checks what must hold (day_checks.py), then
prints whole timelines. Exit code 1 when something does not hold. It shares nothing with the engine.
"""
import argparse
import contextlib
import io
import json
import subprocess
import sys

import day_checks
import day_faults

TOPICS = ("warnings", "dispatch.orders", "complaints", "matters", "notices", "entity.status",
          "hotline.complaints", "field.feedback", "permit.changes")


def tail(options, topic):
    out = subprocess.run([options.program, "tail", topic, "--data", options.data],
                         capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def ended_by_device(options):
    """Ids of the telemetry in which an elevator declares its alarm over."""
    out = subprocess.run([options.program, "tail", "elevator.telemetry", "--data", options.data],
                         stdout=subprocess.PIPE, check=True).stdout  # some of it is not even UTF-8
    return {json.loads(line)["id"] for line in out.splitlines() if b'"alarmEnd":true' in line}


def print_timeline(entity, warnings, orders):
    print(f"\n== {entity}")
    lines = []
    for record in warnings:
        data = record["data"]
        if data["entity"] == entity:
            text = data["reasons"][-1]
            lines.append((record["time"], f"warning {data['priority']} {data['rule']} {data['state']}"
                          f"/{data['condition']}: {text['zh']} | {text['en']}"))
    seen = set()
    for record in orders:
        data = record["data"]
        if data["entity"] != entity:
            continue
        for step in data["history"]:
            key = (data["id"], step["at"], step["step"], step["by"])
            if key not in seen:
                seen.add(key)
                lines.append((step["at"], f"order {data['item']} {step['step']} by {step['by']}: "
                              f"{step['why']['zh']} | {step['why']['en']}"))
    for time, line in sorted(lines, key=lambda pair: pair[0]):
        print(f"{time}  {line}")


def plant_each(day):
    """Spoils what was read, one fault after the other: each must be noticed by its check."""
    unnoticed = 0
    for fault, (check, plant) in day_faults.FAULTS.items():
        found = []
        with contextlib.redirect_stdout(io.StringIO()):
            check(plant(day), found)
        print(f"planted: {fault}: {found[0] if found else 'NOT NOTICED'}")
        unnoticed += not found
    return 1 if unnoticed else 0


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("data")
    cli.add_argument("--program", default="build/release/watchfire")
    cli.add_argument("--timelines", type=int, default=0)
    cli.add_argument("--plant-each", action="store_true",
                     help="spoil what was read, one fault after the other: each must be noticed")
    options = cli.parse_args()
    topics = {topic: tail(options, topic) for topic in TOPICS}
    if not topics["warnings"] or not topics["dispatch.orders"]:
        sys.exit("nothing happened")
    known = {r["id"] for r in topics["field.feedback"]} | ended_by_device(options)
    day = day_checks.Day(topics, known)
    problems = []
    for check in day_checks.CHECKS:
        check(day, problems)
    longest = sorted((o for o in day.orders.values() if o["item"] == "elevator.rescue"),
                     key=lambda o: -len(o["history"]))
    for order in longest[:options.timelines]:
        print_timeline(order["entity"], topics["warnings"], topics["dispatch.orders"])
    if options.plant_each and not problems:
        return plant_each(day)
    for problem in problems[:20]:
        print("PROBLEM:", problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
