#!/usr/bin/env python3
"""Validates every record of a finished day against deploy/asyncapi.json.

topics_document.py DATA [--program WATCHFIRE] [--plant]

The document has to be what the program itself describes; each topic of the day has to be in it, and
each of its records has to be valid by the JSON Schema of its type. `--plant`: spoil one record of
each type in four ways; each must be noticed. `--update` writes the document anew.
"""
import argparse
import copy
import json
import pathlib
import subprocess
import sys

import jsonschema

DOCUMENT = pathlib.Path(__file__).resolve().parents[1] / "deploy/asyncapi.json"
INPUTS = {"elevator.telemetry", "camera.alerts", "permit.changes", "hotline.complaints",
          "field.feedback"}
PER_TOPIC = 3000  # records that are validated of each topic: the first and the last


def output_of(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True,
                          encoding="utf-8", errors="replace").stdout


def read(line):
    """What a door took and nobody can read is there as it came, and in dead.letters with a reason."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def validators(document):
    """By topic and type."""
    found = {}
    for topic, channel in document["channels"].items():
        for type_ in channel["messages"]:
            payload = {"$ref": f"#/components/messages/{type_}/payload",
                       "components": document["components"]}
            jsonschema.Draft202012Validator.check_schema(payload)
            found[topic, type_] = jsonschema.Draft202012Validator(
                payload, format_checker=jsonschema.FormatChecker())
    return found


def spoiled(record, strict):
    """What no receiver should have to expect, and what it is."""
    def changed(change):
        copied = copy.deepcopy(record)
        change(copied)
        return copied
    yield "without a subject", changed(lambda event: event.pop("subject"))
    yield "of another type", changed(lambda event: event.update(type="city.other.v1"))
    if strict:
        name = next(iter(record["data"]))
        yield f"without data.{name}", changed(lambda event: event["data"].pop(name))
        yield "with a field more", changed(lambda event: event["data"].update(surprise=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("data", nargs="?")
    parser.add_argument("--program", default="build/release/watchfire")
    parser.add_argument("--plant", action="store_true")
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    described = json.loads(output_of(arguments.program, "describe", "--asyncapi"))
    if arguments.update:
        DOCUMENT.write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n",
                            encoding="utf-8")
        return 0
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    if document != described:
        print(f"{DOCUMENT.name} is not what the program describes: topics_document.py --update")
        return 1
    valid = validators(document)
    wrong, counted, planted, unreadable = [], {}, 0, 0
    topics = [line.split()[0]
              for line in output_of(arguments.program, "topics", "--data",
                                    arguments.data).splitlines() if line.strip()]
    for topic in topics:
        if topic not in document["channels"]:
            continue
        lines = output_of(arguments.program, "tail", topic, "--data", arguments.data,
                          "--from", "start").splitlines()
        if len(lines) > PER_TOPIC:
            lines = lines[:PER_TOPIC // 2] + lines[-PER_TOPIC // 2:]
        for line in lines:
            event = read(line)
            if event is None and topic in INPUTS:
                unreadable += 1
                continue
            if event is None:
                wrong.append(f"{topic}: {line[:100]} is no JSON")
                continue
            validator = valid.get((topic, event.get("type")))
            if validator is None:
                wrong.append(f"{topic}: type {event.get('type')} is not described")
                continue
            first = (topic, event["type"]) not in counted
            counted[topic, event["type"]] = counted.get((topic, event["type"]), 0) + 1
            for error in list(validator.iter_errors(event))[:1]:
                wrong.append(f"{topic}: {event['id']}: {error.json_path}: {error.message[:200]}")
            if first and arguments.plant:
                for what, bad in spoiled(event, strict=topic not in INPUTS | {"dead.letters"}):
                    planted += 1
                    if validator.is_valid(bad):
                        wrong.append(f"{topic}: a record {what} is taken for valid")
    for one in wrong[:20]:
        print(one)
    unseen = [topic for topic in document["channels"]
              if topic not in {seen for seen, _ in counted}]
    print(f"{sum(counted.values())} records of {len(counted)} types valid, "
          f"{planted} spoiled ones noticed, {unreadable} unreadable left aside; without a record this day: {', '.join(unseen) or 'none'}"
          if not wrong else f"{len(wrong)} faults")
    return 1 if wrong or len(counted) < 8 else 0


if __name__ == "__main__":
    sys.exit(main())
