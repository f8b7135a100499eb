#!/usr/bin/env python3
"""day_report.py DATA [--program build/release/watchfire] [--timelines 3]: was the loop closed?

Reads the output topics of a finished day from outside and checks what must hold, then prints whole
timelines. Exit code 1 when something does not hold. It shares nothing with the engine.

- of the orders due within the day, at least 95 % have a verdict
- every added responder and every rung of supervision names its cause, in both languages
- a rescue ends only by someone who arrived on it, or by the elevator's own end of alarm
- every change of a record has a revision of its own, and no order comes back from closed
- not everything escalated, not everything dismissed, not nothing happened
- every complaint older than 4 hours has one reply, and it names the event that closed it
- nobody's words: the text of a complaint stands in no output
"""
import argparse
import collections
import copy
import datetime
import json
import subprocess
import sys


TOPICS = ("warnings", "dispatch.orders", "complaints", "notices", "entity.status",
          "hotline.complaints", "field.feedback")


def hours_between(first, second):
    parse = datetime.datetime.fromisoformat
    return (parse(second.replace("Z", "+00:00")) -
            parse(first.replace("Z", "+00:00"))).total_seconds() / 3600


def tail(options, topic):
    out = subprocess.run([options.program, "tail", topic, "--data", options.data],
                         capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def ended_by_device(options):
    """Ids of the telemetry in which an elevator declares its alarm over."""
    out = subprocess.run([options.program, "tail", "elevator.telemetry", "--data", options.data],
                         stdout=subprocess.PIPE, check=True).stdout  # some of it is not even UTF-8
    return {json.loads(line)["id"] for line in out.splitlines() if b'"alarmEnd":true' in line}


def check(problems, good, text):
    if not good:
        problems.append(text)


def due_within(order, end):
    return order["finishBy"] is not None and order["finishBy"] <= end


def handed_over(order):
    """A rescue of nobody knew which elevator, until somebody did: its own rescue took over."""
    return order["entity"].startswith("complaint/") and not order["verdict"]


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
    due = [o for o in last.values()
           if due_within(o, end) and o["state"] != "recalled" and not handed_over(o)]
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


def receipts_hold(data, known, end, problems):
    """`data`: topic -> records; `known`: ids of what can close a matter."""
    came = {r["subject"]: r for r in data["hotline.complaints"]}
    last = {r["subject"]: r["data"] for r in data["complaints"]}
    replies = collections.Counter(n["subject"] for n in data["notices"]
                                  if n["data"]["kind"] == "reply")
    states = collections.Counter(r["state"] for r in last.values())
    print("complaints", len(came), dict(states), "replies", sum(replies.values()))
    check(problems, states["replied"] and states["answered_directly"],
          "not both ways of an answer occurred")
    for receipt, event in came.items():
        mine = last.get(receipt)
        check(problems, mine, f"{receipt} came and left no trace")
        if mine is None:
            continue
        hours = hours_between(event["time"], end)
        check(problems, mine["reply"] or hours < 4, f"{receipt} has no reply after {hours:.1f} h")
        check(problems, replies[receipt] == (1 if mine["reply"] else 0),
              f"{receipt}: {replies[receipt]} replies")
        check(problems, not mine["reply"] or mine["reply"]["cause"] in known,
              f"{receipt}: the reply's cause is no event that came in")
    for topic in ("complaints", "warnings", "dispatch.orders", "notices", "entity.status"):
        written = "\n".join(json.dumps(r, ensure_ascii=False) for r in data[topic])
        for receipt, event in came.items():
            check(problems, event["data"]["text"] not in written,
                  f"the words of {receipt} stand in {topic}")


def plant(fault, data):
    """Spoils what was read, as a faulty city would have written it."""
    replies = [n for n in data["notices"] if n["data"]["kind"] == "reply"]
    answered = [r for r in data["complaints"] if r["data"]["reply"]]
    if fault == "reply lost":
        data["notices"].remove(replies[0])
    elif fault == "reply twice":
        data["notices"].append(replies[0])
    elif fault == "reply without cause":
        answered[-1]["data"]["reply"]["cause"] = "nobody"
    elif fault == "complaint unanswered":
        old = answered[0]["subject"]
        for record in data["complaints"]:
            if record["subject"] == old:
                record["data"]["reply"] = None
    elif fault == "complaint lost":
        old = answered[0]["subject"]
        data["complaints"] = [r for r in data["complaints"] if r["subject"] != old]
    elif fault == "words kept":
        data["warnings"][-1]["data"]["evidence"].append(data["hotline.complaints"][0]["data"])


FAULTS = ("reply lost", "reply twice", "reply without cause", "complaint unanswered",
          "complaint lost", "words kept")


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


def plant_each(data, known, end):
    unnoticed = []
    for fault in FAULTS:
        spoiled, found = copy.deepcopy(data), []
        plant(fault, spoiled)
        receipts_hold(spoiled, known, end, found)
        print(f"planted: {fault}: {found[0] if found else 'NOT NOTICED'}")
        unnoticed += [] if found else [fault]
    return 1 if unnoticed else 0


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("data")
    cli.add_argument("--program", default="build/release/watchfire")
    cli.add_argument("--timelines", type=int, default=0)
    cli.add_argument("--plant-each", action="store_true",
                     help="spoil what was read, one fault after the other: each must be noticed")
    options = cli.parse_args()
    data = {topic: tail(options, topic) for topic in TOPICS}
    warnings, orders = data["warnings"], data["dispatch.orders"]
    if not warnings or not orders:
        sys.exit("nothing happened")
    end = max(record["time"] for record in warnings + orders)
    problems = []
    last = orders_hold(orders, end, problems)
    warnings_hold(warnings, problems)
    known = {r["id"] for r in data["field.feedback"]} | ended_by_device(options)
    receipts_hold(data, known, end, problems)
    longest = sorted((o for o in last.values() if o["item"] == "elevator.rescue"),
                     key=lambda o: -len(o["history"]))
    for order in longest[:options.timelines]:
        print_timeline(order["entity"], warnings, orders)
    if options.plant_each and not problems:
        return plant_each(data, known, end)
    for problem in problems[:20]:
        print("PROBLEM:", problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
