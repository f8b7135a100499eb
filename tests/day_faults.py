"""For each check of day_checks.py a fault that it must notice: what a faulty city would have written in
place of what was read. A fault takes the Day and gives back a spoiled one (day_report.py
--plant-each)."""
import copy

from day_checks import (due, everything_occurs, exemptions_hold, history_says_why,
                        merchants_come_first, no_flood, nobodys_words, orders_answered,
                        parents_hold, permits_hold, receipts_answered, registered_are_shown,
                        rescues_hold, revisions_hold, rodents_skip_the_merchant,
                        screening_has_an_owner, waits, warnings_hold)


def changed(day, topic, which, change):
    """The day with every record that `which` picks spoiled by `change`, as a faulty city would have
    written it."""
    records = []
    for record in day.topics[topic]:
        if which(record):
            record = copy.deepcopy(record)
            change(record["data"])
        records.append(record)
    return day.with_topic(topic, records)


def without(day, topic, which):
    return day.with_topic(topic, [r for r in day.topics[topic] if not which(r)])


def first(day, topic, which):
    return next(r for r in day.topics[topic] if which(r))


def is_reply(record):
    return record["data"]["kind"] == "reply"


def one_order(day, item, which=lambda order: True):
    """Picks all records of the first order of this kind."""
    chosen = next(o["id"] for o in day.orders.values() if o["item"] == item and which(o))
    return lambda record: record["data"]["id"] == chosen


def silence(order):
    order.update(verdict=None, state="dispatched", supervision=None, pause=None)


def climb_at_once(order):
    begun = order["history"][0]["at"]
    order["history"].append({"at": begun, "step": "escalate", "by": "rule",
                             "why": {"zh": "无", "en": "none"}})


def leave_to_merchant(order):
    order["responders"] = [dict(order["responders"][0], level=1, state="dispatched",
                                acceptBy=order["history"][0]["at"])]
    order.update(state="dispatched", pause=None)


def exempt_again(day):
    """The same party's next one of the same kind, an hour later."""
    exempted = first(day, "matters", lambda r: r["data"]["exemption"])
    again = copy.deepcopy(exempted)
    again["data"].update(id="m-again", foundAt=exempted["data"]["exemption"]["at"])
    return day.with_topic("matters", day.topics["matters"] + [again])


def send_out(day):
    hit = next(i for i, r in day.first_warnings.items() if r["data"]["stateReason"] == "permitted")
    return changed(day, "dispatch.orders", one_order(day, "street.check"),
                   lambda order: order["warnings"].append(hit))


def excuse(day):
    filed = {c["subject"] for c in day.topics["permit.changes"] if c["data"]["record"] == "filing"}
    hit = first(day, "warnings", lambda r: r["data"]["rule"] == "street.goods_beyond_door"
                and r["data"]["entity"] not in filed)["data"]["id"]
    return changed(day, "warnings", lambda r: r["data"]["id"] == hit,
                   lambda w: w.update(state="suppressed", stateReason="permitted"))


def raise_many(day):
    records = list(day.topics["warnings"])
    for hour in range(3):
        for number in range(500):
            record = copy.deepcopy(records[0])
            record["time"] = f"2026-11-22T{hour:02}:05:00Z"
            record["data"].update(id=f"w-planted-{hour}-{number}", state="confirmed")
            records.append(record)
    return day.with_topic("warnings", records)


def keep_words(day):
    text = day.topics["hotline.complaints"][0]["data"]
    last = day.topics["warnings"][-1]
    return changed(day, "warnings", lambda r: r is last, lambda w: w["evidence"].append(text))


def answered_receipt(day):
    return first(day, "complaints", lambda r: r["data"]["reply"])["subject"]


def overdue_silently(day):
    late = next(o["id"] for o in due(day) if o["item"] == "street.check")
    return changed(day, "dispatch.orders", lambda r: r["data"]["id"] == late, silence)


FAULTS = {
    "overdue, and nobody urged": (orders_answered, overdue_silently),
    "orders that nobody answers": (orders_answered, lambda day: changed(
        day, "dispatch.orders", lambda r: r["data"]["item"] != "elevator.rescue", silence)),
    "closed without a verdict": (orders_answered, lambda day: changed(
        day, "dispatch.orders", one_order(day, "street.check", lambda o: o["state"] == "closed"),
        lambda o: o.update(verdict=None))),
    "revision twice": (revisions_hold, lambda day: day.with_topic(
        "dispatch.orders", day.topics["dispatch.orders"] + day.topics["dispatch.orders"][-1:])),
    "no reason given": (history_says_why, lambda day: changed(
        day, "dispatch.orders", one_order(day, "street.check"),
        lambda o: o["history"][0]["why"].update(en=""))),
    "rescued from afar": (rescues_hold, lambda day: changed(
        day, "dispatch.orders", one_order(
            day, "elevator.rescue", lambda o: o["verdict"] and o["verdict"]["action"] == "rescued"),
        lambda o: o.update(history=[s for s in o["history"] if s["step"] != "arrived"]))),
    "officer before the merchant's time": (merchants_come_first, lambda day: changed(
        day, "dispatch.orders", one_order(day, "kitchen.hygiene"), climb_at_once)),
    "silent merchant left alone": (merchants_come_first, lambda day: changed(
        day, "dispatch.orders", one_order(day, "kitchen.hygiene",
                                          lambda o: o["responders"][0]["role"] == "use_unit"),
        leave_to_merchant)),
    "rodent told to the merchant": (rodents_skip_the_merchant, lambda day: changed(
        day, "dispatch.orders", one_order(day, "kitchen.rodent"),
        lambda o: o["responders"][0].update(role="use_unit"))),
    "all dismissed": (warnings_hold, lambda day: changed(
        day, "warnings", lambda r: True, lambda w: w.update(state="dismissed"))),
    "all P1": (warnings_hold, lambda day: changed(
        day, "warnings", lambda r: True, lambda w: w.update(priority="P1"))),
    "screened by nobody": (screening_has_an_owner, lambda day: changed(
        day, "warnings", lambda r: r["data"]["state"] == "screening",
        lambda w: w.update(screening=None))),
    "screening that waits for ever": (screening_has_an_owner, lambda day: changed(
        day, "warnings", lambda r: r["data"]["id"] == first(
            day, "warnings", lambda w: w["data"]["state"] == "screening")["data"]["id"],
        lambda w: w.update(state="screening", shelved=None, screening={
            "owner": "seat/1", "deadline": w["since"], "passedOn": 0}))),
    "life that waits": (parents_hold, lambda day: changed(
        day, "warnings", lambda r: waits(r["data"]), lambda w: w.update(priority="P1"))),
    "never raised anew": (parents_hold, lambda day: without(
        day, "warnings", lambda r: r["data"]["rule"] == "elevator.fault" and not waits(r["data"]))),
    "sent to a filed pitch": (permits_hold, send_out),
    "excused without a filing": (permits_hold, excuse),
    "flood": (no_flood, raise_many),
    "reply lost": (receipts_answered, lambda day: without(
        day, "notices", lambda r: r is first(day, "notices", is_reply))),
    "reply twice": (receipts_answered, lambda day: day.with_topic(
        "notices", day.topics["notices"] + [first(day, "notices", is_reply)])),
    "reply without cause": (receipts_answered, lambda day: changed(
        day, "complaints", lambda r: r["data"]["reply"],
        lambda c: c["reply"].update(cause="nobody"))),
    "complaint unanswered": (receipts_answered, lambda day: changed(
        day, "complaints", lambda r: r["subject"] == answered_receipt(day),
        lambda c: c.update(reply=None))),
    "complaint lost": (receipts_answered, lambda day: without(
        day, "complaints", lambda r: r["subject"] == answered_receipt(day))),
    "words kept": (nobodys_words, keep_words),
    "an elevator not shown": (registered_are_shown, lambda day: without(
        day, "entity.status", lambda r: r is first(
            day, "entity.status", lambda r: r["subject"].startswith("elevator/")))),
    "exempted and not minor": (exemptions_hold, lambda day: changed(
        day, "matters", lambda r: r["data"]["exemption"], lambda m: m.update(minor=False))),
    "exempted without correction": (exemptions_hold, lambda day: changed(
        day, "matters", lambda r: r["data"]["exemption"],
        lambda m: m["correction"].update(inTime=False))),
    "exempted by a camera": (exemptions_hold, lambda day: changed(
        day, "matters", lambda r: r["data"]["exemption"],
        lambda m: m["exemption"].update(by="device/cam-1"))),
    "exempted twice": (exemptions_hold, exempt_again),
    "a matter of a false alarm": (exemptions_hold, lambda day: changed(
        day, "dispatch.orders", lambda r: r["data"]["verdict"],
        lambda o: o["verdict"].update(finding="false_alarm"))),
    "a finding never made": (everything_occurs, lambda day: changed(
        day, "dispatch.orders",
        lambda r: r["data"]["verdict"] and r["data"]["verdict"]["finding"] == "refused",
        lambda o: o["verdict"].update(finding="confirmed"))),
    "a step never taken": (everything_occurs, lambda day: without(
        day, "field.feedback", lambda r: r["data"]["step"] == "transfer")),
}
