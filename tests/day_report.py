#!/usr/bin/env python3
"""day_report.py DATA [--program build/release/watchfire] [--timelines 3]: was the loop closed?

Reads the output topics of a finished day from outside and checks what must hold, then prints whole
timelines. Exit code 1 when something does not hold. It shares nothing with the engine.

- of the orders due within the day, at least 95 % have a verdict
- every added responder and every rung of supervision names its cause, in both languages
- a rescue ends only by someone who arrived on it, or by the elevator's own end of alarm
- every change of a record has a revision of its own, and no order comes back from closed
- not everything escalated, not everything dismissed, not nothing happened
"""
import argparse
import collections
import json
import subprocess
import sys


def tail(options, topic):
    out = subprocess.run([options.program, "tail", topic, "--data", options.data],
                         capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def check(problems, good, text):
    if not good:
        problems.append(text)


def due_within(order, end):
    return order["finishBy"] is not None and order["finishBy"] <= end


def orders_hold(orders, end, problems):
    last, seen = {}, collections.defaultdict(set)
    for record in orders:
        order = record["data"]
        before = last.get(order["id"])
        check(problems, order["revision"] not in seen[order["id"]],
              f"{order['id']} revision {order['revision']} twice")
        seen[order["id"]].add(order["revision"])
        check(problems, not before or before["state"] not in ("closed", "recalled"),
              f"{order['id']} changed after it was {before and before['state']}")
        last[order["id"]] = order
    due = [o for o in last.values() if due_within(o, end) and o["state"] != "recalled"]
    answered = [o for o in due if o["verdict"]]
    share = len(answered) / len(due) if due else 0
    print(f"orders {len(last)}, due within the day {len(due)}, with a verdict {len(answered)} "
          f"({100 * share:.1f} %)")
    check(problems, due and share >= 0.95, f"only {100 * share:.1f} % of due orders have a verdict")
    for order in last.values():
        for step in order["history"]:
            check(problems, step["why"]["zh"] and step["why"]["en"],
                  f"{order['id']}: step {step['step']} at {step['at']} does not say why")
        rescued = order["verdict"] and order["verdict"]["action"] == "rescued"
        if order["item"] == "elevator.rescue" and rescued and order["verdict"]["by"].startswith("unit"):
            arrived = [s for s in order["history"]
                       if s["step"] == "arrived" and s["by"] == order["verdict"]["by"]]
            check(problems, arrived, f"{order['id']} was ended by {order['verdict']['by']}, "
                                     "who had not arrived")
    levels = collections.Counter(max(r["level"] for r in o["responders"])
                                 for o in last.values()
                                 if o["item"] == "elevator.rescue" and o["responders"])
    print("rescues by the highest level called:", dict(sorted(levels.items())))
    check(problems, levels[1] and levels[2] and levels[3], "not every level of rescue occurred")
    check(problems, levels[1] > levels[3], "nearly everything escalated to level 3")
    print("orders by item:", dict(collections.Counter(o["item"] for o in last.values())))
    print("verdicts:", dict(collections.Counter(
        f"{o['verdict']['finding']}+{o['verdict']['action']}" for o in last.values()
        if o["verdict"])))
    print("supervision:", dict(collections.Counter(
        o["supervision"]["level"] for o in last.values() if o["supervision"])))
    return last


def warnings_hold(warnings, problems):
    last = {}
    for record in warnings:
        last[record["data"]["id"]] = record["data"]
        check(problems, record["data"]["reasons"], f"{record['data']['id']} gives no reason")
    print("warnings", len(last), dict(collections.Counter(w["priority"] for w in last.values())),
          dict(collections.Counter(w["state"] for w in last.values())))
    dismissed = sum(w["state"] == "dismissed" for w in last.values())
    check(problems, 0 < dismissed < len(last) / 2, f"{dismissed} of {len(last)} were dismissed")
    return last


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


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("data")
    cli.add_argument("--program", default="build/release/watchfire")
    cli.add_argument("--timelines", type=int, default=0)
    options = cli.parse_args()
    warnings, orders = tail(options, "warnings"), tail(options, "dispatch.orders")
    if not warnings or not orders:
        sys.exit("nothing happened")
    end = max(record["time"] for record in warnings + orders)
    problems = []
    last = orders_hold(orders, end, problems)
    warnings_hold(warnings, problems)
    longest = sorted((o for o in last.values() if o["item"] == "elevator.rescue"),
                     key=lambda o: -len(o["history"]))
    for order in longest[:options.timelines]:
        print_timeline(order["entity"], warnings, orders)
    for problem in problems[:20]:
        print("PROBLEM:", problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
