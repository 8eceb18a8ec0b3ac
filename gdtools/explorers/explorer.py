"""What all explorers share: the box with its controls, the slider of learning rates, the start."""

import ipywidgets
import numpy as np

from gdtools import plots
from gdtools.arguments import count, floats, refuse
from gdtools.losses import Quadratic
from gdtools.widgets.cells import CellWidget
from gdtools.widgets.live import LiveFigure, Track


class Explorer(CellWidget, ipywidgets.VBox):
    """A live figure and its controls. The notebook keeps a picture beside it, for readers without a kernel."""

    def __init__(self, live, controls=()):
        self.live = live
        super().__init__([live, ipywidgets.HBox(controls, layout={"flex_flow": "wrap"})])

    def stand_in(self):
        return self.live.stand_in()

    def close_all(self):
        super().close_all()
        self.live.tracks = []


def live_figure(picture, surface, rates, learning_rate, alt):
    """A live figure with a slider for the learning rate, that begins near `learning_rate`."""
    first = (
        0
        if learning_rate is None
        else int(np.abs(rates - floats("learning_rate", learning_rate, shape=(), at_least=0)).argmin())
    )
    labels = [f"{rate:.4g}" for rate in rates]
    return LiveFigure(picture, "learning rate η", labels, alt=alt, frame=first, click=surface)


def way(surface, x, y, color):
    """The path, its start, and where it is at the moment; x and y have shape (frames, steps)."""
    return [
        Track(surface, x, y, color, dot=2.5, grow=True),
        Track(surface, x[:, :1], y[:, :1], plots.MARK, width=0, dot=4),
        Track(surface, x[..., None], y[..., None], plots.NOW, width=0, dot=5),
    ]


class Picker:
    """A point in the window of `loss`: two `boxes` with its numbers, that follow a click. At each, `replay(point)`."""

    def __init__(self, live, loss, point, replay, what="start"):
        self.what = what
        self.changed = live.reporting(lambda _=None: replay([box.value for box in self.boxes]))
        self.boxes = [ipywidgets.BoundedFloatText(style={"description_width": "initial"}) for _ in range(2)]
        for box in self.boxes:
            box.observe(self.changed, "value")
        live.on_point(lambda *clicked: self.move([float(f"{value:.3g}") for value in clicked]))
        self.move(point, loss)

    def move(self, point, loss=None):
        """Go to another point, and to another loss if there is one: one replay for both numbers."""
        point = floats(self.what, point, shape=(2,))
        for box in self.boxes:
            box.unobserve(self.changed, "value")
        if loss is not None:
            self._fit(loss)
        for box, value in zip(self.boxes, point, strict=True):
            box.value = value
            box.observe(self.changed, "value")
        self.changed()

    def _fit(self, loss):
        """Give the boxes the names of this loss's parameters, and the bounds of its window."""
        for box, name, (low, high) in zip(self.boxes, loss.names, loss.window, strict=True):
            with box.hold_trait_notifications():
                box.description, box.min, box.max, box.step = f"{self.what} {name}", low, high, (high - low) / 100


def check_bowl(loss):
    if not isinstance(loss, Quadratic) or loss.d != 2 or loss.curvatures[0] <= 0:
        refuse("loss", "a Quadratic of two parameters with positive curvatures", loss)


def counts(name, values, at_most=None):
    """`values`, one or several, as a list of counts: at least one of them."""
    found = [count(name, value, at_most) for value in np.array(values, object).flat]
    return found or refuse(name, "at least one whole number", values)
