"""Measuring in turns, and the table. A measurement is a list of numbers, one for each round."""

from statistics import median
from time import perf_counter


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


def row(what, ours, name, rival, unit="ms"):
    """A row of the table. The ratio, the median over the rounds, says how many times better ours is."""
    ratios = [b / a if unit == "ms" else a / max(b, 1e-9) for a, b in zip(ours, rival, strict=True)]
    return f"| {what} | {_spread(ours, unit)} | {name}: {_spread(rival, unit)} | {_short(median(ratios))} |"


def missing(what, why):
    """A row for what can't be measured here."""
    return f"| {what} | {why} | | |"


def _spread(values, unit):
    return f"{_short(median(values))} {unit} ({_short(min(values))}–{_short(max(values))})"


def _short(value):
    """Two digits, or more before the point."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"
