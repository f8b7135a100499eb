"""Did every input of the ledger city take effect exactly once?

Reads the topics as a stranger would, with Kafka's own console consumer (read_committed), recomputes
from `city.events` what `totals`, `sums`, `families` and the letters must be (the laws stand in
tests/support/ledger_city.h), and holds `city.events` itself against what the load says it wrote. It
shares nothing with the engine. `self_test` damages what was read and demands that this is noticed.
"""
import collections
import concurrent.futures
import datetime
import json
import os
import random
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOPICS = ["city.events", "totals", "sums", "families", "dead.letters"]
SUM_INTERVAL = 2000  # ms
CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer"

# kind: what is told apart by it; entity: whose order counts; body: what is compared
Seen = collections.namedtuple("Seen", "partition offset kind entity body")
Tick = collections.namedtuple("Tick", "id time")
Reading = collections.namedtuple("Reading", "id time amount parent")
Letter = collections.namedtuple("Letter", "to revision amount cause id")
Total = collections.namedtuple("Total", "id total time cause")
Sum = collections.namedtuple("Sum", "id readings sum time")
Family = collections.namedtuple("Family", "id sum child child_sum time cause")


def milliseconds(text):
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(moment.timestamp() * 1000)


def parsed(topic, partition, offset, key, text):
    event = json.loads(text)
    data, time = event["data"], milliseconds(event["time"])
    cause, name, entity = event.get("causationid"), event["id"], event["subject"]
    if topic == "city.events":
        kind = event["type"]
        if kind == "city.tick.v1":
            return Seen(partition, offset, "tick", partition, Tick(name, time))
        if kind == "toy.reading.v1":
            body = Reading(name, time, data["amount"], data["parent"])
            return Seen(partition, offset, "reading", entity, body)
        assert kind == "city.letter.v1", text
        body = Letter(entity, data["revision"], data["amount"], cause, name)
        return Seen(partition, offset, "letter", data["child"], body)
    assert key == entity, f"{topic}: the key {key} is not the subject {entity}"
    if topic == "totals":
        body = Total(name, data["total"], time, cause)
    elif topic == "sums":
        body = Sum(name, data["readings"], data["sum"], time)
    elif topic == "families":
        body = Family(name, data["sum"], data["child"], data["childSum"], time, cause)
    else:
        body = (name, data["reason"])
    return Seen(partition, offset, topic, entity, body)


def read_topic(brokers, prefix, topic):
    command = [os.path.join(HERE, "broker.sh"), "tool", CONSUMER, "--bootstrap-server", brokers,
               "--topic", prefix + topic, "--isolation-level", "read_committed",
               "--from-beginning", "--timeout-ms", "8000"]
    for what in ["partition", "offset", "key"]:
        command += ["--formatter-property", f"print.{what}=true"]
    consumer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                text=True, encoding="utf-8")
    records = []
    for line in consumer.stdout:
        if not line.startswith("Partition:"):
            continue  # that nothing more came in time it says on the same stream
        partition, offset, key, text = line.rstrip("\n").split("\t", 3)
        records.append(parsed(topic, int(partition.split(":")[1]), int(offset.split(":")[1]),
                              key, text))
    consumer.wait()
    return sorted(records, key=lambda seen: (seen.partition, seen.offset))


def read_topics(brokers, prefix):
    with concurrent.futures.ThreadPoolExecutor() as threads:
        read = {topic: threads.submit(read_topic, brokers, prefix, topic) for topic in TOPICS}
        return {topic: records.result() for topic, records in read.items()}


def read_load(command):
    """What the load wrote, by its own word: records of each partition in order."""
    load = collections.defaultdict(list)
    listing = subprocess.Popen([*command, "--print"], stdout=subprocess.PIPE, text=True)
    for line in listing.stdout:
        partition, key, text = line.rstrip("\n").split("\t", 2)
        seen = parsed("city.events", int(partition), 0, key, text)
        load[seen.partition].append((seen.entity, seen.body))
    assert listing.wait() == 0
    return load


def expected(events):
    """The laws: what follows from `city.events`, by kind and entity, in order."""
    out = {kind: collections.defaultdict(list)
           for kind in ["letter", "totals", "sums", "families"]}
    zero = lambda: collections.defaultdict(int)  # noqa: E731
    readings, totals, sums, since, sum_since, due = zero(), zero(), zero(), zero(), zero(), {}
    letters, family_sums, child_sums = zero(), zero(), zero()
    waiting = collections.defaultdict(set)  # accounts of a partition whose timer is set
    for partition, _, kind, entity, body in events:
        if kind == "tick":
            for account in [a for a in waiting[partition] if due[a] <= body.time]:
                waiting[partition].discard(account)
                sums[account] += 1
                out["sums"][account].append(Sum(f"{account}.sum.{sums[account]}", since[account],
                                                sum_since[account], due.pop(account)))
                since[account] = sum_since[account] = 0
        elif kind == "reading":
            readings[entity] += 1
            totals[entity] += body.amount
            since[entity] += 1
            sum_since[entity] += body.amount
            if entity not in due:
                due[entity] = body.time + SUM_INTERVAL
                waiting[partition].add(entity)
            out["totals"][entity].append(Total(f"{entity}.{readings[entity]}", totals[entity],
                                               body.time, body.id))
            out["letter"][entity].append((body.parent, readings[entity], body.amount, body.id))
        else:
            family, child = body.to, entity
            letters[family] += 1
            family_sums[family] += body.amount
            child_sums[family, child] += body.amount
            # A letter is dated as its cause: the reading's time.
            out["families"][family].append((f"{family}.{letters[family]}", family_sums[family],
                                            child, child_sums[family, child], body.id))
    return out


def compare(what, wanted, seen, problems):
    """Two lists of one entity: the sentence that says how they differ."""
    if wanted == seen:
        return
    lost = collections.Counter(wanted) - collections.Counter(seen)
    more = collections.Counter(seen) - collections.Counter(wanted)
    if not lost and not more:
        first = next(i for i, pair in enumerate(zip(wanted, seen)) if pair[0] != pair[1])
        problems["order"].append(f"{what}: another order from record {first} on")
    for record in lost:
        problems["lost"].append(f"{what}: {record} is not there")
    for record in more:
        kind = "doubled" if record in wanted else "wrong"
        problems[kind].append(f"{what}: {record} should not be there")


def check(records, load):
    """Everything that is wrong: sentences by kind."""
    problems = collections.defaultdict(list)
    seen = collections.defaultdict(lambda: collections.defaultdict(list))
    places = {}
    for topic, all_records in records.items():
        last = {}
        for record in all_records:
            if last.get(record.partition, -1) >= record.offset:
                problems["order"].append(f"{topic}: offset {record.offset} comes twice")
            last[record.partition] = record.offset
            if record.kind != "tick":
                place = (record.kind, record.entity, record.body.to if record.kind == "letter"
                         else "")
                if places.setdefault(place, record.partition) != record.partition:
                    problems["order"].append(f"{topic}: {record.entity} is in two partitions")
            body = record.body
            if record.kind == "letter":
                body = (body.to, body.revision, body.amount, body.cause)
            elif record.kind == "families":
                body = (body.id, body.sum, body.child, body.child_sum, body.cause)
            seen[record.kind][record.entity].append(body)
    events = records["city.events"]
    written = collections.defaultdict(list)
    for record in events:
        if record.kind != "letter":
            written[record.partition].append((record.entity, record.body))
    for partition in set(load) | set(written):
        compare(f"load, partition {partition}", load[partition], written[partition], problems)
    ids = collections.Counter(r.body.id for r in events if r.kind == "letter")
    for name in [name for name, count in ids.items() if count > 1]:
        problems["doubled"].append(f"letter {name} comes {ids[name]} times")
    for kind, entities in expected(events).items():
        for entity in entities.keys() | seen[kind].keys():
            compare(f"{kind} of {entity}", entities.get(entity, []), seen[kind].get(entity, []),
                    problems)
    for record in records["dead.letters"]:
        problems["wrong"].append(f"dead letter {record.body}")
    return problems


def report(records, problems):
    kinds = collections.Counter(r.kind for all_records in records.values() for r in all_records)
    print("check: read " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    for kind, sentences in sorted(problems.items()):
        print(f"check: {kind}: {len(sentences)}")
        for sentence in sentences[:5]:
            print(f"  {sentence[:300]}")
    if not problems:
        print("check: nothing lost, nothing doubled, every entity in order")


# ---- faults planted into what was read -----------------------------------------------------------

def positions(all_records, kind):
    found = [i for i, record in enumerate(all_records) if record.kind == kind]
    assert found, f"no {kind} to damage"
    return found


def drop(all_records, kind, dice):
    del all_records[dice.choice(positions(all_records, kind))]


def double(all_records, kind, dice):
    record = all_records[dice.choice(positions(all_records, kind))]
    end = max(r.offset for r in all_records if r.partition == record.partition)
    all_records.append(record._replace(offset=end + 1))
    all_records.sort(key=lambda r: (r.partition, r.offset))


def swap(all_records, kind, dice):
    """The bodies of two neighbours of one entity, each at the other's place."""
    by_entity = collections.defaultdict(list)
    for i in positions(all_records, kind):
        by_entity[all_records[i].entity].append(i)
    several = sorted((e for e, found in by_entity.items() if len(found) > 1), key=str)
    found = by_entity[dice.choice(several)]
    at = dice.randrange(len(found) - 1)
    first, second = found[at], found[at + 1]
    one, other = all_records[first], all_records[second]
    all_records[first] = one._replace(body=other.body)
    all_records[second] = other._replace(body=one.body)


def change(field):
    def changed(all_records, kind, dice):
        at = dice.choice(positions(all_records, kind))
        record = all_records[at]
        body = record.body._replace(**{field: getattr(record.body, field) + 1})
        all_records[at] = record._replace(body=body)
    changed.__name__ = f"change {field} of"
    return changed


DAMAGES = [("city.events", kind, how) for kind in ["reading", "letter", "tick"]
           for how in [drop, double, swap]]
DAMAGES += [(topic, topic, how) for topic in ["totals", "sums", "families"]
            for how in [drop, double, swap]]
DAMAGES += [("totals", "totals", change("total")), ("sums", "sums", change("sum")),
            ("sums", "sums", change("readings")), ("sums", "sums", change("time")),
            ("families", "families", change("sum")),
            ("families", "families", change("child_sum")),
            ("city.events", "letter", change("amount")),
            ("city.events", "reading", change("amount"))]


def self_test(records, load, seed):
    """True when each planted fault was noticed in records that were right."""
    dice, missed = random.Random(seed), 0
    for topic, kind, how in DAMAGES:
        damaged = dict(records)
        damaged[topic] = list(records[topic])
        how(damaged[topic], kind, dice)
        if not check(damaged, load):
            print(f"self-test: {how.__name__} {kind}: NOT noticed")
            missed += 1
    print(f"self-test: {len(DAMAGES) - missed} of {len(DAMAGES)} planted faults noticed")
    return missed == 0
