"""The course's sliders: controls, `descend` and a `LiveFigure`.

The learning rate and the step move in the browser alone. A new start goes to the kernel, which computes all the
positions of both sliders again, in one descent.
"""

import ipywidgets
import numpy as np
from IPython import get_ipython
from IPython.display import display

from gdtools import plots
from gdtools.arguments import numbers, refuse
from gdtools.descent import descend
from gdtools.live import LiveFigure, Track
from gdtools.losses import LeastSquares, Quadratic


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
                explorer.close_all()
            explorers = []
        self._shown[cell] = run, [*explorers, self]

    def close_all(self):
        live, box = self.children
        for widget in (*box.children, box, live, self):
            widget.close()
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


def _explore(loss, start, learning_rates, learning_rate, steps, picture, surface, moving, alt):
    """An explorer with a path over `surface`, and the tracks that `moving(run, rates)` adds in other axes."""
    rates = numbers("learning_rates", learning_rates, at_least=0).ravel()
    plots.contours(loss, surface)
    first = 0 if learning_rate is None else int(np.abs(rates - numbers("learning_rate", learning_rate)).argmin())
    labels = [f"{rate:.4g}" for rate in rates]
    live = LiveFigure(picture, "learning rate η", labels, alt=alt, frame=first, click=surface)

    def replay(start):
        run = descend(_closed_form(loss), start, rates, steps=steps)
        x, y = run.theta.T
        way = [
            Track(surface, x, y, plots.FULL_BATCH, dot=2.5, grow=True),
            Track(surface, x[:, :1], y[:, :1], plots.MARK, width=0, dot=4),
            Track(surface, x[..., None], y[..., None], plots.NOW, width=0, dot=5),
        ]
        readout = dict(zip([*loss.names, "loss"], [x, y, run.loss.T], strict=True))
        live.replay(way + moving(run, rates), _verdicts(loss, rates), readout)

    return Explorer(live, _start_boxes(live, loss, start, replay))


def _start_boxes(live, loss, start, replay):
    """Two numbers for the start, that follow a click as well; `replay(start)` is called now and at every change."""
    boxes = [
        ipywidgets.BoundedFloatText(
            value=value,
            min=low,
            max=high,
            step=(high - low) / 100,
            description=f"start {name}",
            style={"description_width": "initial"},
        )
        for value, name, (low, high) in zip(numbers("start", start, shape=(2,)), loss.names, loss.window, strict=True)
    ]

    @live.reporting
    def typed(_=None):
        replay([box.value for box in boxes])

    def clicked(*point):
        for box, value in zip(boxes, point, strict=True):
            with box.hold_trait_notifications():
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
    if not isinstance(loss, Quadratic) or loss.d != 2:
        refuse("loss", "a Quadratic of two parameters", loss)


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
    if np.isclose(share, 1):
        fate = "It bounces for ever." if factors.min() < 0 else "It stays where it is."
    elif share > 1:
        fate = "It diverges."
    else:
        fate = "It zigzags and converges." if factors.min() < -1e-9 else "It converges without zigzag."
    return f"{fate} Each update multiplies the distance {kept}.".replace("-", "−")
