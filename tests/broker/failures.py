#!/usr/bin/env python3
"""What a wrong configuration is told: one sentence on standard error that says what to do, and exit
code 2; nothing is made or changed by it. Beside a broker that run.sh has started:

  tests/broker/run.sh tests/broker/failures.py build/release/watchfire
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(sys.argv[1])
BROKERS = os.environ["WATCHFIRE_BROKERS"]
SASL = subprocess.run([os.path.join(HERE, "broker.sh"), "sasl",
                       os.environ["WATCHFIRE_BROKER_DIRECTORY"]],
                      check=True, capture_output=True, text=True).stdout.strip()
failed = 0


def tell(name, arguments, expected, code=2, environment=None):
    """Runs the program; `expected`: pieces of the one sentence."""
    global failed
    try:
        ended = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60,
                               env={**os.environ, **(environment or {})})
    except subprocess.TimeoutExpired:
        print(f"{name}: FAILED, it did not end")
        failed += 1
        return
    sentences = [line for line in ended.stderr.splitlines() if line.startswith("watchfire: ")]
    good = (ended.returncode == code and len(sentences) == (1 if code else 0)
            and all(piece in ended.stderr + ended.stdout for piece in expected))
    print(f"{name}: {'ok' if good else 'FAILED'} (exit {ended.returncode}): "
          f"{' '.join(sentences) or ended.stdout.strip()[-120:]}")
    failed += not good


with tempfile.TemporaryDirectory() as scratch:
    def at(name):
        return os.path.join(scratch, name)

    def config(name, text):
        with open(at(name), "w") as file:
            file.write(text)
        return at(name)

    run = ["run", "--data", at("data"), "--brokers"]
    login = "security.protocol=SASL_PLAINTEXT\nsasl.mechanisms=PLAIN\nsasl.username=watchfire\n"
    tell("wrong broker", [*run, "127.0.0.1:1"], ["no Kafka broker answers at 127.0.0.1:1"])
    tell("missing topic", [*run, BROKERS, "--prefix", "nowhere."],
         ["no topic nowhere.city.events", "topics create"])
    tell("topics made", ["topics", "create", "--brokers", BROKERS, "--prefix", "f."],
         ["made f.city.events"], code=0)
    tell("topics made again", ["topics", "create", "--brokers", BROKERS, "--prefix", "f."],
         ["all topics are as planned"], code=0)
    tell("wrong partition count", [*run, BROKERS, "--prefix", "f.", "--partitions", "8"],
         ["f.city.events has 4 partitions, planned are 8"])
    tell("login wanted, none given", [*run, SASL, "--prefix", "f."], ["no Kafka broker answers"])
    wrong = config("wrong", login + "sasl.password=guessed\n")
    tell("bad credentials", [*run, SASL, "--prefix", "f.", "--kafka-config", wrong],
         ["refuses the credentials", "--kafka-config"])
    tell("good credentials", ["topics", "create", "--brokers", SASL, "--prefix", "f.",
                              "--kafka-config", config("right", login)],
         ["all topics are as planned"], code=0,
         environment={"WATCHFIRE_KAFKA_SASL_PASSWORD": "secret"})
    tell("unknown setting", [*run, BROKERS, "--kafka-config", config("typo", "sasl.pasword=x\n")],
         ["sasl.pasword is refused"])
    tell("a setting of ours", [*run, BROKERS, "--kafka-config", config("ours", "acks=0\n")],
         ["line 1 sets acks"])
    tell("no such file", [*run, BROKERS, "--kafka-config", at("none")], ["can't read"])
    tell("not name=value", [*run, BROKERS, "--kafka-config", config("words", "hello\n")],
         ["line 1 is not name=value"])
print("all as expected" if not failed else f"{failed} failed")
sys.exit(failed > 0)
