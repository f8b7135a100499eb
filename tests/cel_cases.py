#!/usr/bin/env python3
"""cel_cases.py CASES.jsonl [PROGRAM]: how many of the conformance cases `rules eval` answers rightly.

Exit code 1 below --at-least.
"""
import argparse
import json
import subprocess


def same(want, got):
    if want.get("error"):
        return "error" in got
    if want.get("type") != got.get("type"):
        return False
    kind, a, b = want["type"], want.get("value"), got.get("value")
    if kind == "double":
        a, b = float(a), float(b)
        return a == b or (a != a and b != b)
    if kind == "list":
        return len(a) == len(b) and all(map(same, a, b))
    if kind == "map":
        return len(a) == len(b) and all(
            any(same(k, k2) and same(v, v2) for k2, v2 in b) for k, v in a)
    return a == b if not isinstance(want.get("seconds"), int) else want == got


cli = argparse.ArgumentParser()
cli.add_argument("cases")
cli.add_argument("program", nargs="?", default="build/release/watchfire")
cli.add_argument("--at-least", type=int, default=505)
options = cli.parse_args()
lines = open(options.cases, encoding="utf-8").read().splitlines()
answers = subprocess.run([options.program, "rules", "eval"], input="\n".join(lines) + "\n",
                         capture_output=True, text=True, check=True).stdout.splitlines()
cases = [json.loads(line) for line in lines]
wrong = [c["id"] for c, a in zip(cases, answers) if not same(c["want"], json.loads(a))]
print(f"{len(cases) - len(wrong)} of {len(cases)}; {len(answers)} answers")
for name in wrong:
    print("wrong:", name)
raise SystemExit(len(cases) - len(wrong) < options.at_least)
