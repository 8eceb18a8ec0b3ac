"""The course's sliders: controls, `descend` and a `LiveFigure`.

The learning rate and the step move in the browser alone. A new start goes to the kernel, which computes all the
positions of both sliders again, in one descent.
"""

from itertools import islice

import ipywidgets
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.colors import to_hex

from gdtools import plots
from gdtools.arguments import count, numbers, refuse
from gdtools.descent import descend, minibatches, updates_per_epoch
from gdtools.live import LiveFigure, Track
from gdtools.losses import LeastSquares, Network, Quadratic
from gdtools.optimizers import AdaGrad, Adam, GradientDescent, Momentum, Nesterov, RMSProp

RACERS = {  # what `explore_optimizers` races, and in which colours
    "plain": (GradientDescent(), plots.FULL_BATCH),
    "momentum": (Momentum(), "#e69f00"),
    "Nesterov": (Nesterov(), "#cc79a7"),
    "AdaGrad": (AdaGrad(), "#56b4e9"),
    "RMSProp": (RMSProp(), "#8a8a8a"),
    "Adam": (Adam(), "#882255"),
}


class Explorer(ipywidgets.VBox):
    """A live figure and its controls. The notebook keeps a picture beside it, for readers without a kernel."""

    _shown = {}  # by notebook cell: the run that has shown explorers there, and these explorers

    def __init__(self, live, controls=()):
        self.live = live
        super().__init__([live, ipywidgets.HBox(controls, layout={"flex_flow": "wrap"})])

    def _ipython_display_(self):
        self._replace_earlier()
        html, alt = self.live.stand_in()
        display({"text/html": html, "text/plain": alt}, raw=True)
        display(self._repr_mimebundle_(), raw=True)

    def _replace_earlier(self):
        """Free what an earlier run of this cell has made. JupyterLab names the cell in its request."""
        kernel = getattr(get_ipython(), "kernel", None)
        request = kernel.get_parent("shell") if kernel else {}
        cell, run = request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id")
        if cell is None:
            return
        last_run, explorers = self._shown.get(cell, (run, []))
        if last_run != run:
            for explorer in explorers:
                if explorer is not self:
                    explorer.close_all()
            explorers = []
        self._shown[cell] = run, [*explorers, self]

    def close_all(self):
        live, box = self.children
        for widget in (*box.children, box, live, self):
            for part in (widget.layout, getattr(widget, "style", None), widget):
                if part:
                    part.close()
        live.tracks = []


def explore_descent(loss, start, learning_rates, *, learning_rate=None, steps=40, factors=False):
    """Gradient descent on a bowl: sliders for the learning rate and the step; the start by click, drag or number.

    The slider has a position for each of `learning_rates`, and begins at the one nearest to `learning_rate`.

    With `factors`, bars show |1 − ηλ|: the share of its distance that each direction keeps at every update.

    Raises ValueError for a loss that is no `Quadratic` of two parameters, and for what `descend` refuses.

    >>> from gdtools.losses import bowl
    >>> explorer = explore_descent(bowl(1, 4), (4, 2), [0.1, 0.2], steps=20)

    Source: the bars are those of Goh, Why Momentum Really Works, Distill (2017).
    """
    _check(loss)
    steps = count("steps", steps)
    picture, (surface, right) = plots.figure(2, height=4.2)
    curve = right.inset_axes([0, 0.48, 1, 0.52]) if factors else right
    worst = loss.value(np.transpose(np.meshgrid(*loss.window))).max()
    curve.set(xlabel="update", ylabel="loss", yscale="log", xlim=(0, steps))
    curve.set_ylim(max(0.8 * loss.floor, 1e-8 * worst), 10 * worst)
    if factors:
        right.axis("off")
        bars = right.inset_axes([0, 0, 1, 0.24])
        bars.set(xlim=(0, 1.5), ylim=(-0.6, 1.6), xlabel="|1 − ηλ|, the share kept at each update")
        bars.set_yticks([1, 0], _directions(loss))
        bars.axvline(1, color=plots.MARK, linestyle="--", linewidth=1)

    def moving(run, rates):
        tracks = [
            Track(curve, run.updates, run.loss.T, plots.FULL_BATCH, grow=True),
            Track(curve, run.updates[:, None], run.loss.T[..., None], plots.NOW, width=0, dot=5),
        ]
        if factors:
            share = np.abs(_factors(loss, rates))
            tracks += [Track(bars, share[:, [i]] * [0, 1], [1 - i, 1 - i], plots.FULL_BATCH, width=14) for i in (0, 1)]
        return tracks

    alt = "Left, the rings of the loss and the path of gradient descent; right, the loss after each update."
    return _explore(loss, start, learning_rates, learning_rate, steps, picture, surface, moving, alt)


def explore_line(loss, start, learning_rates, *, learning_rate=None, steps=40, labels=("x", "y")):
    """Fit a line by gradient descent: left the line among the data, right the path of intercept and slope.

    `loss` is a `LeastSquares` whose columns are 1 and x. The controls are those of `explore_descent`.

    Raises ValueError for another loss, and for what `descend` refuses.

    >>> from gdtools.losses import LeastSquares
    >>> explorer = explore_line(LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5]), (0, 0), [0.1, 0.2], steps=20)
    """
    _check(loss)
    if not isinstance(loss, LeastSquares) or (loss.X[:, 0] != 1).any():
        refuse("loss", "a LeastSquares whose columns are 1 and x", loss)
    picture, (data, surface) = plots.figure(2, height=4.2)
    x, y = loss.X[:, 1], loss.y
    every = -(-len(x) // 1000)
    data.plot(x[::every], y[::every], ".", color="#8a8a8a", markersize=3)
    data.set(xlabel=labels[0], ylabel=labels[1], ylim=(min(0, y.min()), 1.1 * y.max()))
    ends = np.array(data.get_xlim())

    def moving(run, rates):
        intercept, slope = run.theta.T
        return [Track(data, ends, intercept[..., None] + slope[..., None] * ends, plots.FULL_BATCH, width=3)]

    alt = "Left, the flights and the fitted line; right, the rings of the loss and the path of intercept and slope."
    return _explore(loss, start, learning_rates, learning_rate, steps, picture, surface, moving, alt)


def explore_batches(loss, start, learning_rates, batch_sizes, *, learning_rate=None, batch_size=None, epochs=2, runs=8):
    """Mini-batch descent: a slider for the learning rate, a list of batch sizes, a button for new seeds.

    Left, the path of the first of `runs` seeds; right, how far the loss of all of them is above the lowest, with their
    median. All batch sizes see the same number of examples, `epochs` times N.

    Raises ValueError for a loss that is no `LeastSquares` of two parameters, and for what `descend` refuses.

    >>> from gdtools.losses import LeastSquares
    >>> line = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
    >>> explorer = explore_batches(line, (0, 0), [0.1, 0.2], [1, 3])
    """
    _check(loss)
    if not isinstance(loss, LeastSquares):
        refuse("loss", "a LeastSquares: batches are made of examples", loss)
    rates = numbers("learning_rates", learning_rates, at_least=0).ravel()
    sizes = [count("batch_sizes", size, at_most=loss.n_examples) for size in batch_sizes]
    if not sizes:
        refuse("batch_sizes", "at least one batch size", batch_sizes)
    if batch_size is not None and batch_size not in sizes:
        refuse("batch_size", f"one of {sizes}", batch_size)
    runs, epochs = count("runs", runs), count("epochs", epochs)

    picture, (surface, curve) = plots.figure(2, height=4.2)
    plots.contours(loss, surface)
    worst = loss.value(np.transpose(np.meshgrid(*loss.window))).max()
    curve.set(xlabel="examples", ylabel="loss above the lowest", yscale="log")
    curve.set(xlim=(0, epochs * loss.n_examples), ylim=(1e-6 * worst, 10 * worst))
    alt = (
        f"Left, the rings of the loss and the path of one run; right, how far the loss of {runs} runs with different "
        "shuffles is above the lowest, against the examples seen, and their median."
    )
    live = _live(picture, surface, rates, learning_rate, alt)
    size = ipywidgets.Dropdown(
        options=sizes,
        value=sizes[0] if batch_size is None else batch_size,
        description="batch size B",
        style={"description_width": "initial"},
    )
    again = ipywidgets.Button(description="new seeds")
    first_seed = 0

    def replay(start):
        run = descend(
            loss,
            start,
            rates[:, None],
            epochs=epochs,
            batch_size=size.value,
            seed=range(first_seed, first_seed + runs),
            record_every=max(1, epochs * loss.n_examples // size.value // 200),
        )
        x, y = run.theta[:, :, 0].T
        excess = run.loss - loss.floor
        median = np.median(excess, axis=-1).T
        color = plots.method_color(size.value, loss.n_examples)
        tracks = _way(surface, x, y, color)
        tracks += [Track(curve, run.examples, excess[..., i].T, color, width=0.5, grow=True) for i in range(runs)]
        tracks += [Track(curve, run.examples, median, plots.MARK, width=2.5, grow=True)]
        readout = dict(zip([*loss.names, "median excess loss"], [x, y, median], strict=True))
        words = [_spread(final, size.value, run.updates[-1], epochs) for final in excess[-1]]
        live.replay(tracks, words, readout, run.updates)

    boxes = _start_boxes(live, loss, start, replay)

    @live.reporting
    def anew(_):
        replay([box.value for box in boxes])

    @live.reporting
    def reseed(_):
        nonlocal first_seed
        first_seed += runs
        anew(_)

    size.observe(anew, "value")
    again.on_click(reseed)
    return Explorer(live, [size, again, *boxes])


def _spread(final, batch_size, updates, epochs):
    """Where the runs of one learning rate end, in a sentence."""
    diverged = np.sum(final > 1e6)
    fate = (
        f"{diverged} of {len(final)} diverge" if diverged else f"they end {final.min():.2g} to {final.max():.2g} above"
    )
    return f"{len(final)} runs with B = {batch_size}, {updates} updates in {epochs} epochs: {fate}."


def explore_gradients(loss, theta, batch_sizes, *, n_batches=60, seed=0):
    """Mini-batch gradients round the true one: a slider for the batch size; the place by click, drag or number.

    Each arrow ends, in a dot, where a step with η = 1/λmax would land: a thin one for each of `n_batches` batches, and
    a thick one for the gradient over all examples. Below stands their root mean square distance, measured.

    Raises ValueError for a loss that is no `LeastSquares` of two parameters, and for what `minibatches` refuses.

    >>> from gdtools.losses import LeastSquares
    >>> line = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
    >>> explorer = explore_gradients(line, (0, 0), [1, 2, 3])

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.1.3.
    """
    _check(loss)
    if not isinstance(loss, LeastSquares):
        refuse("loss", "a LeastSquares: batches are made of examples", loss)
    theta = numbers("theta", theta, shape=(2,))
    sizes = [count("batch_sizes", size, at_most=loss.n_examples) for size in np.array(batch_sizes, object).flat]
    n_batches = count("n_batches", n_batches)
    numbers("seed", seed, shape=(), at_least=0)
    epochs = [minibatches(loss.n_examples, size, epochs=n_batches, seed=seed, drop_last=True) for size in sizes]
    batches = [np.array(list(islice(epoch, n_batches))) for epoch in epochs]
    colors = np.array([plots.method_color(size, loss.n_examples) for size in sizes])
    learning_rate = loss.largest_stable_rate / 2

    picture, surface = plots.figure(width=6, height=4.8)
    plots.contours(loss, surface)
    alt = "The rings of the loss and, from one place, a thin step for each mini-batch round the thick step of all."
    live = LiveFigure(picture, "batch size B", sizes, alt=alt, click=surface)

    def replay(theta):
        true = loss.grad(theta)
        grads = np.array([loss.grad(theta, batch) for batch in batches])
        tips = theta - learning_rate * grads
        arrows = np.stack(np.broadcast_arrays(theta, tips, np.nan), axis=2).reshape(len(sizes), -1, 2)
        tracks = []
        for color in dict.fromkeys(colors):
            hidden = np.where(colors == color, 0, np.nan)[:, None]
            tracks += [
                Track(surface, arrows[..., 0] + hidden, arrows[..., 1], color, width=1),
                Track(surface, tips[..., 0] + hidden, tips[..., 1], color, width=0, dot=2.5),
            ]
        thick = np.transpose([theta, theta - learning_rate * true])
        tracks += [
            Track(surface, *thick, plots.FULL_BATCH, width=4),
            Track(surface, *thick[:, 1:], plots.FULL_BATCH, width=0, dot=5),
            Track(surface, *thick[:, :1], plots.MARK, width=0, dot=4),
        ]
        distances = np.sqrt(np.mean(np.sum((grads - true) ** 2, axis=-1), axis=-1))
        words = [
            f"B = {size}: {n_batches} gradients, {round(distance, 9):.3g} away from the true one (root mean square). "
            f"The true one has length {np.linalg.norm(true):.3g}."
            for size, distance in zip(sizes, distances, strict=True)
        ]
        live.replay(tracks, words)

    return Explorer(live, _start_boxes(live, loss, theta, replay, "at"))


def explore_heat_map(
    network, test_X, test_labels, batch_sizes, learning_rates, *, epochs=10, seeds=range(4), usable=0.9
):
    """Test accuracy for every batch size and learning rate: a slider for the epoch, the cell by click or by two lists.

    Left, the median over the seeds in each cell, with a dot where it is at least `usable`; right, the accuracy of the
    chosen cell after each epoch, for every seed, and the median in bold. `network` brings its examples for training.

    Raises ValueError for a loss that is no `Network`, and for what `descend` refuses.

    >>> from gdtools.losses import Network
    >>> X, labels = np.eye(4), np.array([0, 1, 0, 1])
    >>> explorer = explore_heat_map(Network(X, labels, hidden=2), X, labels, [1, 2, 4], [0.1, 1], epochs=2)

    Source: Masters and Luschi, Revisiting Small Batch Training for Deep Neural Networks (2018), arXiv 1804.07612.
    """
    if not isinstance(network, Network):
        refuse("network", "a Network", network)
    sizes = [count("batch_sizes", size, at_most=network.n_examples) for size in np.array(batch_sizes, object).flat]
    if not sizes:
        refuse("batch_sizes", "at least one batch size", batch_sizes)
    rates = numbers("learning_rates", learning_rates, at_least=0).ravel()
    epochs, usable = count("epochs", epochs), float(numbers("usable", usable, shape=()))
    accuracy = _accuracy(network, test_X, test_labels, sizes, rates, epochs, np.atleast_1d(seeds))
    median, n_runs = np.median(accuracy, axis=-1), accuracy.shape[-1]

    picture, (cells, curve) = plots.figure(2, width=10, height=4.2)
    cells.get_gridspec().set_width_ratios([2, 1])
    plots.heat_map(np.full(median.shape[1:], np.nan), sizes, rates, cells)
    cells.set(xlabel="learning rate η", ylabel="batch size B", title=f"test accuracy, median of {n_runs} runs")
    cells.tick_params("x", rotation=45)
    curve.set(xlabel="epoch", ylabel="test accuracy", ylim=(0, 1), title=f"the chosen cell (dashed: {usable:.0%})")
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
        color = plots.method_color(sizes[row], network.n_examples)
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


def _accuracy(network, test_X, test_labels, batch_sizes, rates, epochs, seeds):
    """The test accuracy after each epoch, shape (epochs + 1, batch sizes, rates, seeds)."""
    sweep = []
    for b in batch_sizes:
        every = updates_per_epoch(network.n_examples, b)
        options = {"epochs": epochs, "batch_size": b, "seed": seeds, "record_every": every}
        run = descend(network, network.start(seeds), rates[:, None], **options)
        sweep.append([network.accuracy(theta, test_X, test_labels) for theta in run.theta])
    return np.swapaxes(sweep, 0, 1)


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


def explore_optimizers(loss, start, learning_rates, *, learning_rate=None, steps=100, lowest=None):
    """Race the optimizers: one learning rate for all on a slider, the step on another, the start by click or number.

    Left, their paths over the rings of a loss of two parameters; right, how far each is above the loss `lowest` (that
    of the loss's minimum, if not given: `loss.floor` of a bowl, else 0). The winner is the first to stay below a
    hundredth of the excess at the start.

    Raises ValueError for a loss that can't be drawn, and for what `descend` refuses.

    >>> from gdtools.losses import rosenbrock
    >>> explorer = explore_optimizers(rosenbrock(), (-1, 1), [0.001, 0.01], steps=20)
    """
    rates = numbers("learning_rates", learning_rates, at_least=0).ravel()
    steps = count("steps", steps)
    lowest = float(numbers("lowest", getattr(loss, "floor", 0.0) if lowest is None else lowest, shape=()))
    picture, (surface, curve) = plots.figure(2, width=9, height=4.4)
    plots.contours(loss, surface)
    worst = loss.value(np.transpose(np.meshgrid(*loss.window))).max() - lowest
    curve.set(xlabel="update", ylabel="loss above the lowest", yscale="log", xlim=(0, steps))
    curve.set_ylim(1e-9 * worst, 10 * worst)
    for name, (_, color) in RACERS.items():
        curve.plot([], [], color=color, label=name)
    picture.legend(loc="outside upper center", ncols=len(RACERS), frameon=False)
    alt = (
        f"Left, the rings of the loss and the paths of {', '.join(RACERS)}; right, how far each of them is above the "
        "lowest loss after each update."
    )
    live = _live(picture, surface, rates, learning_rate, alt)

    def replay(start):
        tracks, excess = [], {}
        for name, (optimizer, color) in RACERS.items():
            run = descend(loss, start, rates, steps=steps, optimizer=optimizer)
            x, y = run.theta.T
            excess[name] = np.maximum(run.loss.T - lowest, 0)
            above = np.clip(excess[name], 1e-30, 1e30)
            tracks += [
                Track(surface, x, y, color, width=1.5, dot=1.5, grow=True),
                Track(surface, x[..., None], y[..., None], color, width=0, dot=5),
                Track(curve, run.updates, above, color, grow=True),
            ]
        tracks.append(Track(surface, x[:1, :1], y[:1, :1], plots.MARK, width=0, dot=4))
        live.replay(tracks, _winners(excess), excess)

    return Explorer(live, _start_boxes(live, loss, start, replay))


def _winners(excess):
    """Who stays below a hundredth of its first excess loss, and since which update: a sentence for each rate."""
    names = list(excess)
    above = np.array(list(excess.values()))
    missed = above > above[..., :1] / 100
    n_updates = missed.shape[-1] - 1
    since = np.where(missed.any(axis=-1), n_updates + 1 - missed[..., ::-1].argmax(axis=-1), 0)
    sentences = []
    for column, end in zip(since.T, above[..., -1].T, strict=True):
        arrived = [f"{names[i]} after {column[i]}" for i in column.argsort(kind="stable") if column[i] <= n_updates]
        if arrived:
            late = "" if len(arrived) == len(names) else f" The others don't in {n_updates}."
            sentences.append(f"First to stay below 1 % of the loss: {', '.join(arrived)} updates.{late}")
        else:
            lowest = names[end.argmin()]
            sentences.append(f"Nobody stays below 1 % of the loss in {n_updates} updates. Lowest: {lowest}.")
    return sentences


def _explore(loss, start, learning_rates, learning_rate, steps, picture, surface, moving, alt):
    """An explorer with a path over `surface`, and the tracks that `moving(run, rates)` adds in other axes."""
    rates = numbers("learning_rates", learning_rates, at_least=0).ravel()
    plots.contours(loss, surface)
    live = _live(picture, surface, rates, learning_rate, alt)

    def replay(start):
        run = descend(_closed_form(loss), start, rates, steps=steps)
        x, y = run.theta.T
        readout = dict(zip([*loss.names, "loss"], [x, y, run.loss.T], strict=True))
        with np.errstate(all="ignore"):  # where a run has diverged
            tracks = _way(surface, x, y, plots.FULL_BATCH) + moving(run, rates)
        live.replay(tracks, _verdicts(loss, rates), readout)

    return Explorer(live, _start_boxes(live, loss, start, replay))


def _live(picture, surface, rates, learning_rate, alt):
    """A live figure with a slider for the learning rate, that begins near `learning_rate`."""
    first = (
        0
        if learning_rate is None
        else int(np.abs(rates - numbers("learning_rate", learning_rate, shape=(), at_least=0)).argmin())
    )
    labels = [f"{rate:.4g}" for rate in rates]
    return LiveFigure(picture, "learning rate η", labels, alt=alt, frame=first, click=surface)


def _way(surface, x, y, color):
    """The path, its start, and where it is at the moment; x and y have shape (frames, steps)."""
    return [
        Track(surface, x, y, color, dot=2.5, grow=True),
        Track(surface, x[:, :1], y[:, :1], plots.MARK, width=0, dot=4),
        Track(surface, x[..., None], y[..., None], plots.NOW, width=0, dot=5),
    ]


def _start_boxes(live, loss, start, replay, what="start"):
    """Two numbers for the start, that follow a click as well; `replay(start)` is called now and at every change."""
    boxes = [
        ipywidgets.BoundedFloatText(
            value=value,
            min=low,
            max=high,
            step=(high - low) / 100,
            description=f"{what} {name}",
            style={"description_width": "initial"},
        )
        for value, name, (low, high) in zip(numbers("start", start, shape=(2,)), loss.names, loss.window, strict=True)
    ]

    @live.reporting
    def typed(_=None):
        replay([box.value for box in boxes])

    def clicked(*point):
        for box, value in zip(boxes, point, strict=True):
            box.unobserve(typed, "value")
            box.value = float(f"{value:.3g}")
            box.observe(typed, "value")
        typed()

    for box in boxes:
        box.observe(typed, "value")
    live.on_point(clicked)
    typed()
    return boxes


def _check(loss):
    if not isinstance(loss, Quadratic) or loss.d != 2 or loss.curvatures[0] <= 0:
        refuse("loss", "a Quadratic of two parameters with positive curvatures", loss)


def _closed_form(loss):
    """The same bowl without its examples: an explorer's cost should not grow with N."""
    return Quadratic(loss.hessian, loss.minimiser, loss.floor, loss.names)


def _directions(loss):
    """What to call the directions of the two curvatures, smallest first."""
    if loss.hessian[0, 1] or loss.hessian[0, 0] > loss.hessian[1, 1]:
        return "the flat direction", "the steep direction"
    return loss.names


def _factors(loss, rates):
    """1 − ηλ for each rate and direction, shape (rates, 2)."""
    return 1 - rates[:, None] * loss.curvatures


def _verdicts(loss, rates):
    """What each learning rate does, in a sentence."""
    names = _directions(loss)
    return [_verdict(names, factors) for factors in _factors(loss, rates)]


def _verdict(names, factors):
    share = np.abs(factors).max()
    kept = ", ".join(f"along {name} by {factor:.3g}" for name, factor in zip(names, factors, strict=True))
    if abs(share - 1) < 1e-12:
        fate = "It bounces for ever." if factors.min() < 0 else "It stays where it is."
    elif share > 1:
        fate = "It diverges."
    else:
        fate = "It zigzags and converges." if factors.min() < -1e-9 else "It converges without zigzag."
    return f"{fate} Each update multiplies the distance {kept}.".replace("-", "−")
