#!/usr/bin/env python3
"""Exactly once, shown: the ledger city under faults on a real broker, then an independent check.

Two to three workers share the city while a load is written. By a schedule that follows from the
seed, workers are killed (some restart at once, some so late that others take over, some with an
empty disk), the broker is stopped or killed and restarted, workers are frozen past their session and
wake as zombies, workers come and go, a transactional id is stolen. When the load has ended and the
group has caught up, ledger_check.py reads every topic and says what is lost, doubled or out of
order. Exit code 0: nothing, and no transaction is left open. With --planted-bug: 0 when the check
notices it.

  tests/broker/exactly_once.py --minutes 1.2 --self-test        (the suite's)
  tests/broker/exactly_once.py --minutes 30 --kills 100 --broker-restarts 10 --zombies 10 \\
      --membership 20 --workers 3 --self-test                   (the long one)
"""
import argparse
import heapq
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ledger_check  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
BROKER = os.path.join(HERE, "broker.sh")
PREFIX, GROUP, PARTITIONS = "ledger.", "ledger", 4
CATCH_UP = 180  # seconds after the load's end
ATTEMPTS = 3    # of a run that the broker itself makes void


class Process:
    """One place in the group: a worker that is started again whenever it ends."""

    def __init__(self, run, instance):
        self.run, self.instance = run, instance
        self.data = os.path.join(run.work, f"data-{instance}")
        self.log = open(os.path.join(run.work, f"worker-{instance}.log"), "ab")
        self.child, self.wanted, self.frozen, self.gave_up = None, False, False, 0

    def start(self):
        self.wanted = True
        if self.child is not None:
            return
        options = self.run.options
        command = [*self.run.worker, "--instance", self.instance, "--data", self.data,
                   "--commit-ms", str(options.commit_ms), "--session-ms", str(options.session_ms)]
        if options.planted_bug:
            command += ["--planted-bug", options.planted_bug]
        self.child = subprocess.Popen(command, stdout=self.log, stderr=self.log)

    def kill(self):
        self.child.kill()
        self.child.wait()
        self.child, self.wanted, self.frozen = None, False, False

    def stop(self):
        """Asks it to end in order; the exit code."""
        self.wanted = False
        if self.child is None:
            return 0
        self.child.terminate()
        try:
            code = self.child.wait(60)
        except subprocess.TimeoutExpired:
            self.run.say(f"worker {self.instance} did not end in 60 s")
            self.run.faults_of_ours += 1
            self.child.kill()
            code = self.child.wait()
        self.child = None
        return code

    def look_after(self):
        if self.child is None or self.child.poll() is None:
            return
        code, self.child = self.child.returncode, None
        if not self.wanted and code == 0:
            return self.run.say(f"worker {self.instance} has left")
        self.gave_up += 1
        self.run.say(f"worker {self.instance} gave up (exit code {code}), starting it again")
        if code != 3:  # what it can't mend is 3; a signal is a crash of its own
            self.run.faults_of_ours += 1
        if self.wanted:
            self.start()

    def signal(self, number):
        self.child.send_signal(number)


class Run:
    def __init__(self, options):
        self.options = options
        self.dice = random.Random(options.seed)
        self.work = tempfile.mkdtemp(prefix="exactly-once-", dir=options.dir)
        self.broker = os.path.join(self.work, "broker")
        self.began = time.monotonic()
        self.faults_of_ours = 0  # crashes, workers that hang
        self.void = []  # lines of the broker's log
        self.queue, self.numbers = [], itertools.count()
        self.restarting = None
        self.done = dict.fromkeys(["kill", "broker", "zombie", "member", "steal"], 0)
        self.workers = {}

    def say(self, text):
        print(f"{time.monotonic() - self.began:7.1f} s  {text}", flush=True)

    def later(self, seconds, action):
        heapq.heappush(self.queue, (time.monotonic() + seconds, next(self.numbers), action))

    # ---- what is there

    def open(self):
        options = self.options
        self.brokers = subprocess.run([BROKER, "start", self.broker], check=True,
                                      capture_output=True, text=True).stdout.strip()
        self.say(f"seed {options.seed}, broker {self.brokers}, files in {self.work}")
        self.worker = [os.path.join(options.build, "toy_worker"), "--brokers", self.brokers,
                       "--prefix", PREFIX, "--app", GROUP, "--partitions", str(PARTITIONS)]
        subprocess.run([*self.worker, "--make-topics"], check=True, stdout=subprocess.DEVNULL)
        start = int(time.time()) * 1000
        self.load_command = [os.path.join(options.build, "toy_load"), "--brokers", self.brokers,
                             "--prefix", PREFIX, "--partitions", str(PARTITIONS), "--seconds",
                             str(round(options.minutes * 60)), "--rate", str(options.rate),
                             "--accounts", str(options.accounts), "--seed", str(options.seed),
                             "--start", str(start)]
        for i in range(options.workers):
            self.workers[str(i)] = Process(self, str(i))
            self.workers[str(i)].start()
        self.load = subprocess.Popen(self.load_command)

    def close(self, keep):
        for worker in self.workers.values():
            if worker.child is not None:
                worker.kill()
        if self.load.poll() is None:
            self.load.kill()
        if self.restarting is not None:
            self.restarting.wait()
        subprocess.run([BROKER, "stop", self.broker, "--hard"], check=False)
        if keep:
            self.say(f"everything is kept in {self.work}")
        else:
            shutil.rmtree(self.work)

    # ---- faults

    def plan(self):
        options, length = self.options, self.options.minutes * 60
        faults = ([self.kill] * options.kills + [self.restart_broker] * options.broker_restarts +
                  [self.freeze] * options.zombies + [self.add_member] * options.membership +
                  [self.steal] * options.steals)
        self.dice.shuffle(faults)
        # Spread, not crowded: one in each slot, anywhere in it.
        first, last = 4, length - 2
        slot = (last - first) / max(1, len(faults))
        for i, fault in enumerate(faults):
            self.later(first + slot * (i + self.dice.random()), fault)

    def victim(self):
        able = [w for w in self.workers.values() if w.wanted and not w.frozen
                and w.child is not None and w.child.poll() is None]
        return self.dice.choice(able) if able else None

    @property
    def crowded(self):
        """Half of the time what needs a broker to be of interest waits until it is back."""
        return self.restarting is not None and self.dice.random() < 0.5

    def again(self, fault):
        self.later(1, fault)

    def kill(self):
        worker = self.victim()
        if worker is None:
            return self.again(self.kill)
        worker.kill()
        worker.wanted = True
        self.done["kill"] += 1
        session = self.options.session_ms / 1000
        pause = 0 if self.dice.random() < 0.7 else self.dice.uniform(0.5, 2) * session
        wiped = self.dice.random() < 0.15
        if wiped:
            shutil.rmtree(worker.data, ignore_errors=True)
        self.say(f"kill -9 of worker {worker.instance}, again in {pause:.1f} s"
                 f"{' with an empty disk' if wiped else ''}")
        self.later(pause, lambda: worker.wanted and worker.start())

    def restart_broker(self):
        if self.restarting is not None:
            return self.again(self.restart_broker)
        hard = " --hard" if self.dice.random() < self.options.hard else ""
        pause = self.dice.uniform(0, 3)
        self.done["broker"] += 1
        self.say(f"broker stops{hard} and restarts after {pause:.1f} s")
        self.restarting = subprocess.Popen(
            ["bash", "-c", f'"$0" stop "$1"{hard}; sleep {pause}; "$0" restart "$1"', BROKER,
             self.broker], stdout=subprocess.DEVNULL)

    def freeze(self):
        worker = self.victim()
        if worker is None or self.crowded or any(w.frozen for w in self.workers.values()):
            return self.again(self.freeze)
        worker.frozen = True
        worker.signal(signal.SIGSTOP)
        self.done["zombie"] += 1
        pause = self.options.session_ms / 1000 * self.dice.uniform(1.5, 2.5)
        self.say(f"worker {worker.instance} freezes for {pause:.1f} s")
        self.later(pause, lambda: self.thaw(worker))

    def thaw(self, worker):
        worker.signal(signal.SIGCONT)
        worker.frozen = False
        self.say(f"worker {worker.instance} is back from the dead")

    def add_member(self):
        name = f"guest-{self.done['member'] % 3}"
        guest = self.workers.get(name)
        if self.crowded or (guest is not None and guest.child is not None):
            return self.again(self.add_member)
        if guest is None:
            guest = self.workers[name] = Process(self, name)
        guest.start()
        self.done["member"] += 1
        pause = self.options.session_ms / 1000 * self.dice.uniform(1, 3)
        self.say(f"worker {name} joins for {pause:.1f} s")
        self.later(pause, lambda: self.remove_member(guest))

    def remove_member(self, guest):
        if guest.frozen:
            return self.later(1, lambda: self.remove_member(guest))
        guest.wanted = False
        if guest.child is not None:
            guest.child.terminate()
        self.say(f"worker {guest.instance} is asked to leave")

    def steal(self):
        worker = self.victim()
        if worker is None or self.restarting is not None:
            return self.again(self.steal)
        name = worker.instance
        done = subprocess.run([*self.worker, "--steal", f"{GROUP}-{name}"], capture_output=True,
                              check=False, timeout=120, text=True)
        if done.returncode != 0:
            return self.again(self.steal)
        self.done["steal"] += 1
        self.say(f"the transactional id of worker {name} was stolen")

    # ---- the run

    def step(self):
        if self.queue and self.queue[0][0] <= time.monotonic():
            heapq.heappop(self.queue)[2]()
        for worker in self.workers.values():
            worker.look_after()
        if self.restarting is not None and self.restarting.poll() is not None:
            if self.restarting.returncode != 0:
                sys.exit("the broker did not restart")
            self.restarting = None
            self.say("broker is back")
        time.sleep(0.02)

    def catch_up(self):
        """All has been read, twice in a row: what was then open is then committed."""
        until, times = time.monotonic() + CATCH_UP, 0
        while times < 3 and time.monotonic() < until:
            asked = subprocess.run([*self.worker, "--caught-up"], check=False, capture_output=True)
            times = times + 1 if asked.returncode == 0 else 0
            for _ in range(20):
                self.step()
        self.say("the group has caught up" if times == 3 else "the group did NOT catch up")
        return times == 3

    def open_transactions(self):
        """Partitions whose end is not committed, and transactions that the broker has open."""
        dangling = []
        ends = subprocess.run([*self.worker, "--ends"], check=True, capture_output=True, text=True)
        for line in ends.stdout.splitlines():
            topic, partition, end, committed = line.split()
            if end != committed:
                dangling.append(f"{topic}/{partition}: committed to {committed} of {end}")
        listed = subprocess.run([BROKER, "tool", "org.apache.kafka.tools.TransactionsCommand",
                                 "--bootstrap-server", self.brokers, "list"], check=True,
                                capture_output=True, text=True).stdout.splitlines()
        states = [line.split() for line in listed[1:] if line.strip()]
        dangling += [" ".join(state) for state in states
                     if not state[-1].startswith(("Complete", "Empty"))]
        self.say(f"{len(ends.stdout.splitlines())} partitions, {len(states)} transactional ids: "
                 + ("no transaction is open" if not dangling else "; ".join(dangling)))
        return dangling

    def given_up_by_broker(self):
        """Lines in which the broker ends a transaction without telling all of its partitions.

        Apache Kafka 4.3.1, killed and started again on a busy machine: its coordinator does not
        know yet who leads a partition, takes it for deleted, and calls the abort complete. Rows of
        that transaction then stay open, or are committed by the producer's next one; no client can
        know. Such a run says nothing about the engine."""
        with open(os.path.join(self.broker, "broker.log"), encoding="utf-8",
                  errors="replace") as log:
            return [line for line in log if "likely deleted already" in line]

    def tell_of_logs(self):
        lines = []
        for worker in self.workers.values():
            with open(worker.log.name, encoding="utf-8", errors="replace") as log:
                lines += log.read().splitlines()
        counts = {what: sum(sign in line for line in lines) for what, sign in
                  [("assignments", "owns partitions"), ("aborts", "was aborted"),
                   ("fenced", "been fenced"), ("retries", "trying again")]}
        self.say("in the workers' logs: " + ", ".join(f"{n} {what}" for what, n in counts.items()))

    def go(self):
        self.open()
        self.plan()
        while self.queue or self.load.poll() is None or self.restarting is not None:
            self.step()
        if self.load.returncode != 0:
            sys.exit("the load could not write all it had to")
        self.say("the load has ended: " + ", ".join(f"{n} {what}" for what, n in self.done.items()))
        caught_up = self.catch_up()
        for worker in self.workers.values():
            code = worker.stop()
            if code != 0:
                self.say(f"worker {worker.instance} ended with exit code {code}")
        gave_up = sum(worker.gave_up for worker in self.workers.values())
        self.say(f"{gave_up} times a worker gave up and was started again")
        self.tell_of_logs()
        dangling = self.open_transactions()
        records = ledger_check.read_topics(self.brokers, PREFIX)
        load = ledger_check.read_load(self.load_command)
        problems = ledger_check.check(records, load)
        ledger_check.report(records, problems)
        if problems or dangling or not caught_up:
            self.void = self.given_up_by_broker()
            for line in self.void[:3]:
                self.say(f"the broker broke its own promise: {line.strip()}")
        if self.options.planted_bug:
            print(f"the planted bug '{self.options.planted_bug}' was "
                  f"{'noticed' if problems else 'NOT NOTICED'}")
            return bool(problems)
        good = caught_up and not dangling and not problems and self.faults_of_ours == 0
        if good and self.options.self_test:
            good = ledger_check.self_test(records, load, self.options.seed)
        return good


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(HERE, "../../build/release"))
    parser.add_argument("--dir", help="where its files go: a temporary directory")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--minutes", type=float, default=1.2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--broker-restarts", type=int, default=1)
    parser.add_argument("--hard", type=float, default=0.5,
                        help="share of these that are kill -9: after one a lone broker sometimes "
                             "loses the end of a transaction, and the run is void")
    parser.add_argument("--zombies", type=int, default=1)
    parser.add_argument("--membership", type=int, default=1)
    parser.add_argument("--steals", type=int, default=1)
    parser.add_argument("--rate", type=int, default=200, help="readings a second")
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--commit-ms", type=int, default=100)
    parser.add_argument("--session-ms", type=int, default=4000)
    parser.add_argument("--planted-bug", choices=["memory", "store"])
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--keep", action="store_true", help="the files, also when all went well")
    options = parser.parse_args()
    for _ in range(ATTEMPTS):
        run, good = Run(options), False
        try:
            good = run.go()
        finally:
            run.close(keep=options.keep or not good)
        if not run.void:
            break
        good = False
        print(f"exactly once: void, seed {options.seed}: the broker lost the end of a transaction; "
              "once more with the next seed")
        options.seed += 1
    print(f"exactly once: {'yes' if good and not options.planted_bug else 'no'}, "
          f"seed {options.seed}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
