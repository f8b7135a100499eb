#!/usr/bin/env python3
"""Others' programs speak with a city on Kafka: the official CloudEvents SDK produces complaints in
binary and in structured mode, Apache Kafka's console consumer and kcat read what comes of them
(read_committed), and the SDK reads the outputs back. Needs the Python packages cloudevents and
confluent-kafka, and Debian's kcat:

  python3 -m venv VENV && VENV/bin/pip install cloudevents confluent-kafka
  tests/broker/run.sh VENV/bin/python tests/broker/interop.py build/release/watchfire
"""
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time

from cloudevents.core.bindings import kafka as binding
from cloudevents.core.v1.event import CloudEvent
from confluent_kafka import Producer

HERE = os.path.dirname(os.path.abspath(__file__))
BROKERS = os.environ["WATCHFIRE_BROKERS"]
PROGRAM = os.path.abspath(sys.argv[1])
CONSOLE = [os.path.join(HERE, "broker.sh"), "tool",
           "org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", BROKERS,
           "--from-beginning", "--isolation-level", "read_committed"]


def complaint(number):
    return CloudEvent(
        {"id": f"sdk-{number}", "source": "/sdk", "type": "city.complaint.filed.v1",
         "specversion": "1.0", "subject": f"complaint/sdk-{number}",
         "time": datetime.datetime.now(datetime.timezone.utc),
         "datacontenttype": "application/json"},
        {"channel": "12345", "kind": "help", "text": "电梯困人，求助", "category": "elevator",
         "about": f"elevator/sdk-{number}", "district": "310105"})


def console(topic, count):
    ended = subprocess.run([*CONSOLE, "--topic", topic, "--max-messages", str(count),
                            "--timeout-ms", "20000"], capture_output=True, text=True)
    return [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]


def check(name, good):
    print(f"{name}: {'ok' if good else 'FAILED'}")
    return good


subprocess.run([PROGRAM, "topics", "create", "--brokers", BROKERS], check=True,
               stdout=subprocess.DEVNULL)
with tempfile.TemporaryDirectory() as data:
    city = subprocess.Popen([PROGRAM, "run", "--brokers", BROKERS, "--data", data],
                            stderr=subprocess.DEVNULL)
    try:
        producer = Producer({"bootstrap.servers": BROKERS})
        for number, convert in ((1, binding.to_binary_event), (2, binding.to_structured_event)):
            message = convert(complaint(number))
            producer.produce("hotline.complaints", value=message.value,
                             key=f"complaint/sdk-{number}", headers=list(message.headers.items()))
        producer.flush(10)
        warnings = console("warnings", 2)
        orders = console("dispatch.orders", 2)
        time.sleep(1)
        kcat = subprocess.run(["kcat", "-b", BROKERS, "-C", "-t", "warnings", "-e", "-q", "-J",
                               "-X", "isolation.level=read_committed"],
                              capture_output=True, text=True)
        records = [json.loads(line) for line in kcat.stdout.splitlines()]
        good = [
            check("binary mode became a warning",
                  any(w["subject"] == "elevator/sdk-1" for w in warnings)),
            check("structured mode became a warning",
                  any(w["subject"] == "elevator/sdk-2" for w in warnings)),
            check("the console consumer reads two P1 orders",
                  sorted(o["subject"] for o in orders if o["data"]["priority"] == "P1")
                  == ["elevator/sdk-1", "elevator/sdk-2"]),
            check("kcat reads keys and content types", len(records) >= 2 and all(
                r["key"] == json.loads(r["payload"])["subject"]
                and any("cloudevents+json" in str(h) for h in r["headers"]) for r in records)),
        ]
        read = binding.from_structured_event(binding.KafkaMessage(
            headers=dict(zip(records[0]["headers"][::2],
                             (h.encode() for h in records[0]["headers"][1::2]))),
            key=records[0]["key"], value=records[0]["payload"].encode()))
        good.append(check("the SDK reads an output", read.get_type() == "city.warning.v1"))
    finally:
        city.terminate()
        city.wait(30)
sys.exit(not all(good))
