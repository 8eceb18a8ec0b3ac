"""Measuring in turns, and the tables. A measurement is a list of numbers, one for each round."""

import os
import platform
from importlib import metadata
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np


def in_turns(rounds, *ways):
    """Call each of `ways` once to warm up and then once in each round; for each, the list of what it returned.

    Whatever else the machine does meanwhile, it does to all of them.
    """
    for way in ways:
        way()
    return list(zip(*([way() for way in ways] for _ in range(rounds)), strict=True))


def timed(work, *arguments):
    """A function that does the work and returns how many milliseconds that took."""

    def timing():
        start = perf_counter()
        work(*arguments)
        return 1000 * (perf_counter() - start)

    return timing


def slope(sizes, costs):
    """By which power of the size the cost grows: the slope of a straight line through the logarithms."""
    return np.polyfit(np.log(sizes[: len(costs)]), np.log(costs), 1)[0]


def machine():
    """What the figures depend on."""
    names = ("numpy", "matplotlib", "jupyterlab", "ipywidgets", "ipympl", "torch", "scikit-learn")
    versions = [f"{name} {metadata.version(name)}" for name in names if next(metadata.distributions(name=name), None)]
    return f"{_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, {', '.join(versions)}"


def _processor():
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(models), platform.processor() or platform.machine())


def table(heading, rows):
    """Print a table, each row as soon as it is measured."""
    print(f"Measured on {machine()}.\n\n{heading}\n|{'---|' * (heading.count('|') - 1)}", flush=True)
    for line in rows:
        print(line, flush=True)
    print()


def row(what, ours, name, rival, unit="ms"):
    """A row of the table. The ratio, the median over the rounds, says how many times better ours is."""
    better, worse = (rival, ours) if unit == "ms" else (ours, rival)
    ratio = short(median(np.divide(better, worse))) if all(worse) else "–"
    return f"| {what} | {_spread(ours, unit)} | {name}: {_spread(rival, unit)} | {ratio} |"


def missing(what, why):
    """A row for what can't be measured here."""
    return f"| {what} | {why} | | |"


def _spread(values, unit):
    return f"{short(median(values))} {unit} ({short(min(values))}–{short(max(values))})"


def short(value):
    """Two digits, or more before the point."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"
