"""The rows of growth.py as a table in markdown and as a picture in SVG, by hand."""
import statistics
from xml.sax.saxutils import escape

FACTORS = {  # a panel each: what changes against the base
    "entities": ("entities", "entities"),
    "threads": ("threads", "threads"),
    "partitions": ("partitions", "partitions"),
    "rules": ("rules", "rules"),
    "even": ("busyness", "skew"),
    "silence": ("timer each, even", None),
    "all": ("all of them", None),
}
FIGURES = (  # key, what it says, its form, more is better
    ("cpu", "CPU-seconds per million events", "{:.2f}"),
    ("rate", "thousand events/s", "{:,.0f}"),
    ("peak_mib", "peak memory, MiB", "{:.0f}"),
)
SCALE = {"rate": 1e-3}
INK, SOFT, GRID, PAPER = "#1f2430", "#5a6270", "#d4d7dd", "#f6f7f9"
BASE, CHANGED = "#8a94a6", "#2f6db5"


def short(number):
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= size and number % (size // 10) == 0:
            return f"{number / size:g}{letter}"
    return f"{number:,g}"


def by_case(rows):
    """Case to its good runs: undisturbed ones, if there are any."""
    cases = {}
    for row in rows:
        if "failed" not in row:
            cases.setdefault(row["case"], []).append(row)
    return {case: [row for row in of if not row["disturbed"]] or of for case, of in cases.items()}


def values(rows, key, scale=None):
    """(least, median, most)"""
    scale = SCALE.get(key, 1) if scale is None else scale
    figures = sorted(row[key] * scale for row in rows)
    return figures[0], statistics.median(figures), figures[-1]


def cell(rows, key, form):
    least, middle, most = values(rows, key)
    text = form.format(middle)
    if len(rows) > 1:
        text += f" ({form.format(least)}–{form.format(most)})"
    return text


def table(rows):
    """A line a case, medians with the spread, and what a sizing needs."""
    lines = [
        "| case | entities (seen) | threads | partitions | rules | busyness | CPU-s per million | "
        "with write-behind | k events/s | peak MiB | broker CPU-s per million | "
        "changelog B/event | state B/entity | commits/s | warnings | runs |",
        "|---" * 16 + "|"]
    for case, of in by_case(rows).items():
        one = of[0]
        all_runs = [row for row in rows if row["case"] == case]
        wrong = [row for row in all_runs if "failed" in row or row["missing"] or row["extra"]]
        noted = " (disturbed)" if any(row["disturbed"] for row in of) else ""
        middle = {key: statistics.median(row[key] for row in of)
                  for key in ("changelog_bytes", "state_bytes")}
        pace = statistics.median(row["commits"] / row["seconds"] for row in of)
        lines.append("| " + " | ".join([
            case, f"{one['entities']:,} ({one['subjects']:,})", str(one["threads"]),
            str(one["partitions"]), str(one["rules"]), busyness(one["skew"]),
            *(cell(of, key, form) for key, form in (
                ("cpu", "{:.2f}"), ("cpu_to_end", "{:.2f}"), ("rate", "{:,.0f}"),
                ("peak_mib", "{:.0f}"), ("broker_cpu", "{:.2f}"))),
            f"{middle['changelog_bytes'] / one['events']:.0f}",
            f"{middle['state_bytes'] / one['subjects']:.0f}", f"{pace:.1f}",
            f"{len(wrong)} runs wrong" if wrong else f"{one['warnings']:,}: as the oracle says",
            f"{len(of)} of {len(all_runs)}{noted}"]) + " |")
    for row in rows:
        if "failed" in row:
            lines.append(f"\n{row['case']}, round {row['round']}: {row['failed']}")
    return "\n".join(lines) + "\n"


def busyness(skew):
    return "even" if skew == 0 else f"Zipf {skew:g}"


class Drawing:
    def __init__(self, width, height):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="system-ui, sans-serif" '
            'font-size="11">',
            f'<rect width="{width}" height="{height}" rx="6" fill="{PAPER}"/>']

    def text(self, x, y, words, *, anchor="middle", fill=INK, more=""):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" '
                          f'{more}>{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, stroke=GRID, width=1.0):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                          f'stroke="{stroke}" stroke-width="{width}"/>')

    def bar(self, x, y, width, height, fill):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
                          f'height="{height:.1f}" fill="{fill}"/>')

    def end(self):
        return "\n".join([*self.parts, "</svg>"]) + "\n"


def step_of(most):
    """A round distance between lines of the grid: four or so of them."""
    step = 1e-3
    while True:
        for factor in (1, 2, 5):
            if most / (step * factor) <= 5:
                return step * factor
        step *= 10


def label(case, key, row):
    if key is None:
        return row["case"]
    return busyness(row["skew"]) if key == "skew" else short(row[key])


def picture(rows):
    """A row of panels a figure, a column a factor: the base beside what changed."""
    cases = by_case(rows)
    if "base" not in cases:
        return Drawing(10, 10).end()
    shown = [case for case in FACTORS if case in cases]
    left, top, panel, gap, tall, between = 56, 58, 112, 14, 120, 46
    width = left + len(shown) * (panel + gap) + 10
    drawing = Drawing(width, top + len(FIGURES) * (tall + between) + 22)
    one = rows[0]
    drawing.text(12, 22, "How elevator_watch grows on Kafka, exactly once", anchor="start",
                 more='font-size="15" font-weight="600"')
    drawing.text(12, 38, f"{one['events']:,} events, commits each {one['commit_ms']} ms; medians, "
                 "lines from the least to the most of the runs; grey: the base", anchor="start",
                 fill=SOFT)
    for f, (key, name, form) in enumerate(FIGURES):
        begin = top + f * (tall + between)
        base = begin + 18 + tall - 18
        most = max(values(cases[case], key)[2] for case in ["base", *shown])
        step = step_of(most)
        scale = (tall - 32) / most
        drawing.text(12, begin + 8, name, anchor="start", more='font-weight="600"')
        for i in range(int(most / step) + 1):
            y = base - i * step * scale
            drawing.line(left, y, width - 12, y)
            drawing.text(left - 6, y + 4, f"{i * step:,g}", anchor="end", fill=SOFT)
        for p, case in enumerate(shown):
            x = left + p * (panel + gap) + gap / 2
            title, factor = FACTORS[case]
            for i, which in enumerate(("base", case)):
                least, middle, highest = values(cases[which], key)
                bar = panel / 2 - 12
                at = x + 8 + i * (bar + 8)
                drawing.bar(at, base - middle * scale, bar, middle * scale, (BASE, CHANGED)[i])
                if least != highest:
                    drawing.line(at + bar / 2, base - least * scale, at + bar / 2,
                                 base - highest * scale, INK, 1.5)
                drawing.text(at + bar / 2, base - highest * scale - 4, form.format(middle))
                drawing.text(at + bar / 2, base + 13, label(case, factor, cases[which][0]))
            drawing.line(x, base, x + panel, base, SOFT)
            drawing.text(x + panel / 2, base + 27, title, fill=SOFT)
    return drawing.end()
