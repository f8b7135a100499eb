#!/usr/bin/env python3
"""A dispatch system of somebody else, by the contract alone: an ordinary HTTP client.

    tests/foreign_dispatch.py build/release/watchfire
    tests/broker/run.sh tests/foreign_dispatch.py build/release/watchfire    # the same on Kafka

Starts a city, hands it a trapped caller as a CloudEvent, follows orders and refusals through
/v1/topics, answers for the maintenance company through /v1/events, says what is not
legal, and sees each refused with its state and reason; then the order closes. A second order is
answered through the link of a phone.
"""
import atexit
import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.parse

import outside
from outside import DEADLINE, PROGRAM, expect, now, wait_for

BROKERS = os.environ.get("WATCHFIRE_BROKERS")
ELEVATOR = "elevator/31010500012345"
SHOP = "elevator/31010500020881"
COMPANY = "unit/fast-lift"


class Watchfire:
    """What the contract offers: events in, topics out."""

    def __init__(self, address):
        self.address = address
        self.sent = 0

    def send(self, kind, subject, data, ago=0):
        """The id of the event, once it is durable."""
        event, status, said = self.hand_in(kind, subject, data, ago)
        expect(status == 202, f"{data} is taken: {status} {said}")
        return event

    def hand_in(self, kind, subject, data, ago=0):
        """The id of the event, and what the door answers."""
        self.sent += 1
        event = {"specversion": "1.0", "id": f"x-{self.sent}", "source": "/another/dispatch", "type": kind,
                 "subject": subject, "time": now(ago), "datacontenttype": "application/json", "data": data}
        status, said, _ = outside.ask(self.address + "v1/events", event, "application/cloudevents+json")
        return event["id"], status, said.decode()

    def follow(self, topic):
        """Every record of a topic, from its beginning; waits for the next one."""
        cursor = "start"
        begun = time.monotonic()
        while True:
            expect(time.monotonic() - begun < DEADLINE, f"another record comes on {topic}")
            query = urllib.parse.urlencode({"from": cursor})
            status, lines, headers = outside.ask(f"{self.address}v1/topics/{topic}?{query}")
            expect(status == 200 and headers["Content-Type"] == "application/x-ndjson", "one event a line")
            cursor = headers["Next-Cursor"]
            for line in lines.splitlines():
                yield json.loads(line)

    def ask(self, path, body=None, **headers):
        """Status, and what the answer says."""
        return outside.ask(self.address + path, body, **headers)[:2]

    def status_of(self, path):
        return self.ask(path)[0]


class Dispatcher:
    """The foreign system: it keeps the newest word of the one order, and asks what became of a step."""

    def __init__(self, watchfire, elevator=ELEVATOR):
        self.watchfire = watchfire
        self.elevator = elevator
        self.orders = watchfire.follow("dispatch.orders")
        self.refusals = watchfire.follow("rejected")
        self.order = None

    def wait_for(self, what, true):
        while self.order is None or not true(self.order):
            event = next(self.orders)
            expect(event["type"] == "city.order.v1", event)
            if event["subject"] == self.elevator:
                self.order = event["data"]
        return self.order

    def said(self, data):
        return {"order": self.order["id"], "by": COMPANY, **data}

    def say(self, data):
        return self.watchfire.send("city.field.feedback.v1", self.elevator, self.said(data))

    def is_no_event(self, data, *words):
        """The door itself says that there is no such word, and which there are."""
        _, status, said = self.watchfire.hand_in("city.field.feedback.v1", self.elevator, self.said(data))
        expect(status == 400 and all(word in said for word in words), f"{data}: {status} {said}")

    def is_refused(self, code, state, data):
        """Each refusal answers the event that it names as its cause."""
        cause = self.say(data)
        while True:
            event = next(self.refusals)
            if event.get("causationid") == cause:
                break
        said = event["data"]
        expect(event["type"] == "city.rejected.v1" and event["subject"] == self.elevator, event)
        expect(said["reason"]["code"] == code, f"{data}: {said}")
        expect(said["reason"]["zh"] and said["reason"]["en"], f"in both languages: {said}")
        expect(said["state"] == state, f"{data}: the state is {state}: {said}")
        print(f"refused as it must be: {data['step']}: {said['state'] or 'no target'}: {said['reason']['en']}")


def trap(watchfire, elevator):
    watchfire.send("city.permit.changed.v1", elevator,
                   {"record": "registration", "action": "registered", "useUnit": "duty-room",
                    "maintenanceUnit": "fast-lift", "district": "310105", "address": "仙霞路 700 弄 2 号"}, ago=60)
    watchfire.send("city.complaint.filed.v1", "complaint/" + elevator[-4:],
                   {"channel": "12345", "kind": "help", "category": "elevator", "text": "电梯困人，求助",
                    "about": elevator, "complainant": "h:5f2c", "district": "310105"})


def a_rescue(watchfire):
    dispatcher = Dispatcher(watchfire)
    trap(watchfire, ELEVATOR)
    order = dispatcher.wait_for("a rescue", lambda order: order["state"] == "dispatched")
    expect(order["priority"] == "P1" and order["item"] == "elevator.rescue", order)
    expect(COMPANY in [responder["unit"] for responder in order["responders"]], "the company is called")
    rescued = {"step": "finding", "finding": "confirmed", "action": "rescued", "people": 2, "injured": 0,
               "cause": "door"}

    dispatcher.is_refused("step.state", "dispatched", rescued)
    dispatcher.is_refused("step.field", "dispatched", {"step": "accept"})
    dispatcher.is_refused("by.not_called", "dispatched", {"step": "arrived", "by": "unit/somebody-else"})
    dispatcher.is_refused("target.unknown", "", {"step": "arrived", "order": "o-nowhere"})

    dispatcher.say({"step": "accept", "eta": now(-600)})
    dispatcher.wait_for("accepted", lambda order: order["state"] == "accepted")
    dispatcher.is_refused("step.state", "accepted", rescued)
    dispatcher.is_refused("step.life", "accepted", {"step": "verify", "by": "checker/1"})
    dispatcher.is_refused("step.sender", "accepted", {"step": "arrived", "by": "seat/3"})

    dispatcher.say({"step": "arrived"})
    dispatcher.wait_for("arrived", lambda order: order["state"] == "arrived")
    dispatcher.is_refused("step.field", "arrived", {**rescued, "people": None})
    dispatcher.is_no_event({**rescued, "action": "danced"}, "data.action is 'danced'", "rescued")
    dispatcher.say(rescued)
    order = dispatcher.wait_for("closed", lambda order: order["state"] == "closed")
    expect(order["verdict"]["people"] == 2 and order["verdict"]["by"] == COMPANY, order["verdict"])
    dispatcher.is_refused("step.state", "closed", {"step": "arrived"})
    print(f"closed: {order['history'][-1]['why']['en']}")


def through_a_phones_link(watchfire):
    dispatcher = Dispatcher(watchfire, SHOP)
    trap(watchfire, SHOP)
    order = dispatcher.wait_for("a rescue", lambda order: order["state"] == "dispatched")
    wanted = {"order": order["id"], "unit": COMPANY}
    # The board reads on beside us.
    made = wait_for(lambda: (asked := watchfire.ask("api/links", wanted, X_Seat="seat/3"))[0] == 201 and asked[1],
                    "the board has the order")
    path = json.loads(made)["path"].lstrip("/")
    seen = wait_for(lambda: "仙霞路 700 弄 2 号".encode() in (asked := watchfire.ask(path + "/order"))[1] and asked[1],
                    "the link shows where")
    expect(b"h:5f2c" not in seen and ELEVATOR.encode() not in seen, "nobody else's business")
    for _ in range(2):  # an answer that got lost is asked for again
        status, _ = watchfire.ask(path + "/actions", {"step": "arrived"}, Idempotency_Key="k-1")
        expect(status == 202, "the step is taken")
    order = dispatcher.wait_for("arrived", lambda order: order["state"] == "arrived")
    status, _ = watchfire.ask(path + "/actions", {"step": "finding", "finding": "confirmed", "action": "rescued",
                                                  "people": 1, "injured": 0, "cause": "door"}, Idempotency_Key="k-2")
    order = dispatcher.wait_for("closed", lambda order: order["state"] == "closed")
    expect([step["step"] for step in order["history"]].count("arrived") == 1, "sent twice, it acts once")
    expect(watchfire.status_of(path[:-2] + "/order") == 403, "a bent link opens nothing")
    print(f"through a link: {order['history'][-1]['why']['en']}")


def what_is_not_offered(watchfire):
    """Doors are not topics to read; a cursor is one that was given."""
    expect(watchfire.status_of("v1/topics/hotline.complaints?wait=no") == 404, "what people said is not handed out")
    expect(watchfire.status_of("v1/topics/city.events?wait=no") == 404, "nor what the engine reads")
    for wrong in ("yesterday", "1.2.3", "-1", "1x"):
        expect(watchfire.status_of(f"v1/topics/rejected?from={wrong}&wait=no") == 400, f"no cursor: {wrong}")
    expect(watchfire.status_of("v1/topics/matters?wait=no") == 200, "an empty topic is empty")
    later = urllib.parse.quote(now(-3600))
    orders = f"{watchfire.address}v1/topics/dispatch.orders?wait=no&from="
    _, said, headers = outside.ask(orders + later)
    expect(said == b"", "nothing was recorded in the future")
    cursor = headers["Next-Cursor"]
    _, said, headers = outside.ask(orders + cursor)
    expect(said == b"" and headers["Next-Cursor"] == cursor, "a cursor stays at the end")


def main():
    with tempfile.TemporaryDirectory() as data:
        brokers = ["--brokers", BROKERS] if BROKERS else []
        if BROKERS:
            subprocess.run([PROGRAM, "topics", "create", *brokers], check=True, stdout=subprocess.DEVNULL)
        city = subprocess.Popen([PROGRAM, "run", "--data", data, "--http", "127.0.0.1:0", *brokers],
                                stdout=subprocess.PIPE, text=True)
        atexit.register(city.kill)
        page = next(line for line in city.stdout if line.startswith("page: "))
        watchfire = Watchfire(page.split()[-1])
        a_rescue(watchfire)
        through_a_phones_link(watchfire)
        what_is_not_offered(watchfire)
        city.send_signal(signal.SIGINT)
        city.communicate(timeout=DEADLINE)
        expect(city.returncode == 0, "the city ends well")
    print("foreign_dispatch: all as expected")


main()
