#!/usr/bin/env python3
"""A rule pack becomes active in a city that runs on Kafka, in all of its processes, without a stop.

    tests/broker/run.sh tests/broker/activation.py build/release/watchfire

Two processes share a city. A pack that is new to it is activated: every entity's next event is
judged by it, whichever process has its task, and the doors tell ahead by it. The same once more
changes nothing; a wrong pack is refused with its line; a process that was killed comes back with
what is active, whatever its files say; changed city files are brought in by one command.
"""
import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(sys.argv[1])
BROKERS = os.environ["WATCHFIRE_BROKERS"]
CITY = os.path.join(HERE, "..", "..", "deploy", "city", "shanghai")
KAFKA = ["--brokers", BROKERS, "--prefix", "activation."]
DEADLINE = 60  # seconds after which something that must come has not
ELEVATORS = [f"elevator/3101050001{number:04}" for number in range(16)]  # in all four tasks

PACK = """pack: heavy
about: "test"
rules:
  - rule: heavy.load
    title: {{zh: 超载, en: Overloaded}}
    on: elevator.telemetry
    when: data.loadKg > {limit}
    clear: data.loadKg < 100
    consequence: life
    order: {{item: elevator.rescue, accept: 5m, arrive: 30m}}
    source: "test"
"""


def expect(true, what):
    if not true:
        sys.exit(f"FAILED: {what}")


def command(*arguments, code=0):
    ended = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=DEADLINE)
    expect(ended.returncode == code, f"{arguments} ends with {code}, not {ended.returncode}: {ended.stderr}")
    return ended.stdout + ended.stderr


class Process:
    """One of the city's, with the page that it serves."""

    def __init__(self, instance, data, city=CITY):
        self.process = subprocess.Popen(
            [PROGRAM, "run", "--data", os.path.join(data, instance), "--instance", instance, "--city", city,
             "--http", "127.0.0.1:0", "--session-ms", "6000", *KAFKA],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        page = next(line for line in self.process.stdout if line.startswith("page: "))
        self.address = page.split()[-1]

    def kill(self):
        """What it had said until then."""
        self.process.send_signal(signal.SIGKILL)
        return self.process.communicate(timeout=DEADLINE)[1]

    def send(self, event_id, elevator, load):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        event = {"specversion": "1.0", "id": event_id, "source": "/test", "subject": elevator, "time": now,
                 "type": "city.elevator.telemetry.v1", "data": {"loadKg": load, "mode": "normal"}}
        request = urllib.request.Request(self.address + "v1/events", json.dumps(event).encode(),
                                         {"Content-Type": "application/cloudevents+json"})
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            expect(answer.status == 202, f"{event} is taken")

    def of_topic(self, topic):
        events, cursor = [], "start"
        while True:
            url = f"{self.address}v1/topics/{topic}?from={cursor}&wait=no"
            with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
                lines = answer.read().splitlines()
                cursor = answer.headers["Next-Cursor"]
            if not lines:
                return events
            events += [json.loads(line) for line in lines]

    def judged(self, topic, version):
        """The elevators of which the topic has a warning by this version."""
        return {event["subject"] for event in self.of_topic(topic) if event["data"]["ruleVersion"] == version}


def wait_until(all_of, elevators, what):
    begun = time.monotonic()
    while not all_of() >= set(elevators):
        expect(time.monotonic() - begun < DEADLINE, f"{what}: {len(all_of())} of {len(elevators)}")
        time.sleep(0.2)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        def pack(limit):
            with open(os.path.join(scratch, "heavy.yaml"), "w") as file:
                file.write(PACK.format(limit=limit))
            return os.path.join(scratch, "heavy.yaml")

        command("topics", "create", *KAFKA)
        expect("no city has run there yet" in command("rules", "activate", pack(900), *KAFKA, code=2),
               "nothing is activated where no city is")
        first, second = Process("1", scratch), Process("2", scratch)
        for elevator in ELEVATORS:
            first.send("before-" + elevator, elevator, 950)

        said = command("rules", "activate", pack(900), *KAFKA)
        version = said.split()[0]
        expect(version.startswith("heavy@") and "rule heavy.load: new" in said, said)
        expect("active already" in command("rules", "activate", pack(900), *KAFKA), "once is enough")
        # The doors follow within two seconds; the tasks have it before whatever comes later.
        time.sleep(4)
        for elevator in ELEVATORS:
            first.send("after-" + elevator, elevator, 950)
        wait_until(lambda: first.judged("warnings", version), ELEVATORS, "warnings by the new pack")
        wait_until(lambda: first.judged("warnings.urgent", version), ELEVATORS, "notices by the new pack")
        since = [event["data"]["evidence"][0]["id"] for event in first.of_topic("warnings")
                 if event["data"]["ruleVersion"] == version]
        expect(all(one.startswith("after-") for one in since), "what was before is not judged by it")

        wrong = pack(900)
        with open(wrong, "a") as file:
            file.write("    wehn: data.loadKg > 1\n")
        expect("heavy.yaml:12" in command("rules", "activate", wrong, *KAFKA, code=2), "a wrong pack is refused")

        # Its files have no such pack: the city's are active all the same. Another limit, while it is away.
        log = second.kill()
        expect("active in another version" not in log, log)
        version = command("rules", "activate", pack(500), *KAFKA).split()[0]
        city = os.path.join(scratch, "changed", "shanghai")  # the same city: its folder is its name
        shutil.copytree(CITY, city)
        with open(os.path.join(city, "duty.yaml"), "a") as file:
            file.write("# changed\n")
        second = Process("2", scratch, city)
        others = [elevator + "9" for elevator in ELEVATORS]  # without a warning yet
        for elevator in others:
            second.send("medium-" + elevator, elevator, 600)
        wait_until(lambda: second.judged("warnings", version), others, "warnings by the next version")
        said = command("rules", "activate", "--city", city, *KAFKA)
        expect(said.startswith("duty@") and said.count("\n") == 1, f"the changed list alone: {said}")
        expect("nothing changes" in command("rules", "activate", "--city", city, *KAFKA), "and then no more")
        expect("duty is active in another version" in second.kill(), "a process says that its files differ")
        first.kill()
    print("activation: all as expected")


main()
