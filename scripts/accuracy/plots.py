"""Draws the plots of docs/accuracy.md. Argument: the JSON of `npm run accuracy`."""

import json
import logging
import math
import re
import sys
from pathlib import Path

import matplotlib
import numpy
from matplotlib import pyplot
from matplotlib.ticker import FixedLocator, MultipleLocator, NullLocator, PercentFormatter

IMAGES = Path(__file__).parent.parent.parent / "docs" / "images"

RUNS = ("#d95f02", "#7f79c2", "#66c2a5", "#14775a", "#a6761d", "#666666")
GROUPS = {"Hotend, heating": "#d1352b", "Bed, heating": "#e39a00", "Cooling": "#2a6fbb"}
INK, FAINT, BAND = "#1f2933", "#5f6c7b", "#dcebd8"

# Seconds. A prediction outside is drawn on the edge.
SHORTEST, LONGEST = 1, 3600

# More points of an event would only cover each other, more readings enlarge the file.
MOST_POINTS = 60
MOST_READINGS = 180

STYLE = {
    "axes.edgecolor": FAINT,
    "axes.grid": True,
    "axes.labelcolor": FAINT,
    "figure.constrained_layout.use": True,
    "font.size": 9.5,
    "font.sans-serif": ["system-ui", "Segoe UI", "Roboto", "Arial", "DejaVu Sans"],
    "grid.alpha": 0.4,
    "lines.solid_capstyle": "round",
    "path.simplify": False,
    "svg.fonttype": "none",
    # The same identifiers each time.
    "svg.hashsalt": "accuracy",
    "text.color": INK,
}


def clock(seconds, _=None):
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"


def gaps(values):
    """Without a value, a line is interrupted."""
    return [math.nan if value is None else value for value in values]


def plot_predictions(runs, within):
    """The predictions of each run against the truth, in a panel for each."""
    rows = math.ceil(len(runs) / 2)
    figure, panels = pyplot.subplots(rows, 2, figsize=(8.6, 4.7 * rows))
    for panel, run in zip(panels.flat, runs):
        shares = [event["share"] for event in run["events"]]
        median, p90 = numpy.percentile(shares, (50, 90))
        panel.fill_between(
            (SHORTEST, LONGEST),
            [(1 - within) * it for it in (SHORTEST, LONGEST)],
            [(1 + within) * it for it in (SHORTEST, LONGEST)],
            color=BAND,
            label=f"within {100 * within:.0f} %",
        )
        panel.plot(
            (SHORTEST, LONGEST), (SHORTEST, LONGEST), color=INK, label="exact", lw=1
        )
        for group, color in GROUPS.items():
            events = [event for event in run["events"] if event["group"] == group]
            dots = [dot for event in events for dot in thinned(event["points"])]
            # Lines without length, as a marker takes four times the bytes.
            path = [place for dot in dots for place in (dot, dot, (math.nan, math.nan))]
            panel.plot(*zip(*path), color=color, alpha=0.7, lw=2.5, label=group)
        errors = f"pnMAE {100 * median:.1f} % (median), {100 * p90:.1f} % (p90)"
        panel.set(title=f"{run['title']}\n{errors}")
        panel.set(xscale="log", yscale="log", aspect="equal")
        panel.set(xlim=(SHORTEST, LONGEST), ylim=(SHORTEST, LONGEST))
        panel.set(xlabel="True remaining time (m:ss)", ylabel="Predicted (m:ss)")
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_locator(FixedLocator([1, 10, 60, 600, 3600]))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(clock)
    write("accuracy", figure, "Predicted against true remaining time", panels.flat[0])


def thinned(points):
    """The first prediction in each of several equal parts of the logarithmic axis."""
    whole = math.log(points[0]["left"])
    parts = {}
    for point in points:
        left, remaining = point["left"], point["remaining"]
        if remaining is not None and left >= SHORTEST:
            shown = min(max(remaining, SHORTEST), LONGEST)
            parts.setdefault(int(MOST_POINTS * math.log(left) / whole), (left, shown))
    return list(parts.values())


def plot_transients(runs):
    """The longest recordings of a bed's heat-up and of a cool-down, and each algorithm's
    countdown. Nothing had been learned before, so both runs of Adaptive are the same."""
    runs = [run for run in runs if run["title"] != "Adaptive, learned"]
    figure, panels = pyplot.subplots(
        2, 2, figsize=(8.6, 5.6), sharex="col", height_ratios=(1, 1.8)
    )
    for (above, below), group in zip(panels.T, ("Bed, heating", "Cooling")):
        index, event = max(
            enumerate(runs[0]["events"]),
            key=lambda it: (it[1]["group"] == group, len(it[1]["points"])),
        )
        duration = event["points"][0]["left"]
        every = slice(None, None, math.ceil(len(event["points"]) / MOST_READINGS))
        points = event["points"][every]
        times = [duration - point["left"] for point in points]
        above.plot(times, [point["actual"] for point in points], color=INK)
        above.axhline(event["goal"], color=INK, ls="--", label="target")
        heater = "Bed" if event["heater"] == "bed" else "Hotend"
        above.set(title=f"{heater}, {event['kind']}", ylabel="°C")
        below.plot((0, duration), (duration, 0), color=INK, label="true time")
        for run, color in zip(runs, RUNS):
            answers = run["events"][index]["points"][every]
            remaining = gaps(point["remaining"] for point in answers)
            below.plot(times, remaining, color=color, label=run["title"])
            known = [
                (time, *it["interval"])
                for time, it in zip(times, answers)
                if it["interval"]
            ]
            if known:
                band = {"alpha": 0.2, "lw": 0, "label": "80 % interval"}
                below.fill_between(*zip(*known), color=color, **band)
        below.set(xlabel="Time since the start (m:ss)", ylabel="Remaining time (m:ss)")
        below.set(xlim=(0, duration), ylim=(0, 1.6 * duration))
        step = next(it for it in (10, 20, 30, 60, 120, 180, 300) if duration / it <= 6)
        for axis in (below.xaxis, below.yaxis):
            axis.set_major_locator(MultipleLocator(step))
            axis.set_major_formatter(clock)
    write("heat-up", figure, "A heat-up and a cool-down", below, above)


def plot_errors(runs, groups):
    """The error of every run by elapsed share of the time."""
    figure, panels = pyplot.subplots(1, 3, figsize=(8.6, 3.6), sharey=True)
    for panel, group in zip(panels, groups):
        for run, color, curve in zip(runs, RUNS, group["curves"]):
            elapsed = [(part + 0.5) / len(curve) for part in range(len(curve))]
            panel.plot(elapsed, gaps(curve), "o-", color=color, ms=4, label=run["title"])
        panel.set(title=group["group"], xlabel="Elapsed time", xlim=(0, 1), ylim=0)
        panel.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
        panel.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    panels[0].set(ylabel="Error (share of the duration)")
    write("error-by-progress", figure, "Error over time", panels[0])


def write(name, figure, title, *panels):
    """Write the figure with a legend of what is in these panels."""
    figure.suptitle(title, fontweight="bold")
    handles = [it for panel in panels for it in panel.get_legend_handles_labels()[0]]
    figure.legend(handles=handles, loc="outside lower center", ncols=6)
    file = IMAGES / f"{name}.svg"
    pyplot.savefig(file, metadata={"Date": None, "Title": title})
    # A tenth of a pixel is enough, and one line for each path.
    text = re.sub(r' ?\n(?=[MLz"])', "", file.read_text("utf-8"))
    text = re.sub(r"\d+\.\d\d+", lambda number: f"{float(number[0]):.1f}", text)
    file.write_text(text, "utf-8")


def main(file):
    # Not every font exists here.
    logging.getLogger("matplotlib.font_manager").disabled = True
    matplotlib.use("svg")
    matplotlib.rcParams.update(STYLE)
    data = json.loads(Path(file).read_text("utf-8"))
    plot_predictions(data["runs"], data["within"])
    plot_transients(data["runs"])
    plot_errors(data["runs"], data["groups"])


if __name__ == "__main__":
    main(sys.argv[1])
