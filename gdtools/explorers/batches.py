"""Mini-batches: descents with a list of batch sizes, and the gradients that they follow."""

from itertools import islice

import ipywidgets
import numpy as np

from gdtools import plots
from gdtools.arguments import count, floats, refuse
from gdtools.descent import descend, minibatches
from gdtools.explorers.explorer import Explorer, Picker, check_bowl, counts, live_figure, way
from gdtools.losses import LeastSquares
from gdtools.widgets.live import LiveFigure, Track


def explore_batches(loss, start, learning_rates, batch_sizes, *, learning_rate=None, batch_size=None, epochs=2, runs=8):
    """Mini-batch descent: a slider for the learning rate, a list of batch sizes, a button for new seeds.

    Left, the path of the first of `runs` seeds; right, how far the loss of all of them is above the lowest, with their
    median. All batch sizes see the same number of examples, `epochs` times N.

    Raises ValueError for a loss that is no `LeastSquares` of two parameters, and for what `descend` refuses.

    >>> from gdtools.losses import LeastSquares
    >>> line = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
    >>> explorer = explore_batches(line, (0, 0), [0.1, 0.2], [1, 3])
    """
    check_bowl(loss)
    if not isinstance(loss, LeastSquares):
        refuse("loss", "a LeastSquares: batches are made of examples", loss)
    rates = floats("learning_rates", learning_rates, at_least=0).ravel()
    sizes = counts("batch_sizes", batch_sizes, at_most=loss.n_examples)
    if batch_size is not None and batch_size not in sizes:
        refuse("batch_size", f"one of {sizes}", batch_size)
    runs, epochs = count("runs", runs), count("epochs", epochs)

    picture, (surface, curve) = plots.figure(2, height=4.2)
    plots.contours(loss, surface)
    highest = 10 * loss.value(np.transpose(np.meshgrid(*loss.window))).max()
    curve.set(xlabel="examples", ylabel="loss above the lowest", yscale="log")
    curve.set(xlim=(0, epochs * loss.n_examples), ylim=(1e-7 * highest, highest))
    alt = (
        f"Left, the rings of the loss and the path of one run; right, how far the loss of {runs} runs with different "
        "shuffles is above the lowest, against the examples seen, and their median."
    )
    live = live_figure(picture, surface, rates, learning_rate, alt)
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
        tracks = way(surface, x, y, color)
        tracks += [Track(curve, run.examples, excess[..., i].T, color, width=0.5, grow=True) for i in range(runs)]
        tracks += [Track(curve, run.examples, median, plots.MARK, width=2.5, grow=True)]
        readout = dict(zip([*loss.names, "median excess loss"], [x, y, median], strict=True))
        words = [_spread(final, highest, size.value, run.updates[-1], epochs) for final in excess[-1]]
        live.replay(tracks, words, readout, run.updates)

    @live.reporting
    def reseed(_):
        nonlocal first_seed
        first_seed += runs
        picker.changed()

    picker = Picker(live, loss, start, replay)
    size.observe(picker.changed, "value")
    again.on_click(reseed)
    return Explorer(live, [size, again, *picker.boxes])


def _spread(final, highest, batch_size, updates, epochs):
    """Where the runs of one learning rate end, in a sentence. Above `highest`, they have left the picture."""
    diverged = np.sum(final > highest)
    low, high = (f"{float(f'{loss:.2g}'):g}" for loss in (final.min(), final.max()))  # 15000, not 1.5e+04
    fate = f"{diverged} of {len(final)} diverge" if diverged else f"they end {low} to {high} above the lowest loss"
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
    check_bowl(loss)
    if not isinstance(loss, LeastSquares):
        refuse("loss", "a LeastSquares: batches are made of examples", loss)
    theta = floats("theta", theta, shape=(2,))
    sizes = counts("batch_sizes", batch_sizes, at_most=loss.n_examples)
    n_batches = count("n_batches", n_batches)
    floats("seed", seed, shape=(), at_least=0)
    epochs = [minibatches(loss.n_examples, size, epochs=n_batches, seed=seed, drop_last=True) for size in sizes]
    batches = [np.array(list(islice(epoch, n_batches))) for epoch in epochs]
    colors = np.array([plots.method_color(size, loss.n_examples) for size in sizes])
    learning_rate = loss.largest_stable_rate / 2

    picture, surface = plots.figure(width=6, height=4.8)
    plots.contours(loss, surface)
    alt = "The rings of the loss and, from one place, a thin step for each mini-batch round the thick step of all."
    live = LiveFigure(picture, "batch size B", sizes, alt=alt, click=surface)

    def replay(theta):
        theta = floats("theta", theta)
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

    return Explorer(live, Picker(live, loss, theta, replay, "at").boxes)
