"""Nonsense is refused by every public function, in one voice: the argument, what would be right, what came."""

import re

import ipywidgets
import numpy as np
import pytest
from matplotlib.figure import Figure

from gdtools import plots
from gdtools.descent import descend, minibatches, updates_per_epoch
from gdtools.explorers import explore_descent, explore_line
from gdtools.losses import LeastSquares, Network, Quadratic, SineFit, Surface, bowl
from gdtools.optimizers import GradientDescent
from gdtools.widgets.live import LiveFigure, Track

pytestmark = pytest.mark.filterwarnings("error")

TOY, CUBE = bowl(1, 4), Quadratic(np.eye(3))
LINE = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
RUN, RUNS = descend(TOY, (4, 2), 0.1, steps=2), descend(TOY, [(4, 2)] * 3, 0.1, steps=2)
FIGURE = Figure(figsize=(1, 1))
AX = FIGURE.subplots()


class Slope:
    """A loss whose gradient is what `grad` makes of theta."""

    n_examples = None

    def __init__(self, grad):
        self.slope = grad

    def grad(self, theta, batch=None):
        return self.slope(theta)


def halve(theta):
    theta *= 0.5
    return theta


def value(theta):
    return TOY.value(theta)


def grad(theta, batch):
    return LINE.grad(theta, batch)


def examples(batch):
    return LINE.examples(batch)


def replay(tracks, words, readout, updates):
    LiveFigure(FIGURE, "η", ["0.1", "0.2"], alt="A line.").replay(tracks, words, readout, updates)


def line(frames, points=3):
    return [Track(AX, np.arange(points), np.zeros((frames, points)), "black", grow=True)]


RIGHT = {
    bowl: {"a": 1, "b": 4},
    Quadratic: {"hessian": [[2, 0], [0, 8]], "minimiser": (1, 2), "floor": 0.5, "names": ("a", "b")},
    LeastSquares: {"X": [[1, 0], [1, 1]], "y": [1, 3], "names": ("a", "b")},
    Surface: {"value": np.sum, "grad": np.copy, "window": ((-1, 1), (-1, 1))},
    SineFit: {"x": [1, 2], "y": [0, 1]},
    Network: {"X": [[1, 0], [1, 1]], "labels": [0, 1], "hidden": 2},
    value: {"theta": (4, 2)},
    grad: {"theta": (4, 2), "batch": [0, 2]},
    examples: {"batch": [[0, 2], [1, 1]]},
    minibatches: {"n_examples": 10, "batch_size": 4, "epochs": 2, "seed": 0, "sampling": "shuffle"},
    updates_per_epoch: {"n_examples": 10, "batch_size": 4},
    descend: {"loss": LINE, "start": (4, 2), "learning_rate": 0.1, "steps": 3, "seed": 0},
    plots.contours: {"loss": TOY},
    plots.path: {"trajectory": RUN},
    plots.show: {"picture": FIGURE, "alt": "A line."},
    LiveFigure: {"figure": FIGURE, "name": "η", "labels": ["0.1", "0.2"], "alt": "A line.", "frame": 1},
    replay: {"tracks": line(2), "words": ["Slow.", "Fast."], "readout": {"w": np.zeros((2, 3))}, "updates": [0, 5, 10]},
    explore_descent: {"loss": TOY, "start": (4, 2), "learning_rates": [0.1, 0.2], "learning_rate": 0.2, "steps": 3},
    explore_line: {"loss": LINE, "start": (4, 2), "learning_rates": [0.1, 0.2], "learning_rate": 0.2, "steps": 3},
}

nan, inf = np.nan, np.inf

# function: (what is changed, the argument named, what would be right)
REFUSED = {
    bowl: [
        ({"a": nan}, "(a, b)", "finite numbers"),
        ({"b": inf}, "(a, b)", "finite numbers"),
        ({"a": None}, "(a, b)", "finite numbers"),
        ({"b": "four"}, "(a, b)", "finite numbers"),
    ],
    Quadratic: [
        ({"hessian": [[1, 2], [3, 4]]}, "hessian", "symmetric square matrix"),
        ({"hessian": [[1, 2, 3], [2, 3, 4]]}, "hessian", "symmetric square matrix"),
        ({"hessian": [1, 2]}, "hessian", "symmetric square matrix"),
        ({"hessian": 3}, "hessian", "symmetric square matrix"),
        ({"hessian": []}, "hessian", "finite numbers"),
        ({"hessian": [[1, 2], [3]]}, "hessian", "finite numbers"),
        ({"hessian": [[1, nan], [nan, 1]]}, "hessian", "finite numbers"),
        ({"minimiser": (1, 2, 3)}, "minimiser", "shape (2,)"),
        ({"minimiser": 1}, "minimiser", "shape (2,)"),
        ({"minimiser": (1, inf)}, "minimiser", "finite numbers"),
        ({"minimiser": [(1, 3), (1, 2)]}, "minimiser", "shape (2,)"),
        ({"floor": nan}, "floor", "finite"),
        ({"names": ("a",)}, "names", "2"),
    ],
    LeastSquares: [
        ({"X": [1, 2]}, "X", "a table"),
        ({"X": []}, "X", "finite numbers"),
        ({"X": [[1, nan], [1, 1]]}, "X", "finite numbers"),
        ({"X": [["one", 1]]}, "X", "finite numbers"),
        ({"y": [1, 2, 3]}, "y", "each of the 2 rows of X"),
        ({"y": [[1], [2]]}, "y", "shape (2,)"),
        ({"y": [1, nan]}, "y", "finite numbers"),
        ({"y": []}, "y", "finite numbers"),
        ({"names": ("a", "b", "c")}, "names", "2"),
    ],
    Surface: [
        ({"value": 3}, "value", "a function of theta"),
        ({"grad": None}, "grad", "a function of theta"),
        ({"window": 3}, "window", "shape (2, 2)"),
        ({"names": ("a",)}, "names", "2"),
    ],
    SineFit: [
        ({"x": [1, nan]}, "X", "finite numbers"),
        ({"y": [1, 2, 3]}, "y", "each of the 2 rows of X"),
        ({"y": [[1], [2]]}, "y", "shape (2,)"),
    ],
    Network: [
        ({"X": [1.0, 2.0]}, "X", "a table"),
        ({"X": [[1, nan], [1, 1]]}, "X", "finite numbers"),
        ({"labels": [0.0, 1.0]}, "labels", "classes 0, 1, 2"),
        ({"labels": [-1, 1]}, "labels", "classes 0, 1, 2"),
        ({"labels": [[0], [1]]}, "labels", "classes 0, 1, 2"),
        ({"labels": []}, "labels", "classes 0, 1, 2"),
        ({"labels": [0, 1, 2]}, "y", "each of the 2 rows of X"),
        ({"hidden": 0}, "hidden", "whole number of at least 1"),
    ],
    value: [
        ({"theta": 4}, "theta", "shape (..., 2)"),
        ({"theta": (4, 2, 1)}, "theta", "shape (..., 2)"),
        ({"theta": []}, "theta", "shape (..., 2)"),
        ({"theta": None}, "theta", "shape (..., 2)"),
    ],
    grad: [
        ({"theta": (4, 2, 1)}, "theta", "shape (..., 2)"),
        ({"batch": []}, "batch", "at least one index of the 3 examples"),
        ({"batch": 1}, "batch", "array (..., b)"),
        ({"batch": [3]}, "batch", "index of the 3 examples"),
        ({"batch": [-4]}, "batch", "index of the 3 examples"),
        ({"batch": [0.5]}, "batch", "index"),
        ({"batch": ["0"]}, "batch", "index"),
        ({"batch": [True, False, True]}, "batch", "index"),
        ({"theta": (4, 2j)}, "theta", "array of numbers"),
    ],
    examples: [
        ({"batch": [3]}, "batch", "index of the 3 examples"),
        ({"batch": 0}, "batch", "array (..., b)"),
    ],
    minibatches: [
        ({"n_examples": 0}, "n_examples", "whole number of at least 1"),
        ({"n_examples": 2.5}, "n_examples", "whole number of at least 1"),
        ({"batch_size": 0}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": 11}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": -1}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": 2.5}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": 2.0}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": nan}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": True}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": "4"}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": None}, "batch_size", "whole number from 1 to 10"),
        ({"epochs": 0}, "epochs", "whole number of at least 1"),
        ({"epochs": 1.5}, "epochs", "whole number of at least 1"),
        ({"seed": -1}, "seed", "whole number of at least 0"),
        ({"seed": 1.5}, "seed", "whole number of at least 0"),
        ({"seed": None}, "seed", "whole number of at least 0"),
        ({"seed": True}, "seed", "whole number of at least 0"),
        ({"seed": []}, "seed", "or a sequence of them"),
        ({"seed": [0, -1]}, "seed", "or a sequence of them"),
        ({"seed": [0.0, 1.0]}, "seed", "or a sequence of them"),
        ({"seed": [[0, 1]]}, "seed", "or a sequence of them"),
        ({"sampling": "random"}, "sampling", "one of 'shuffle', 'replace'"),
        ({"sampling": None}, "sampling", "one of 'shuffle', 'replace'"),
    ],
    descend: [
        ({"start": []}, "start", "finite numbers"),
        ({"start": [[], []]}, "start", "finite numbers"),
        ({"start": (4, nan)}, "start", "finite numbers"),
        ({"start": (4, inf)}, "start", "finite numbers"),
        ({"start": "here"}, "start", "finite numbers"),
        ({"start": None}, "start", "finite numbers"),
        ({"learning_rate": -0.1}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": nan}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": inf}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": None}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": "small"}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": []}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": [0.1, -0.1]}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": lambda update: -0.1}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": lambda update: None}, "learning_rate", "finite and at least 0"),
        ({"start": [(4, 2)] * 2, "seed": [0, 1, 2]}, "(start, learning_rate, seed)", "of shapes that broadcast"),
        ({"learning_rate": [0.1, 0.2], "seed": [0, 1, 2]}, "(start, learning_rate, seed)", "of shapes that broadcast"),
        ({"steps": None}, "(steps, epochs)", "one number and one None"),
        ({"epochs": 3}, "(steps, epochs)", "one number and one None"),
        ({"steps": 0}, "steps", "whole number of at least 1"),
        ({"steps": -3}, "steps", "whole number of at least 1"),
        ({"steps": 3.0}, "steps", "whole number of at least 1"),
        ({"steps": None, "epochs": 0}, "epochs", "whole number of at least 1"),
        ({"steps": None, "epochs": 0.5}, "epochs", "whole number of at least 1"),
        ({"batch_size": 0}, "batch_size", "whole number from 1 to 3"),
        ({"batch_size": 4}, "batch_size", "whole number from 1 to 3"),
        ({"batch_size": 1.5}, "batch_size", "whole number from 1 to 3"),
        ({"batch_size": 1, "loss": TOY}, "batch_size", "None for a loss without examples"),
        ({"record_every": 0}, "record_every", "whole number of at least 1"),
        ({"record_every": 1.5}, "record_every", "whole number of at least 1"),
        ({"sampling": "random"}, "sampling", "one of 'shuffle', 'replace'"),
        ({"seed": -1}, "seed", "whole number of at least 0"),
        ({"seed": 0.5}, "seed", "whole number of at least 0"),
        ({"seed": []}, "seed", "whole number of at least 0"),
        ({"loss": Slope(lambda theta: None)}, "loss.grad(theta)", "an array of shape (2,), like theta"),
        ({"loss": Slope(lambda theta: theta[:1])}, "loss.grad(theta)", "an array of shape (2,), like theta"),
        ({"loss": Slope(lambda theta: 3.0)}, "loss.grad(theta)", "an array of shape (2,), like theta"),
        ({"start": 4}, "start", "shape (..., 2)"),
        ({"start": (4, 2, 1)}, "start", "shape (..., 2)"),
        ({"start": (4, 2j)}, "start", "finite numbers"),
        ({"learning_rate": "0.1"}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": 0.1j}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": lambda update: 1.5 - update}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": lambda update: nan if update == 2 else 0.1}, "learning_rate", "finite and at least 0"),
        ({"learning_rate": lambda update: None if update == 2 else 0.1}, "learning_rate", "finite and at least 0"),
        ({"loss": None}, "loss", "grad, value and n_examples"),
        ({"optimizer": "adam"}, "optimizer", "init and update"),
        ({"optimizer": GradientDescent}, "optimizer", "init and update"),
        ({"optimizer": {}}, "optimizer", "init and update"),
        ({"seed": [[0], [1, 2]]}, "seed", "whole number of at least 0"),
        ({"loss": Slope(lambda theta: [1, [2, 3]])}, "loss.grad(theta)", "an array of shape (2,), like theta"),
        ({"loss": Slope(lambda theta: ["up", "down"])}, "loss.grad(theta)", "an array of shape (2,), like theta"),
    ],
    plots.contours: [
        ({"loss": CUBE}, "loss", "two parameters"),
        ({"loss": None}, "loss", "two parameters"),
        ({"loss": bowl(0, 0)}, "loss", "not flat"),
    ],
    plots.path: [
        ({"trajectory": RUNS}, "trajectory", "a single run"),
        ({"trajectory": None}, "trajectory", "a single run"),
    ],
    plots.show: [
        ({"alt": ""}, "alt", "what there is to be seen"),
        ({"alt": " \n"}, "alt", "what there is to be seen"),
        ({"alt": None}, "alt", "to be seen"),
        ({"alt": None, "key": ""}, "key", "which words to take"),
        ({"alt": None, "key": 3}, "key", "which words to take"),
        ({"picture": None}, "picture", "a figure, or axes"),
    ],
    LiveFigure: [
        ({"labels": []}, "labels", "at least one"),
        ({"alt": ""}, "alt", "what there is to be seen"),
        ({"alt": "  "}, "alt", "what there is to be seen"),
        ({"labels": None}, "labels", "at least one"),
        ({"alt": None}, "alt", "to be seen"),
        ({"frame": 2}, "frame", "one of 2 labels"),
        ({"frame": -1}, "frame", "one of 2 labels"),
        ({"click": Figure().subplots()}, "click", "axes of the figure"),
    ],
    replay: [
        ({"words": ["Slow."]}, "words", "2 sentences, one for each label"),
        ({"words": ["Slow.", "Fast.", "Wild."]}, "words", "2 sentences, one for each label"),
        ({"tracks": line(3)}, "tracks", "of 1 or 2 frames"),
        ({"updates": [0, 5]}, "updates", "3 numbers, one for each step"),
        ({"tracks": [Track(AX, [0, 1, 2], [[0, 1], [1, 0]], "black")]}, "tracks", "x and y that broadcast"),
        ({"readout": {"w": np.zeros((2, 2))}}, "readout", "arrays of shape (2, 3)"),
        ({"readout": {"w": np.zeros((2, 4))}}, "readout", "arrays of shape (2, 3)"),
        ({"readout": {"w": 3.0}}, "readout", "arrays of shape (2, 3)"),
    ],
    explore_descent: [
        ({"loss": None}, "loss", "a Quadratic of two parameters"),
        ({"loss": CUBE}, "loss", "a Quadratic of two parameters"),
        ({"start": (4, 2, 1)}, "start", "shape (2,)"),
        ({"start": 4}, "start", "shape (2,)"),
        ({"start": (4, nan)}, "start", "finite numbers"),
        ({"learning_rates": []}, "learning_rates", "finite and at least 0"),
        ({"learning_rates": None}, "learning_rates", "finite and at least 0"),
        ({"learning_rates": [0.1, -0.1]}, "learning_rates", "finite and at least 0"),
        ({"learning_rates": [0.1, nan]}, "learning_rates", "finite and at least 0"),
        ({"learning_rate": "small"}, "learning_rate", "finite and at least 0"),
        ({"steps": 1.5}, "steps", "whole number of at least 1"),
        ({"loss": bowl(-1, 1)}, "loss", "positive curvatures"),
        ({"start": [(4, 2), (1, 1)]}, "start", "shape (2,)"),
        ({"learning_rate": -1}, "learning_rate", "at least 0"),
        ({"learning_rate": [0.1, 0.2]}, "learning_rate", "shape ()"),
        ({"steps": 0}, "steps", "whole number of at least 1"),
        ({"steps": "many"}, "steps", "whole number of at least 1"),
        ({"steps": None}, "steps", "whole number of at least 1"),
    ],
    explore_line: [
        ({"loss": TOY}, "loss", "a LeastSquares whose columns are 1 and x"),
        ({"loss": LeastSquares([[2, 0], [1, 1]], [1, 3])}, "loss", "a LeastSquares whose columns are 1 and x"),
        ({"loss": LeastSquares(np.eye(3), [1, 2, 3], names="abc")}, "loss", "a Quadratic of two parameters"),
        ({"start": (4, nan)}, "start", "finite numbers"),
        ({"learning_rates": []}, "learning_rates", "finite and at least 0"),
        ({"steps": 0}, "steps", "whole number of at least 1"),
    ],
    updates_per_epoch: [
        ({"n_examples": 0}, "n_examples", "whole number of at least 1"),
        ({"batch_size": 0}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": 11}, "batch_size", "whole number from 1 to 10"),
        ({"batch_size": 2.5}, "batch_size", "whole number from 1 to 10"),
    ],
}


def cases(table):
    return [
        pytest.param(function, changes, name, right, id=identify(function, changes))
        for function, rows in table.items()
        for changes, name, right in rows
    ]


def identify(function, changes):
    words = ", ".join(f"{name}={value!r}" for name, value in changes.items())
    return re.sub(r"<(.*?) at 0x[0-9a-f]+>", r"\1", f"{function.__name__}({words})")


@pytest.fixture(autouse=True)
def nothing_is_drawn(monkeypatch, undrawn):
    monkeypatch.setattr("gdtools.plots.png", lambda figure: b"")
    monkeypatch.setattr("gdtools.plots.display", lambda bundle, raw: None)
    yield
    ipywidgets.Widget.close_all()


@pytest.mark.parametrize("function", RIGHT, ids=lambda function: function.__name__)
def test_right_arguments_are_accepted(function):
    function(**RIGHT[function])


@pytest.mark.parametrize(
    ("function", "changes", "name", "right"),
    cases(REFUSED),
)
def test_nonsense_is_refused_by_name_with_what_would_be_right_and_what_came(function, changes, name, right):
    arguments = RIGHT[function] | changes
    with pytest.raises(ValueError) as caught:
        function(**arguments)
    message = str(caught.value)
    named, expected, came = re.fullmatch(r"(.+?) must be (.+), but it is (.+)", message, re.DOTALL).groups()
    assert named == name
    assert right in expected
    if name in ("(a, b)", "(steps, epochs)"):
        assert came == repr(tuple(arguments.get(part) for part in name.strip("()").split(", ")))
    elif name in changes and name != "tracks" and not callable(changes[name]):
        assert came == repr(changes[name]) or came == f"of shape {np.shape(changes[name])}"


def test_a_loss_that_changes_theta_is_told_to_work_on_a_copy():
    with pytest.raises(ValueError, match=r"loss\.grad must leave theta as it is.*copy"):
        descend(Slope(halve), (4, 2), 0.1, steps=1)


@pytest.mark.parametrize("loss", [TOY, LINE], ids=["toy", "line"])
def test_a_huge_start_is_a_diverging_run_and_not_a_warning(loss):
    assert descend(loss, (1e308, 1e308), 0.1, steps=3).loss[-1] == inf


def test_shapes_that_do_not_broadcast_are_those_of_the_runs():
    with pytest.raises(ValueError, match=r"but it is \(\(2,\), \(\), \(3,\)\)$"):
        descend(TOY, [(4, 2)] * 2, 0.1, steps=1, seed=[0, 1, 2])
