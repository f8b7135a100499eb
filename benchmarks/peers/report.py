"""The rows as tables in markdown: a column a contestant, a line a figure."""
import statistics

OURS = "watchfire"
FIGURES = {  # key: what it says, form
    "drain": {
        "rate": ("events/s, whole", "{:,.0f}"),
        "rate_steady": ("events/s, steady", "{:,.0f}"),
        "rate_with_start": ("events/s, with the start", "{:,.0f}"),
        "cpu": ("CPU-s per million, whole", "{:.2f}"),
        "cpu_steady": ("CPU-s per million, steady", "{:.2f}"),
        "cpu_with_start": ("CPU-s per million, with the start", "{:.2f}"),
        "broker_cpu": ("broker's CPU-s per million", "{:.2f}"),
        "peak_mib": ("peak memory, MiB", "{:.0f}"),
        "start_s": ("start to first record, s", "{:.2f}"),
        "steady_seconds": ("steady part, s", "{:.1f}"),
    },
    "latency": {
        "p50": ("p50, ms", "{:.1f}"),
        "p99": ("p99, ms", "{:.1f}"),
        "p999": ("p99.9, ms", "{:.1f}"),
        "own_cores": ("cores", "{:.2f}"),
        "broker_cores": ("broker's cores", "{:.2f}"),
        "peak_mib": ("peak memory, MiB", "{:.0f}"),
        "probe_lag": ("probe's worst own lag, ms", "{:.1f}"),
        "windows_left_out": ("windows left out", "{:.0f}"),
    },
    "restart": {
        "restart_s": ("killed, its disk kept: s to its first warning", "{:.2f}"),
        "kept_rows": ("rows restored then", "{:,.0f}"),
        "empty_s": ("killed, its disk lost: s to its first warning", "{:.2f}"),
        "rows": ("rows restored then", "{:,.0f}"),
        "rows_per_s": ("rows/s, start to first record", "{:,.0f}"),
    },
}
NO_RATIO = {"probe_lag", "windows_left_out", "steady_seconds", "kept_rows", "rows"}


def title(case):
    mode, commit_ms, rate = case
    at = f", {rate:,} events/s" if rate else ""
    return f"{mode}{at}, commits each {commit_ms} ms"


def wrong(row):
    """Why the row's warnings are not right, or nothing."""
    if "failed" in row:
        return row["failed"]
    if row["mode"] == "latency":
        left = row["wanted"] - row["received"]
        return f"{left:,} of {row['wanted']:,} warnings not in time" if left > 0 else ""
    if row["missing"] or row["extra"]:
        return f"{row['missing']:,} missing, {row['extra']:,} extra"
    return ""


def counted(rows):
    """The undisturbed ones; all, when there are none."""
    good = [row for row in rows if "failed" not in row]
    return [row for row in good if not row.get("disturbed")] or good


def values(rows, key):
    return [row[key] for row in counted(rows) if row.get(key) is not None]


def cell(rows, key, form, ours):
    found = values(rows, key)
    if not found:
        return "–"
    middle = statistics.median(found)
    text = form.format(middle)
    if len(found) > 1:
        text += f" ({form.format(min(found))}–{form.format(max(found))})"
    compared = values(ours, key)
    if rows is not ours and compared and key not in NO_RATIO and statistics.median(compared):
        text += f" **{middle / statistics.median(compared):.2g}×**"
    return text


def table(case, of):
    """`of`: contestant to its rows."""
    ours = of.get(OURS, [])
    lines = [f"### {title(case)}", "", "| | " + " | ".join(of) + " |", "|---" * (len(of) + 1) + "|"]

    def line(name, cells):
        lines.append(f"| {name} | " + " | ".join(cells) + " |")

    for key, (name, form) in FIGURES[case[0]].items():
        line(name, [cell(rows, key, form, ours) for rows in of.values()])
    if case[0] == "drain":
        line("events", [", ".join(sorted({f"{row['events']:,}" for row in rows if "events" in row}))
                        for rows in of.values()])
    line("warnings right", ["; ".join(sorted(set(filter(None, map(wrong, rows))))) or "yes"
                            for rows in of.values()])
    line("runs counted", [f"{len(counted(rows))} of {len(rows)}" + (
        " (all disturbed)" if any(row.get("disturbed") for row in counted(rows)) else "")
        for rows in of.values()])
    return "\n".join(lines) + "\n"


def tables(rows):
    cases = {}
    for row in rows:
        case = row["mode"], row["commit_ms"], row.get("rate_asked", 0)
        cases.setdefault(case, {}).setdefault(row["contestant"], []).append(row)
    return "\n".join(table(case, of) for case, of in cases.items())
