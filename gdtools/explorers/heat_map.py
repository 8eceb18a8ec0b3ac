"""Test accuracy for every batch size and learning rate, epoch by epoch."""

import ipywidgets
import numpy as np
from matplotlib.colors import to_hex

from gdtools import plots
from gdtools.arguments import array, floats, refuse
from gdtools.explorers.explorer import Explorer, counts
from gdtools.widgets.live import LiveFigure, Track


def explore_heat_map(accuracy, batch_sizes, learning_rates, *, usable=0.9):
    """Test accuracy for every batch size and learning rate: a slider for the epoch, the cell by click or by two lists.

    `accuracy` has shape (epochs + 1, batch sizes, rates, runs), before the first epoch and after each. Left, the median
    of the runs in each cell, with a dot where it is at least `usable`; right, the accuracy of the chosen cell, for each
    run, and the median in bold.

    Raises ValueError for an accuracy of another shape, and for batch sizes and rates that can be none.

    >>> explorer = explore_heat_map(np.full((3, 2, 4, 5), 0.5), [1, 2], [0.1, 0.2, 0.4, 0.8])

    Source: Masters and Luschi, Revisiting Small Batch Training for Deep Neural Networks (2018), arXiv 1804.07612.
    """
    sizes = counts("batch_sizes", batch_sizes)
    rates = floats("learning_rates", learning_rates, at_least=0).ravel()
    expected = f"numbers of shape (epochs + 1, {len(sizes)}, {len(rates)}, runs)"
    accuracy, given = array("accuracy", expected, accuracy), accuracy
    fits = accuracy.ndim == 4 and len(accuracy) > 1 and accuracy.shape[1:3] == (len(sizes), len(rates))
    if accuracy.dtype.kind not in "fiu" or not fits:
        refuse("accuracy", expected, given)
    accuracy, usable = floats("accuracy", accuracy), float(floats("usable", usable, shape=()))
    epochs, n_runs = len(accuracy) - 1, accuracy.shape[-1]
    median = np.median(accuracy, axis=-1)

    picture, (cells, curve) = plots.figure(2, width=10, height=4.2)
    cells.get_gridspec().set_width_ratios([2, 1])
    plots.heat_map(np.full(median.shape[1:], np.nan), sizes, rates, cells)
    cells.set(xlabel="learning rate η", ylabel="batch size B", title=f"test accuracy, median of {n_runs} runs")
    curve.set(xlabel="epoch", ylabel=f"test accuracy (dashed: {usable:.0%})", ylim=(0, 1), title="the chosen cell")
    curve.set_xlim(-0.03 * epochs, 1.03 * epochs)
    curve.yaxis.set_major_formatter("{x:.0%}")
    curve.axhline(usable, color=plots.MARK, linestyle="--", linewidth=1)
    alt = (
        "Left, a map of the test accuracy, a cell for each batch size and learning rate; right, the accuracy of the "
        f"chosen cell after each epoch, a line for each of {n_runs} runs and a bold one for their median."
    )
    live = LiveFigure(picture, "epoch", range(epochs + 1), alt=alt, frame=epochs, click=cells)
    still = [*_colored_cells(cells, median), _dots(cells, median >= usable)]
    names = {"batch size B": [str(size) for size in sizes], "learning rate η": [f"{rate:.2g}" for rate in rates]}
    lists = [
        ipywidgets.Dropdown(
            options=[(text, index) for index, text in enumerate(texts)],
            value=len(texts) // 2,
            description=name,
            style={"description_width": "initial"},
        )
        for name, texts in names.items()
    ]

    @live.reporting
    def replay(_=None):
        row, column = (choice.value for choice in lists)
        runs, middle = accuracy[:, row, column], median[:, row, column]
        color = plots.method_color(sizes[row], None)
        x, now = np.arange(epochs + 1), np.arange(epochs + 1)[:, None]
        tracks = [Track(curve, x, run, color, width=0.8) for run in runs.T]
        tracks += [Track(curve, x, middle, color, width=3), Track(curve, now, middle[:, None], plots.NOW, 0, dot=5)]
        frame = np.array([-0.5, 0.5, 0.5, -0.5, -0.5, 0.5]), np.array([-0.5, -0.5, 0.5, 0.5, -0.5, -0.5])
        tracks += [Track(cells, column + frame[0], row + frame[1], plots.NOW, width=4)]
        chosen = f"B = {sizes[row]} with η = {rates[column]:.2g}"
        words = [f"{text} {chosen} gets {share:.0%} right." for text, share in zip(found, middle, strict=True)]
        live.replay(still + tracks, words)

    def clicked(x, y):
        for choice, place in zip(lists, (y, x), strict=True):
            choice.unobserve(replay, "value")
            choice.value = int(np.clip(round(place), 0, len(choice.options) - 1))
            choice.observe(replay, "value")
        replay()

    found = [_usable_rates(epoch, shares >= usable, sizes, usable) for epoch, shares in enumerate(median)]
    for choice in lists:
        choice.observe(replay, "value")
    live.on_point(clicked)
    replay()
    return Explorer(live, lists)


def _colored_cells(ax, shares):
    """The cells of a heat map, shares of shape (frames, rows, columns), as thick lines: a track for each colour."""
    row, column = np.indices(shares.shape[1:]).reshape(2, -1, 1)
    level = np.clip(shares * plots.SHARES.N, 0, plots.SHARES.N - 1).astype(int).reshape(len(shares), -1)
    height = 0.94 * ax.get_window_extent().height / shares.shape[1]
    tracks = []
    for shade in np.unique(level):
        ever = (level == shade).any(axis=0)
        across = np.where((level[:, ever] == shade)[..., None], column[ever] + [-0.47, 0.47, np.nan], np.nan)
        across = across.reshape(len(shares), -1)
        tracks.append(Track(ax, across, np.repeat(row[ever], 3), to_hex(plots.SHARES(shade)), width=height))
    return tracks


def _dots(ax, marked):
    """A dot in each of the marked cells, shape (frames, rows, columns)."""
    row, column = np.indices(marked.shape[1:]).reshape(2, -1)
    return Track(ax, np.where(marked.reshape(len(marked), -1), column, np.nan), row, plots.MARK, width=0, dot=3)


def _usable_rates(epoch, marked, batch_sizes, usable):
    """How many learning rates are usable with each batch size, in a sentence."""
    counts = [f"{n} for B = {b}" for n, b in zip(marked.sum(axis=-1), batch_sizes, strict=True)]
    after = f"After {epoch} {'epoch' if epoch == 1 else 'epochs'}"
    return f"{after}, learning rates with at least {usable:.0%} right: {', '.join(counts)}."
