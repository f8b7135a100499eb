#!/usr/bin/env python3
"""Who may say what, tried from outside on a running city.

    tests/who_may.py build/release/watchfire

Programs with tokens of their own: each does what tokens.yaml lets it, and is told what it lacks where
it tries another's. Nobody closes a rescue as an officer for whom nothing vouches. A link is taken
back. What a city keeps is for its owner's eyes, and a complainant's number is found nowhere.
"""
import atexit
import json
import os
import re
import signal
import subprocess
import tempfile

import outside
from outside import DEADLINE, PROGRAM, expect, now, wait_for

LIFT = "elevator/31010500012345"
FEEDBACK = "city.field.feedback.v1"
PHONE = "13816273645"


class Tokens:
    """tokens.yaml, as `watchfire token new` writes its entries."""

    def __init__(self, path):
        self.path = path
        self.entries = {}
        self.secrets = {}

    def add(self, key, *options, name=None):
        said = subprocess.run([PROGRAM, "token", "new", "--name", name or key, *options], check=True,
                              capture_output=True, text=True).stdout
        secret = re.search(r"Bearer ([0-9a-f]{64})", said)[1]
        entry = said[said.index("  - name:"):]
        expect(secret not in entry, "the entry has the hash alone")
        self.entries[key], self.secrets[key] = entry, secret

    def write(self):
        with open(os.open(self.path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("tokens:\n" + "".join(self.entries.values()))
        os.rename(self.path + ".new", self.path)


class City:
    def __init__(self, address, tokens):
        self.address = address
        self.tokens = tokens
        self.sent = 0
        self.read = {}

    def ask(self, who, path, body=None, kind="application/json", **headers):
        if who:
            headers["Authorization"] = "Bearer " + self.tokens.secrets[who]
        status, said, headers = outside.ask(self.address + path, body, kind, **headers)
        return status, said.decode(), headers

    def event(self, kind, subject, data, ago=0, **more):
        self.sent += 1
        return {"specversion": "1.0", "id": f"w-{self.sent}", "source": "/who", "type": kind, "subject": subject,
                "time": now(ago), "data": data, **more}

    def send(self, who, kind, subject, data, ago=0, **more):
        """Status, what was said, and the event's id."""
        event = self.event(kind, subject, data, ago, **more)
        status, said, _ = self.ask(who, "v1/events", event, "application/cloudevents+json")
        return status, said, event["id"]

    def records(self, topic, who="reader"):
        """All so far."""
        cursor, all_read = self.read.get(topic, ("start", []))
        status, said, headers = self.ask(who, f"v1/topics/{topic}?from={cursor}&wait=no")
        expect(status == 200, f"{topic}: {said}")
        all_read += [json.loads(line) for line in said.splitlines()]
        self.read[topic] = (headers["Next-Cursor"], all_read)
        return all_read

    def order(self, state):
        found = [r["data"] for r in self.records("dispatch.orders") if r["data"]["entity"] == LIFT]
        return found and found[-1]["state"] == state and found[-1]

    def refusal(self, cause):
        return wait_for(lambda: [r["data"] for r in self.records("rejected") if r.get("causationid") == cause],
                        f"{cause} is answered on `rejected`")[0]


def start(data, *options):
    city = subprocess.Popen([PROGRAM, "run", "--data", data, "--http", "127.0.0.1:0", *options],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    atexit.register(city.kill)
    return city


def loose_files_are_refused(tokens, data):
    os.chmod(tokens.path, 0o640)
    city = start(data, "--tokens", tokens.path)
    said = city.communicate(timeout=DEADLINE)[1]
    expect(city.returncode == 2 and f"chmod 600 {tokens.path}" in said, f"a loose file is refused: {said}")
    os.chmod(tokens.path, 0o600)


def each_does_what_it_may(city):
    expect(city.ask(None, "v1/topics/warnings?wait=no")[0] == 401, "no token")
    expect(city.ask("gateway", "v1/topics/warnings?wait=no")[0] == 403, "a gateway reads nothing")
    registration = {"record": "registration", "action": "registered", "useUnit": "duty-room",
                    "maintenanceUnit": "fast-lift", "district": "310105"}
    expect(city.send("hotline", "city.permit.changed.v1", LIFT, registration)[0] == 403, "a hotline registers nobody")
    expect(city.send("gateway", "city.permit.changed.v1", LIFT, registration, ago=60)[0] == 202, "a gateway does")
    call = {"channel": "12345", "kind": "help", "category": "elevator", "text": "电梯困人，求助", "about": LIFT,
            "complainant": PHONE, "district": "310105"}
    expect(city.send("hotline", "city.complaint.filed.v1", "complaint/c-1", call)[0] == 202, "a hotline's call")
    status, said, _ = city.send("hotline", "city.complaint.filed.v1", "complaint/c-2", {**call, "complainant": 138})
    expect(status == 400 and "complainant" in said, f"a wrong type is refused at the door: {said}")
    status, said, _ = city.send("hotline", "city.complaint.filed.v1", "complaint/c-3", {**call, "district": "310106"})
    expect(status == 403 and "310106" in said, f"another district's: {said}")
    order = wait_for(lambda: city.order("dispatched"), "a rescue")
    expect(any(step["step"] == "newly_registered" for step in order["history"]), "who named the rescuer is told")
    return order


def nobody_speaks_for_another(city, order):
    step = {"order": order["id"], "step": "arrived"}
    for by in ("leader/nobody", "checker/1", "seat/3", "party/x", "unit/other"):
        status, said, _ = city.send("dispatch", FEEDBACK, LIFT, {**step, "by": by})
        expect(status == 403 and "token 'dispatch' lacks this right" in said, f"{by}: {status} {said}")
    status, said, cause = city.send("stranger", FEEDBACK, LIFT, {**step, "by": "officer/ghost"})
    expect(status == 202, said)
    expect(city.refusal(cause)["reason"]["code"] == "by.unvouched", "a ghost changes nothing")
    status, said, _ = city.send("stranger", FEEDBACK, LIFT, {**step, "by": "officer/ghost"},
                                vouchedunits="unit/fast-lift")
    expect(status == 403, f"nor does one who vouches for another's unit: {said}")
    _, _, cause = city.send("stranger", FEEDBACK, LIFT, {**step, "by": "unit/other"})
    expect(city.refusal(cause)["reason"]["code"] == "by.not_called", "nor a unit that was not called")
    batch = [city.event(FEEDBACK, LIFT, {**step, "by": by}) for by in ("unit/other", "officer/SH-1")]
    status, said, _ = city.ask("dispatch", "v1/events", batch, "application/cloudevents-batch+json")
    expect(status == 202 and '"accepted":1,"rejected":[{"index":0' in said, f"in a batch each for itself: {said}")
    wait_for(lambda: city.order("arrived"), "an officer of the company is there")


def an_id_is_used_once(city, order):
    step = {"order": order["id"], "step": "en_route", "by": "unit/fast-lift"}
    event = city.event(FEEDBACK, LIFT, step)
    for data in (step, step, {**step, "note": "其他内容"}):
        status, said, _ = city.ask("dispatch", "v1/events", {**event, "data": data}, "application/cloudevents+json")
        expect(status == 202, said)
    refused = city.refusal(event["id"])
    expect(refused["reason"]["code"] == "id.reused" and refused["target"] == event["id"], refused)


def a_link_is_taken_back(city, order):
    wanted = {"order": order["id"], "unit": "unit/fast-lift"}
    expect(city.ask("dispatch", "api/links", wanted, X_Seat="seat/3")[0] == 403, "a dispatch system gives no links")
    made = json.loads(wait_for(lambda: (said := city.ask("desk", "api/links", wanted, X_Seat="seat/3"))[0] == 201
                               and said[1], "the board has the order"))
    path = made["path"].lstrip("/")
    status, _, headers = city.ask(None, path + "/order")
    expect(status == 200 and headers["Cache-Control"] == "no-store", "it opens, and stays in no cache")
    expect(city.ask("desk", "api/links/revoke", wanted, X_Seat="seat/3")[0] == 202, "taken back")
    ended = wait_for(lambda: (said := city.ask(None, path + "/order"))[0] == 410 and said[1], "it ends")
    expect("link.revoked" in ended, ended)
    expect(city.ask(None, path + "/actions", {"step": "arrived"}, Idempotency_Key="k")[0] == 410, "for steps, too")
    again = wait_for(lambda: (said := city.ask("desk", "api/links", wanted, X_Seat="seat/3"))[0] == 201 and said[1],
                     "a new one is given")
    expect(city.ask(None, json.loads(again)["path"].lstrip("/") + "/order")[0] == 200, "and opens")
    steps = wait_for(lambda: (order := city.order("arrived")) and
                     [step["step"] for step in order["history"]].count("link_given") == 2 and order, "on the order")
    expect(steps["revokedLinks"][0]["unit"] == "unit/fast-lift", "who took it back stands there")


def an_officer_closes_it(city, order):
    rescued = {"order": order["id"], "step": "finding", "finding": "confirmed", "action": "rescued", "people": 1,
               "injured": 0, "cause": "door"}
    _, _, cause = city.send("stranger", FEEDBACK, LIFT, {**rescued, "by": "officer/SH-1"})
    expect(city.refusal(cause)["reason"]["code"] == "by.unvouched", "not through another's token")
    city.send("dispatch", FEEDBACK, LIFT, {**rescued, "by": "officer/SH-1"})
    wait_for(lambda: city.order("closed"), "closed")


def rotation_has_no_gap(city, tokens):
    old = tokens.secrets["dispatch"]
    tokens.add("next", "--routes", "/v1/events", name="dispatch")
    tokens.write()
    probe = lambda who: city.ask(who, "v1/events", {}, "application/cloudevents+json")[0]
    wait_for(lambda: probe("next") == 400, "a new secret is known while the city runs")
    expect(probe("dispatch") == 400, "beside the old one")
    del tokens.entries["dispatch"]
    tokens.write()
    wait_for(lambda: probe("dispatch") == 401, "until that is taken out")
    with open(tokens.path, "a") as file:
        file.write("nonsense: true\n")
    expect(probe("next") == 400 and tokens.secrets["dispatch"] == old, "a broken list changes nothing")


def kept_for_its_owner(data):
    for folder, _, files in os.walk(data):
        expect(os.stat(folder).st_mode & 0o077 == 0, f"{folder} is its owner's")
        for name in files:
            path = os.path.join(folder, name)
            expect(os.lstat(path).st_mode & 0o077 == 0, f"{path} is its owner's")


def no_number_is_kept(data):
    for topic in ("hotline.complaints", "complaints", "warnings", "dispatch.orders", "city.events"):
        said = subprocess.run([PROGRAM, "tail", topic, "--data", data], capture_output=True, text=True)
        expect(PHONE not in said.stdout, f"a number in {topic}")
        expect(topic != "hotline.complaints" or '"complainant":"h:' in said.stdout, "a hash stands for it")


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        data = os.path.join(directory, "data")
        os.mkdir(data, 0o755)
        tokens = Tokens(os.path.join(directory, "tokens.yaml"))
        tokens.add("gateway", "--routes", "/v1/events", "--types", "city.permit.changed.v1", "--subjects", "elevator/*")
        tokens.add("hotline", "--routes", "/v1/events", "--types", "city.complaint.filed.v1", "--subjects",
                   "complaint/*", "--district", "310105")
        for name, unit in (("dispatch", "unit/fast-lift"), ("stranger", "unit/other")):
            tokens.add(name, "--routes", "/v1/events", "--types", FEEDBACK, "--subjects", "*", "--by", "unit,officer",
                       "--units", unit)
        tokens.entries["dispatch"] = tokens.entries["dispatch"].replace("/v1/events\"", "/v1/events\", \"/api/links\"")
        tokens.add("desk", "--routes", "/api/*", "--by", "seat")
        tokens.add("reader", "--routes", "/v1/topics/*")
        tokens.write()
        loose_files_are_refused(tokens, data)
        process = start(data, "--tokens", tokens.path)
        page = next(line for line in process.stdout if line.startswith("page: "))
        city = City(page.split()[-1], tokens)
        order = each_does_what_it_may(city)
        nobody_speaks_for_another(city, order)
        an_id_is_used_once(city, order)
        a_link_is_taken_back(city, order)
        an_officer_closes_it(city, order)
        rotation_has_no_gap(city, tokens)
        kept_for_its_owner(data)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=DEADLINE)[1]
        expect(process.returncode == 0, "the city ends well")
        expect(PHONE not in said and not any(secret in said for secret in tokens.secrets.values()), "nothing in the log")
        no_number_is_kept(data)
        nobody = start(data)
        said = next(line for line in nobody.stderr if "no token" in line)
        expect("may say everything" in said, said)
        nobody.kill()
    print("who_may: all as expected")


main()
