"""What a city needs, computed from the rows of growth.py: deploy/sizing.md says how and why."""
import math

from growth_report import by_case, values

NEEDED = ("base", "rules", "partitions", "even", "silence")
MOST_RULES = 200
FORWARDER_CPU = 2.3  # CPU-s per million: compare.py, watchfire-doors less watchfire
USED = 0.5                 # of the cores that are bought: the rest catches up after an outage
THREADS = 4                # of a process
REPLICAS = 3
SEGMENT = 128 << 20        # bytes of a changelog's segment that compaction leaves alone
DAY = 86_400
KEPT_DAYS = 3              # of the door and of city.events
CITIES = {                 # elevators (one message a second), cameras, hotlines
    "Shanghai": (270_000, 29_000, 5),
    "ten of them": (2_700_000, 290_000, 50),
}
ALERT_EVERY = 600          # s, of each camera
CALLS = 10_000             # a day and hotline
PEAK = 4                   # calls in the busiest hour against the day's mean


def figures(rows):
    """Symbol: (value, unit and meaning, case)."""
    cases = by_case(rows)
    if any(name not in cases for name in NEEDED):
        return {}

    def at(case, key):
        return values(cases[case], key, 1)[1]

    def per(case, key, of):
        return at(case, key) / cases[case][0][of]

    rules = cases["rules"][0]["rules"] - cases["base"][0]["rules"]
    timer_mib = at("silence", "peak_mib") - at("base", "peak_mib")
    return {
        "c": (at("even", "cpu_to_end"), "CPU-s per million events, 5 rules, even", "even"),
        "cr": ((at("rules", "cpu_to_end") - at("base", "cpu_to_end")) / rules,
               "more for each further rule on the source", "rules"),
        "ct": (at("silence", "cpu_to_end") - at("even", "cpu_to_end"),
               "more when each message changes its entity's row", "silence"),
        "cp": (max(0.0, at("partitions", "cpu_to_end") - at("base", "cpu_to_end")),
               "more for 64 partitions", "partitions"),
        "b": (max(at("base", "broker_cpu"), at("partitions", "broker_cpu")),
              "broker's CPU-s per million", "partitions"),
        "m": (at("base", "peak_mib"), "MiB of a process", "base"),
        "me": (max(0.0, timer_mib) * 1024 / cases["silence"][0]["subjects"],
               "KiB of memory per entity in use", "silence"),
        "i": (per("base", "in_bytes", "events"), "bytes of an event in a topic", "base"),
        "w": (per("silence", "changelog_bytes", "events"), "bytes of changelog per event",
              "silence"),
        "s": (per("silence", "state_bytes", "subjects"), "bytes of state on disk per entity",
              "silence"),
    }


def city(figure, elevators, cameras, hotlines):
    """What is needed: name to (value, form)."""
    value = {symbol: of[0] for symbol, of in figure.items()}
    events = elevators + cameras / ALERT_EVERY + hotlines * CALLS * PEAK / DAY
    cost = value["c"] + value["cr"] * (MOST_RULES - 5) + value["ct"] + value["cp"]
    busy = events * cost / 1e6
    threads = math.ceil(busy / USED)
    partitions = 2 ** math.ceil(math.log2(2 * threads))
    processes = math.ceil(threads / THREADS)
    changelog = elevators * value["s"] / 0.7 + partitions * SEGMENT
    stream = events * value["i"]
    return {
        "events/s (E)": (events, "{:,.0f}"),
        "CPU-s per million (C)": (cost, "{:.1f}"),
        "cores busy with rules and state": (busy, "{:.1f}"),
        "cores busy with forwarding": (events * FORWARDER_CPU / 1e6, "{:.1f}"),
        "cores to buy for both": (
            (busy + events * FORWARDER_CPU / 1e6) / USED, "{:.0f}"),
        "worker threads (T)": (threads, "{:.0f}"),
        "processes": (processes, "{:.0f}"),
        "partitions (P)": (partitions, "{:.0f}"),
        "memory of all processes, GiB": (
            (processes * value["m"] + 2 * elevators * value["me"] / 1024) / 1024, "{:.1f}"),
        "state on disk, one copy, GiB": (3 * elevators * value["s"] / 2**30, "{:.2f}"),
        "changelog kept, all replicas, GiB": (REPLICAS * changelog / 2**30, "{:.1f}"),
        "changelog written, MB/s": (events * value["w"] / 1e6, "{:.0f}"),
        "one copy of the events, MB/s": (stream / 1e6, "{:.0f}"),
        "into the brokers, with replicas, MB/s": (
            REPLICAS * (2 * stream + events * value["w"]) / 1e6, "{:,.0f}"),
        "out of the brokers to processes, MB/s": (2 * stream / 1e6, "{:,.0f}"),
        "disk of events, all replicas, TB": (
            REPLICAS * 2 * stream * KEPT_DAYS * DAY / 1e12, "{:,.0f}"),
        "brokers' cores busy": (2 * REPLICAS * events * value["b"] / 1e6, "{:.0f}"),
    }


def sizing(rows):
    """Two tables in markdown, or nothing when a case is missing."""
    figure = figures(rows)
    if not figure:
        return ""
    lines = ["| | measured | what | case |", "|---|---|---|---|"]
    lines += [f"| `{symbol}` | {value:.3g} | {what} | {case} |"
              for symbol, (value, what, case) in figure.items()]
    needs = {name: city(figure, *of) for name, of in CITIES.items()}
    lines += ["", "| | " + " | ".join(needs) + " |", "|---" * (len(needs) + 1) + "|"]
    for what in next(iter(needs.values())):
        cells = [form.format(value) for value, form in (of[what] for of in needs.values())]
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
