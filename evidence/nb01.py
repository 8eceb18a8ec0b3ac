"""Claims of notebook 01 and its exercises."""

import numpy as np

from evidence.core import above, below, between, claim
from gdtools.descent import descend
from gdtools.losses import Quadratic, bowl

HILL = bowl(1, 1)


def place(draw):
    """Where one stands: (3, 4) in the notebook, and somewhere else, 2 to 8 away from the middle."""
    angle, radius = draw.rng().uniform([0, 2], [2 * np.pi, 8])
    return radius * np.array([np.cos(angle), np.sin(angle)]) if draw.number else np.array([3.0, 4.0])


def guesses(draw, n, d):
    directions = draw.rng(2).normal(size=(n, d))
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)


@claim(
    "01",
    cell="random-after",
    says="Fewer than half of the steps of length 1 go down: to the side it rises.",
    holds=below(0.5),
)
def fewer_than_half_go_down(draw):
    """The share of 10 000 random steps that end lower"""
    here = place(draw)
    return np.mean(HILL.value(here + guesses(draw, 10_000, 2)) < HILL.value(here))


@claim(
    "01",
    cell="random-after",
    says="No random step of the same length goes lower than the one against the gradient.",
    holds=below(1),
)
def nothing_beats_the_way_against_the_gradient(draw):
    """The largest fall of 10 000 random steps over that of the step against the gradient"""
    here = place(draw)
    downhill = -here / np.linalg.norm(here)
    falls = HILL.value(here) - HILL.value(here + guesses(draw, 10_000, 2))
    return falls.max() / (HILL.value(here) - HILL.value(here + downhill))


@claim(
    "01",
    cell="dimensions-after",
    says="In 1000 dimensions the best of 100 guesses gets little of the descent.",
    holds=between(0.05, 0.15),
)
def in_many_dimensions_guesses_walk_sideways(draw):
    """The share of the steepest slope that the best of 100 random directions gets, 1000 dimensions"""
    return guesses(draw, 100, 1000)[:, 0].max()


@claim("01", cell="dimensions-after", says="For a long step another direction may be better.", holds=above(1))
def a_long_step_has_another_best_direction(draw):
    """On a bowl four times as curved along one axis: the best fall of long random steps over that of the gradient's"""
    valley, here = bowl(1, 4), place(draw)
    gradient = valley.grad(here)
    length = np.linalg.norm(here)
    falls = valley.value(here) - valley.value(here + length * guesses(draw, 10_000, 2))
    straight = valley.value(here) - valley.value(here - length * gradient / np.linalg.norm(gradient))
    return np.inf if straight <= 0 else falls.max() / straight


@claim(
    "01",
    cell="tangent-after",
    says="A short step keeps the promise of the tangent, a long one gets less.",
    holds=above(1),
)
def a_short_step_keeps_the_promise_of_the_tangent(draw):
    """The share that η = 0.01 keeps over that of η = 0.1, on the round hill, if the first keeps 95 % at least"""
    here = place(draw)
    kept = []
    for rate in (0.01, 0.1):
        gradient = HILL.grad(here)
        kept.append((HILL.value(here) - HILL.value(here - rate * gradient)) / (rate * gradient @ gradient))
    return kept[0] / kept[1] if kept[0] > 0.95 else 0


@claim("01", cell="finite-after", says="A middling h is best: larger bends, smaller rounds.", holds=above(10))
def a_middling_h_is_best(draw):
    """The smaller error of h = 0.1 and 1e-12 over that of 1e-5, slope of x³"""
    x = draw.rng().uniform(1, 5) if draw.number else 3.0

    def error(h):
        return abs(((x + h) ** 3 - (x - h) ** 3) / (2 * h) - 3 * x**2)

    return min(error(0.1), error(1e-12)) / error(1e-5)


@claim("01", cell="path-after", says="The path is straight because the valley is round.", holds=above(1.01))
def off_the_axes_a_path_bends_unless_the_bowl_is_round(draw):
    """The length of the path over the straight way, on a bowl twice as curved along one axis; on a round one it is 1"""
    start = place(draw)
    lengths = []
    for curvature in (2, 6):
        path = descend(Quadratic([[2, 0], [0, curvature]]), start, 0.1, steps=200)
        steps = np.linalg.norm(np.diff(path.theta, axis=0), axis=1)
        lengths.append(steps.sum() / np.linalg.norm(path.theta[0] - path.theta[-1]))
    round_one, long_one = lengths
    return long_one if round_one < 1 + 1e-9 else 0


@claim("01", cell="two-valleys-after", says="Descent ends in the valley of its start.", holds=between(1, 1))
def the_start_decides(draw):
    """The share of 1000 starts that end on their own side of the hilltop"""
    tilt = draw.rng().uniform(0.2, 0.8) if draw.number else 0.5
    roots = np.sort(np.roots([4, 0, -4, tilt]).real)
    starts = draw.rng(1).uniform(-1.5, 1.5, size=1000)
    x = starts
    for _ in range(2000):
        x = x - 0.05 * (4 * x**3 - 4 * x + tilt)
    return np.mean((x < roots[1]) == (starts < roots[1]))


@claim("01", cell="line-after", says="First the line climbs to the dots, then it turns.", holds=above(0.1))
def first_to_the_dots_then_the_tilt(draw):
    """After 10 updates, the share of the loss that is gone, less the share of theta's way"""
    line = draw.line()
    fit = descend(line, (0, 0), 0.1, steps=10)
    gone = (fit.loss[0] - fit.loss[-1]) / (fit.loss[0] - line.floor)
    first, last = np.linalg.norm(fit.theta[[0, -1]] - line.minimiser, axis=1)
    return gone - (1 - last / first)


@claim(
    "01",
    cell="line-after",
    says="Along the floor of the valley intercept and slope are wrong together, one too large and one too small.",
    holds=below(0),
)
def intercept_and_slope_err_together(draw):
    """The product of their errors after 20 updates"""
    line = draw.line()
    return np.prod(descend(line, (0, 0), 0.1, steps=20).theta[-1] - line.minimiser)
