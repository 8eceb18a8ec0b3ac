"""Gradient descent on a bowl: the learning rate, the step and the start."""

import numpy as np

from gdtools import plots
from gdtools.arguments import count, floats, refuse
from gdtools.descent import descend
from gdtools.explorers.explorer import Explorer, Picker, check_bowl, live_figure, way
from gdtools.losses import LeastSquares, Quadratic
from gdtools.widgets.live import Track


def explore_descent(loss, start, learning_rates, *, learning_rate=None, steps=40, factors=False):
    """Gradient descent on a bowl: sliders for the learning rate and the step; the start by click, drag or number.

    The slider has a position for each of `learning_rates`, and begins at the one nearest to `learning_rate`.

    With `factors`, bars show |1 − ηλ|: the share of its distance that each direction keeps at every update.

    Raises ValueError for a loss that is no `Quadratic` of two parameters, and for what `descend` refuses.

    >>> from gdtools.losses import bowl
    >>> explorer = explore_descent(bowl(1, 4), (4, 2), [0.1, 0.2], steps=20)

    Source: the bars are those of Goh, Why Momentum Really Works, Distill (2017).
    """
    check_bowl(loss)
    steps = count("steps", steps)
    picture, (surface, right) = plots.figure(2, height=4.2)
    curve = right.inset_axes([0, 0.48, 1, 0.52]) if factors else right
    worst = loss.value(np.transpose(np.meshgrid(*loss.window))).max()
    curve.set(xlabel="update", ylabel="loss", xlim=(0, steps))
    if loss.floor < 0:  # which has no logarithm
        curve.set_ylim(loss.floor, worst)
    else:
        curve.set(yscale="log", ylim=(max(0.8 * loss.floor, 1e-8 * worst), 10 * worst))
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
    check_bowl(loss)
    if not isinstance(loss, LeastSquares) or (loss.X[:, 0] != 1).any():
        refuse("loss", "a LeastSquares whose columns are 1 and x", loss)
    picture, (data, surface) = plots.figure(2, height=4.2)
    x, y = loss.X[:, 1], loss.y
    every = -(-len(x) // 1000)
    data.plot(x[::every], y[::every], ".", color="#8a8a8a", markersize=3)
    data.set(xlabel=labels[0], ylabel=labels[1], ylim=(1.1 * min(0, y.min()), 1.1 * max(0, y.max()) or 1))
    ends = np.array(data.get_xlim())

    def moving(run, rates):
        intercept, slope = run.theta.T
        return [Track(data, ends, intercept[..., None] + slope[..., None] * ends, plots.FULL_BATCH, width=3)]

    alt = "Left, the data and the fitted line; right, the rings of the loss and the path of intercept and slope."
    return _explore(loss, start, learning_rates, learning_rate, steps, picture, surface, moving, alt)


def _explore(loss, start, learning_rates, learning_rate, steps, picture, surface, moving, alt):
    """An explorer with a path over `surface`, and the tracks that `moving(run, rates)` adds in other axes."""
    rates = floats("learning_rates", learning_rates, at_least=0).ravel()
    plots.contours(loss, surface)
    live = live_figure(picture, surface, rates, learning_rate, alt)

    def replay(start):
        run = descend(_closed_form(loss), start, rates, steps=steps)
        x, y = run.theta.T
        readout = dict(zip([*loss.names, "loss"], [x, y, run.loss.T], strict=True))
        with np.errstate(all="ignore"):  # where a run has diverged
            tracks = way(surface, x, y, plots.FULL_BATCH) + moving(run, rates)
        live.replay(tracks, _verdicts(loss, start, rates), readout)

    return Explorer(live, Picker(live, loss, start, replay).boxes)


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


def _verdicts(loss, start, rates):
    """What each learning rate does from this start, in a sentence. A direction in which it isn't away stays out."""
    _, directions = np.linalg.eigh(loss.hessian)
    away = np.abs((start - loss.minimiser) @ directions)
    moved = away > 1e-9 * away.max()
    names = _directions(loss)
    return [_verdict(names, factors, moved) for factors in _factors(loss, rates)]


def _verdict(names, factors, moved):
    told = [f"along {name} by {factor:.3g}" for name, factor, moves in zip(names, factors, moved, strict=True) if moves]
    if not told:
        return "The start is the minimum: no update moves it."
    share, lowest = np.abs(factors[moved]).max(), factors[moved].min()
    if abs(share - 1) < 1e-12:
        fate = "It bounces for ever." if lowest < 0 else "It stays where it is."
    elif share > 1:
        fate = "It diverges."
    else:
        fate = "It zigzags and converges." if lowest < -1e-9 else "It converges without zigzag."
    return f"{fate} Each update multiplies the distance {', '.join(told)}.".replace("-", "−")
