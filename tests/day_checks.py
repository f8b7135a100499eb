"""What must hold of a finished day, read from its topics alone (day_report.py). A check takes the Day
and a list to which it appends what does not hold; what it prints is for people. It shares nothing
with the engine. For each there is a fault that it must notice: day_faults.py."""
import collections
import datetime
import json
import statistics

FINDINGS = ("confirmed", "violation", "no_violation", "not_found", "false_alarm",
            "false_alarm_other_violation", "duplicate", "permitted", "no_entry", "refused",
            "record_late")
ACTIONS = ("persuaded", "rectified_on_site", "rectification_ordered", "stopped_use", "rescued",
           "repaired", "maintained", "inspected", "answered", "guided", "none")
STEPS = ("confirm", "dismiss", "claim", "release", "dispatch", "recall", "shelve", "unshelve",
         "call_logged", "resolve_entity", "reopen", "accept", "return", "return_accepted",
         "return_refused", "transfer", "pause", "resume", "extend_request", "extend_grant",
         "en_route", "arrived", "finding", "rectified", "verify", "reject_result", "supervise",
         "supervise_reply", "revisited", "notified", "corrected", "exempt")
OVER = ("closed", "recalled")
ENDED = ("resolved", "dismissed", "merged", "suppressed")
MINUTE = datetime.timedelta(minutes=1)
FLOOD = 4 * 10  # new warnings within 10 minutes: more than ten for each seat of the duty list


def when(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Day:
    """The topics of a day, and the last record of each thing."""

    def __init__(self, topics, known):
        self.topics = topics
        self.known = known  # ids of what can close a matter
        self.orders = {r["data"]["id"]: r["data"] for r in topics["dispatch.orders"]}
        self.warnings = {r["data"]["id"]: r["data"] for r in topics["warnings"]}
        self.first_warnings = {}
        for record in topics["warnings"]:
            self.first_warnings.setdefault(record["data"]["id"], record)
        self.end = max((r["time"] for topic in ("warnings", "dispatch.orders")
                        for r in topics[topic]), default="")

    def with_topic(self, topic, records):
        return Day({**self.topics, topic: records}, self.known)


def check(problems, good, text):
    if not good:
        problems.append(text)


# ---- orders -------------------------------------------------------------------------------------

def handed_over(order):
    """A rescue of nobody knew which elevator, until somebody did: its own rescue took over."""
    return order["entity"].startswith("complaint/") and not order["verdict"]


def ended_by_itself(order):
    return order["item"] == "elevator.rescue" and order["state"] == "closed"


def due(day):
    return [o for o in day.orders.values()
            if o["finishBy"] and o["finishBy"] <= day.end and o["state"] != "recalled"
            and not handed_over(o)]


def orders_answered(day, problems):
    """Of the orders due within the day at least 95 % are answered: they have a verdict, or are a
    rescue that the elevator itself declared over. The rest is visibly overdue."""
    answered = [o for o in due(day) if o["verdict"] or ended_by_itself(o)]
    share = len(answered) / len(due(day)) if due(day) else 0
    print(f"orders {len(day.orders)}, due within the day {len(due(day))}, answered "
          f"{len(answered)} ({100 * share:.1f} %)")
    check(problems, due(day) and share >= 0.95, f"only {100 * share:.1f} % of due orders are answered")
    for order in day.orders.values():
        check(problems, order["state"] != "closed" or order["verdict"] or handed_over(order)
              or ended_by_itself(order), f"{order['id']} ({order['item']}) is closed without a verdict")
    for order in due(day):
        late = when(day.end) - when(order["finishBy"])
        urged = order["supervision"] and order["supervision"]["level"] >= 2
        check(problems, order["verdict"] or ended_by_itself(order) or order["pause"] or urged
              or late < MINUTE, f"{order['id']} ({order['item']}) is overdue and nobody is urged")


def revisions_hold(day, problems):
    """Every change has a revision of its own, and no order comes back from closed."""
    last, seen = {}, collections.defaultdict(set)
    for record in day.topics["dispatch.orders"]:
        order = record["data"]
        before = last.get(order["id"])
        check(problems, order["revision"] not in seen[order["id"]],
              f"{order['id']} revision {order['revision']} twice")
        seen[order["id"]].add(order["revision"])
        check(problems, not before or before["state"] not in OVER,
              f"{order['id']} changed after it was {before and before['state']}")
        last[order["id"]] = order


def history_says_why(day, problems):
    for order in day.orders.values():
        for step in order["history"]:
            check(problems, step["why"]["zh"] and step["why"]["en"],
                  f"{order['id']}: step {step['step']} at {step['at']} does not say why")


def rescues_hold(day, problems):
    """A rescue ends by someone who arrived on it; every level occurs, the highest seldom."""
    rescues = [o for o in day.orders.values() if o["item"] == "elevator.rescue"]
    for order in rescues:
        verdict = order["verdict"]
        if verdict and verdict["action"] == "rescued" and verdict["by"].startswith("unit"):
            arrived = [s for s in order["history"]
                       if s["step"] == "arrived" and s["by"] == verdict["by"]]
            check(problems, arrived,
                  f"{order['id']} was ended by {verdict['by']}, who had not arrived")
    levels = collections.Counter(max(r["level"] for r in o["responders"])
                                 for o in rescues if o["responders"])
    print("rescues by the highest level called:", dict(sorted(levels.items())))
    check(problems, levels[1] and levels[2] and levels[3], "not every level of rescue occurred")
    check(problems, levels[1] > levels[3], "nearly everything escalated to level 3")


def merchants_come_first(day, problems):
    """A kitchen's hygiene climbs to an officer when the merchant's time is up, not before, and then
    it does."""
    accept_by, climbed = {}, 0
    for record in day.topics["dispatch.orders"]:
        order = record["data"]
        merchants = [r for r in order["responders"] if r["role"] == "use_unit"]
        if order["item"] != "kitchen.hygiene" or not merchants:
            continue
        attempt = (order["id"], order["attempt"])
        accept_by.setdefault(attempt, merchants[0]["acceptBy"])
        escalations = [s for s in order["history"] if s["step"] == "escalate"]
        climbed += len(escalations)
        begun = max(s["at"] for s in order["history"] if s["step"] in ("dispatch", "return_accepted"))
        for step in escalations:
            check(problems, step["at"] < begun or step["at"] >= accept_by[attempt],
                  f"{order['id']} went to an officer at {step['at']}, the merchant had until "
                  f"{accept_by[attempt]}")
    for order in day.orders.values():
        asked = [r for r in order["responders"] if r["level"] == 1]
        silent = asked and all(r["state"] == "dispatched" for r in asked)
        if order["item"] != "kitchen.hygiene" or order["state"] in OVER or not silent:
            continue
        late = when(day.end) - when(asked[0]["acceptBy"])
        check(problems, late < MINUTE or order["pause"] or asked[0]["role"] != "use_unit" or
              any(r["level"] == 2 for r in order["responders"]),
              f"{order['id']}: its merchant is silent, and no officer was called")
    check(problems, climbed, "no merchant's order ever went to an officer")


def rodents_skip_the_merchant(day, problems):
    rodents = [r["data"] for r in day.topics["dispatch.orders"]
               if r["data"]["item"] == "kitchen.rodent"]
    check(problems, rodents, "no rodent all day")
    for order in rodents:
        check(problems, all(r["role"] != "use_unit" for r in order["responders"]),
              f"{order['id']}: a rodent is told to the merchant")


# ---- warnings -----------------------------------------------------------------------------------

def warnings_hold(day, problems):
    """Each says why; not everything is dismissed, and something is."""
    for record in day.topics["warnings"]:
        check(problems, record["data"]["reasons"], f"{record['data']['id']} gives no reason")
    last = day.warnings.values()
    priorities = collections.Counter(w["priority"] for w in last)
    print("warnings", len(last), dict(sorted(priorities.items())),
          dict(collections.Counter(w["state"] for w in last)))
    dismissed = sum(w["state"] == "dismissed" for w in last)
    check(problems, 0 < dismissed < len(last) / 2, f"{dismissed} of {len(last)} were dismissed")
    check(problems, priorities["P1"] * 5 < len(last), f"{priorities['P1']} of {len(last)} are P1")


def screening_has_an_owner(day, problems):
    for record in day.topics["warnings"]:
        warning = record["data"]
        if warning["state"] == "screening":
            check(problems, warning["screening"] and warning["screening"]["owner"],
                  f"{warning['id']} is screened by nobody")
    for warning in day.warnings.values():
        if warning["state"] == "screening" and warning["screening"]:
            late = when(day.end) - when(warning["screening"]["deadline"])
            check(problems, late < MINUTE or warning["shelved"],
                  f"{warning['id']} waits for {warning['screening']['owner']} beyond its deadline")


def waits(warning):
    return warning["state"] == "suppressed" and warning["stateReason"] == "parent"


def parents_hold(day, problems):
    """What is only a consequence waits for a warning that stands, and no longer; life never does."""
    waited = [r["data"] for r in day.topics["warnings"] if waits(r["data"])]
    print("warnings that waited for a parent", len({w["id"] for w in waited}))
    check(problems, waited, "no warning waited for a parent")
    for warning in waited:
        check(problems, warning["priority"] != "P1" and warning["parent"] in day.warnings,
              f"{warning['id']} is life, or waits for nothing that is known")
    for warning in day.warnings.values():
        if waits(warning):
            over = day.warnings[warning["parent"]]["state"] in ENDED
            check(problems, not over, f"{warning['id']} waits for a parent that is over")


def is_filed(changes, at):
    """Whether a pitch was filed then, by the register's own words in the order they came."""
    until = None
    for change in changes:
        if when(change["recordedtime"]) > at:
            break
        data = change["data"]
        until = None
        if data["action"] in ("registered", "renewed", "approved"):  # to the end of the day named
            until = when(data["validUntil"] + "T16:00:00Z")
    return until is not None and until > at


def permits_hold(day, problems):
    """Where a pitch is filed a camera's hit makes no order; where it is not, it is no excuse."""
    filings = collections.defaultdict(list)
    for change in day.topics["permit.changes"]:
        if change["data"]["record"] == "filing":
            filings[change["subject"]].append(change)
    ordered = {w for o in day.orders.values() for w in o["warnings"]}
    permitted = 0
    for record in day.first_warnings.values():
        warning = record["data"]
        if warning["rule"] != "street.goods_beyond_door":
            continue
        seen = when(warning["evidence"][0]["time"])
        filed = is_filed(filings[warning["entity"]], seen)
        if filed != is_filed(filings[warning["entity"]], seen + datetime.timedelta(seconds=10)):
            continue
        permitted += filed
        suppressed = day.warnings[warning["id"]]["stateReason"] == "permitted"
        if warning["state"] == "suppressed" or filed:
            check(problems, filed, f"{warning['id']} is suppressed, and no pitch is filed")
            check(problems, suppressed and warning["id"] not in ordered,
                  f"{warning['id']}: the pitch of {warning['entity']} is filed, and somebody is sent")
    print("hits at filed pitches", permitted)
    check(problems, permitted, "no hit at a filed pitch")


def no_flood(day, problems):
    """In ordinary times at most ten new warnings per seat in ten minutes."""
    raised = collections.Counter(r["time"][:15] for r in day.first_warnings.values()
                                 if r["data"]["state"] != "suppressed")
    floods = sorted(slot for slot, count in raised.items() if count > FLOOD)
    print(f"new warnings in ten minutes: median {statistics.median(raised.values()):.0f}, at most "
          f"{max(raised.values())}, floods {floods}")
    check(problems, len(floods) <= 2, f"{len(floods)} floods: {floods[:5]}")


# ---- complaints ---------------------------------------------------------------------------------

def receipts_answered(day, problems):
    """Every receipt has one reply that names the event that closed it; or it is open, and says why:
    it is young, or an order works on it that is not overdue, or visibly so."""
    came = {r["subject"]: r for r in day.topics["hotline.complaints"]}
    last = {r["subject"]: r["data"] for r in day.topics["complaints"]}
    replies = collections.Counter(n["subject"] for n in day.topics["notices"]
                                  if n["data"]["kind"] == "reply")
    states = collections.Counter(r["state"] for r in last.values())
    print("complaints", len(came), dict(states), "replies", sum(replies.values()))
    for name in ("channel", "kind", "category"):
        print(f"  by {name}:", dict(collections.Counter(r["data"][name] for r in came.values())))
    check(problems, states["replied"] and states["answered_directly"],
          "not both ways of an answer occurred")
    for receipt, event in came.items():
        mine = last.get(receipt)
        check(problems, mine, f"{receipt} came and left no trace")
        if mine is None:
            continue
        hours = (when(day.end) - when(event["time"])).total_seconds() / 3600
        order = day.orders.get(mine["order"])
        working = order and order["state"] not in OVER and (
            order["finishBy"] > day.end or order["supervision"])
        check(problems, mine["reply"] or hours < 4 or working,
              f"{receipt} has no reply after {hours:.1f} h and says no reason")
        answered = mine["redo"] + (1 if mine["reply"] and mine["state"] != "redo" else 0)
        check(problems, replies[receipt] == answered,
              f"{receipt}: {replies[receipt]} replies")
        # What nobody was sent for may end by the clock: then the caller's own words began it.
        by_the_clock = mine["reply"] and not mine["order"] and mine["reply"]["cause"] == event["id"]
        check(problems, not mine["reply"] or by_the_clock or mine["reply"]["cause"] in day.known,
              f"{receipt}: the reply's cause is no event that came in")


def nobodys_words(day, problems):
    """The text of a complaint stands in no output."""
    texts = {r["data"]["text"] for r in day.topics["hotline.complaints"]}
    for topic in ("complaints", "warnings", "dispatch.orders", "notices", "entity.status"):
        written = "\n".join(json.dumps(r, ensure_ascii=False) for r in day.topics[topic])
        for text in texts:
            check(problems, text not in written, f"the words '{text}' stand in {topic}")


def registered_are_shown(day, problems):
    """Whatever is registered stands in entity.status as it was last registered."""
    shown = {r["subject"]: r["data"]["registration"] for r in day.topics["entity.status"]
             if r["type"] == "city.entity.status.v1"}
    last = {}
    for record in day.topics["permit.changes"]:
        what = record["data"]
        if what.get("record") != "registration" or what.get("action") == "deregistered":
            continue
        if record["time"] >= last.get(record["subject"], record)["time"]:
            last[record["subject"]] = record
    check(problems, last, "nothing was registered")
    for entity, record in last.items():
        mine = shown.get(entity)
        check(problems, mine and mine["address"] == (record["data"].get("address") or ""),
              f"{entity} is registered and does not stand in entity.status so")


# ---- what the day has shown ---------------------------------------------------------------------

# ---- the law ------------------------------------------------------------------------------------

def exemptions_hold(day, problems):
    """首违免罚: an officer's decision with a reason, about what is minor, corrected in time, and the
    first of its kind by that party within the year; and a verdict on site opened it."""
    last = {r["data"]["id"]: r["data"] for r in day.topics["matters"]}
    print("matters", len(last), dict(collections.Counter(m["state"] for m in last.values())))
    for matter in last.values():
        name = f"{matter['id']} ({matter['behaviour']} of {matter['party']})"
        order = day.orders.get(matter["order"])
        check(problems, order and order["verdict"] and "violation" in order["verdict"]["finding"],
              f"{name} was opened without the verdict of a violation")
        exemption = matter["exemption"]
        if exemption is None:
            continue
        check(problems, exemption["by"].split("/")[0] in ("officer", "leader"),
              f"{name} was exempted by {exemption['by']}")
        check(problems, exemption["text"], f"{name} was exempted without a reason")
        check(problems, matter["minor"], f"{name} was exempted and is not minor")
        check(problems, matter["correction"] and matter["correction"]["inTime"]
              and matter["correction"]["at"] <= exemption["at"],
              f"{name} was exempted before it was corrected in time")
        year = when(matter["foundAt"]) - datetime.timedelta(days=365)
        earlier = [m["id"] for m in last.values()
                   if (m["party"], m["behaviour"]) == (matter["party"], matter["behaviour"])
                   and year < when(m["foundAt"]) < when(matter["foundAt"])]
        check(problems, not earlier, f"{name} was exempted after {earlier[:1]}")


def everything_occurs(day, problems):
    """Each step, finding and action of the contract, at least once."""
    said = [r["data"] for r in day.topics["field.feedback"]]
    verdicts = [o["verdict"] for o in day.orders.values() if o["verdict"]]
    print("orders by item:", dict(collections.Counter(o["item"] for o in day.orders.values())))
    print("supervision:", dict(collections.Counter(
        o["supervision"]["level"] for o in day.orders.values() if o["supervision"])))
    for name, words, counted in (
            ("step", STEPS, collections.Counter(s["step"] for s in said)),
            ("finding", FINDINGS, collections.Counter(v["finding"] for v in verdicts)),
            ("action", ACTIONS, collections.Counter(v["action"] for v in verdicts))):
        print(f"{name}s:", ", ".join(f"{word} {counted[word]}" for word in words))
        for word in words:
            check(problems, counted[word], f"{name} {word} never occurred")


CHECKS = (orders_answered, revisions_hold, history_says_why, rescues_hold, merchants_come_first,
          rodents_skip_the_merchant, warnings_hold, screening_has_an_owner, parents_hold, permits_hold,
          no_flood, receipts_answered, nobodys_words, registered_are_shown, exemptions_hold, everything_occurs)
