"""How the cost grows with N, with the number of runs, and with that of frames: python -m benchmarks.growth"""

import io
from statistics import median

import matplotlib
import numpy as np

from benchmarks import textbook
from benchmarks.measure import short, slope, table, timed
from evidence.core import Draw
from gdtools.descent import descend
from gdtools.explorers import explore_descent
from gdtools.losses import LeastSquares, bowl

EXAMPLES, RUNS, FRAMES = (10**3, 10**4, 10**5, 10**6), (1, 10, 100, 1000), (10, 100, 1000)


def rows():
    """A row for each quantity: its sizes, our costs and their slope, the rival's. What takes long ends early."""
    matplotlib.use("agg")
    for what, sizes, ours, rival in (
        ("epoch, B = 100, N examples", EXAMPLES, epoch, textbook_epoch),
        ("epoch of 1000 examples, B = 1, R runs", RUNS, runs, textbook_runs),
        ("an explorer with F learning rates", FRAMES, explorer, pictures),
    ):
        (time, size), (rival_time, rival_size) = costs(ours, sizes), costs(rival, sizes)
        yield f"| {what}: time | {_all(sizes, time, 'ms')} | {_all(sizes, rival_time, 'ms')} |"
        yield f"| {what}: bytes | {_all(sizes, size, 'kB')} | {_all(sizes, rival_size, 'kB')} |"


def costs(work, sizes, rounds=3, patience=10_000):
    """Milliseconds (the median of the rounds) and kB of `work(size)()`, until one takes longer than `patience`."""
    times, kilobytes = [], []
    for size in sizes:
        ready = work(size)
        timing = timed(lambda: kilobytes.append(ready() / 1000))  # noqa: B023, it is called here
        times.append(median(timing() for _ in range(rounds)))
        del kilobytes[len(times) :]
        if times[-1] > patience:
            break
    return times, kilobytes


def _all(sizes, values, unit):
    power = f"{slope(sizes, values):.2f}" if len(values) > 1 else ""
    return f"{', '.join(map(short, values))} {unit} | {power}"


# Each takes a size and returns the work to be timed, which returns how many bytes it made.


def epoch(n):
    X, y = _data(n)
    return lambda: descend(LeastSquares(X, y), (0, 0), 0.01, epochs=1, batch_size=100).theta.nbytes


def textbook_epoch(n):
    X, y = _data(n)
    return lambda: textbook.minibatch(X, y, 0.01, 0, 100).nbytes


def runs(r):
    X, y = _data(1000)
    return lambda: descend(LeastSquares(X, y), (0, 0), 0.01, epochs=1, batch_size=1, seed=range(r)).theta.nbytes


def textbook_runs(r):
    X, y = _data(1000)
    return lambda: sum(textbook.sgd(X, y, 0.01, seed).nbytes for seed in range(r))


def explorer(f):
    """What the kernel computes, and what it sends: the bytes of all traits that the browser gets."""
    rates = np.linspace(0.005, 0.3, f)

    def show():
        live = explore_descent(bowl(1, 4), (4, 2), rates, steps=60).live
        return sum(len(value) if isinstance(value, bytes) else len(str(value)) for value in live.get_state().values())

    return show


def pictures(f):
    """As many pictures as `interact` makes when its slider visits all learning rates."""

    def draw():
        total = 0
        for rate in np.linspace(0.005, 0.3, f):
            file, figure = io.BytesIO(), textbook.scene(rate)
            figure.savefig(file, bbox_inches="tight")
            textbook.plt.close(figure)
            total += file.tell()
        return total

    return draw


def _data(n):
    """The flights, as often as it takes to have n of them."""
    line = Draw(0).line()
    return np.resize(line.X, (n, 2)), np.resize(line.y, n)


if __name__ == "__main__":
    heading = "| what, at N = 10³ to 10⁶, R = 1 to 1000, F = 10 to 1000 | ours | slope | the rival's | slope |"
    table(heading, rows())
