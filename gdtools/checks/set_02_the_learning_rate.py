"""The exercises of notebook 02: how large a step may be."""

import numpy as np

from gdtools.checks.core import exercise
from gdtools.checks.set_01_the_update_rule import UPHILL
from gdtools.checks.words import require, short
from gdtools.datasets import flights
from gdtools.descent import descend
from gdtools.losses import LeastSquares, bowl


@exercise("table_row", [38, 12, -20, 1.2, 1], {
    "A square is never negative: what is (−2)²?": [-2, 12, -20, 1.2, 1],
    "Square first, then multiply: in 2w₁² only w₁ is squared.": [136, 12, -20, 1.2, 1],
    "That is the loss on the round bowl w₁² + w₂². Where are the 2 and the 5?": [13, 6, -4, 2.1, -1.4],
    "That is the loss on the bowl of the notebook. This one has other factors.": [25, 6, -16, 2.1, 0.4],
    "That is the loss after the step. A row begins with the loss where you stand before it.": [7.88, 12, -20, 1.2, 1],
    "The gradient lacks a factor: what is the derivative of a square?": [38, 6, -10, 2.1, -0.5],
    "That is the gradient of the round bowl w₁² + w₂². Where are the 2 and the 5?": [38, 6, -4, 2.1, -1.4],
    "That is the gradient on the bowl of the notebook. This one has other factors.": [38, 6, -16, 2.1, 0.4],
    "Your w₂ is negative. Does the loss grow or fall there, when w₂ grows?": [38, 12, 20, 1.2, -5],
    "The minus of the rule is not part of the gradient. It comes with the step.": [38, -12, 20, 1.2, 1],
    UPHILL: [38, 12, -20, 4.8, -5],
    "The learning rate is missing: a step is η times the gradient.": [38, 12, -20, -9, 18],
    "That is the step. Where do you stand after it?": [38, 12, -20, -1.8, 3],
    "That is η times the gradient. Where do you stand after the step?": [38, 12, -20, 1.8, -3],
    "w₁ is right. Along w₂ you subtract a negative number: which way does that go?": [38, 12, -20, 1.2, -5],
})
def table_row(answer):
    answer.entry("the loss in table_row", 0, rtol=1e-3)
    yield "the loss where you stand"
    answer.entry("the gradient in table_row", slice(1, 3), rtol=1e-3)
    yield "the gradient"
    answer.entry("the new point in table_row", slice(3, 5), rtol=1e-3)
    yield "the new point: w₂ has changed its sign, w₁ has not"


@exercise("two_rates", [2 / 16, 2 / 18], {
    "8 is a factor in the loss, not a curvature. The curvature is how fast the slope grows.": [2 / 8, 2 / 9],
    "That is the limit of the flat direction. Which direction gives in first?": [2 / 2, 2 / 18],
    "That comes from the flat direction, with its factor for a curvature. Which direction gives in first?": [2, 2 / 9],
    "There the steep direction arrives in one step. That is neither the limit nor the best.": [1 / 16, 1 / 16],
    "That is the best fixed rate. The largest stable one comes first.": [2 / 18, 2 / 16],
    "8 and 1 are factors in the loss, not curvatures. The curvature is how fast the slope grows.": [2 / 16, 2 / 9],
    "At your rate both factors are positive, and the flat direction is slow. Is a longer step better?":
        [2 / 16, 1 / 18],
    "At your rate the steep direction diverges. How do you bring the two factors to the same size?": [2 / 16, 2 / 14],
    "Halfway between the limits of the two directions, the steep one has long diverged.": [2 / 16, 9 / 16],
    "At the largest stable rate the steep direction bounces for ever. That can't be the best.": [2 / 16, 2 / 16],
    "There the flat direction arrives in one step. And the steep one?": [2 / 16, 1 / 2],
})
def two_rates(answer):
    limit, best = answer.made
    answer.entry("the largest stable rate", 0, rtol=0.01)
    below, above = descend(bowl(8, 1), (1, 8), limit * np.array([0.95, 1.05]), steps=100).loss[-1]
    yield f"5 % below your limit, 100 updates take the loss from 72 to {below:.1g}; 5 % above it, to {above:.1g}"
    answer.entry("the best fixed rate", 1, rtol=0.01)
    counts = descend(bowl(8, 1), (1, 8), best * np.array([0.9, 1, 1.1]), steps=999).updates_to(1e-6)
    yield "updates to a loss of 1e-6, at 0.9, 1 and 1.1 times your best rate: {:.0f}, {:.0f}, {:.0f}".format(*counts)


def twice(theta):
    """The gradient of the sum of the squares."""
    return 2 * np.asarray(theta)


def _path(grad, start, rate, steps, kind=float):
    """All places of a descent, shape (steps + 1, d)."""
    path = np.empty((steps + 1, len(start)), kind)
    path[0] = start
    for t in range(steps):
        path[t + 1] = path[t] - rate * np.asarray(grad(path[t]))
    return path


@exercise("descent_path(grad, start, learning_rate, steps)", _path, {
    "The start is missing: the path begins before the first update.": lambda *given: _path(*given)[1:],
    "The last place is missing: every update adds one, the last update, too.": lambda *given: _path(*given)[:-1],
    "That is one place too many. How many updates did you make?": lambda g, s, r, steps: _path(g, s, r, steps + 1),
    "That is the last place. Return all of them, the start included.": lambda *given: _path(*given)[-1],
    UPHILL: lambda grad, start, rate, steps: _path(grad, start, -rate, steps),
    "The learning rate is missing: how far does a step go?": lambda g, s, rate, steps: _path(g, s, 1, steps),
    "All rows are the same place: the path holds one array, many times, and you change it in place.":
        lambda *given: _path(*given)[[-1] * (given[-1] + 1)],
    "Every step is the same: you take the gradient at the start. Where do you stand before the second step?":
        lambda grad, start, rate, steps: start - rate * np.outer(np.arange(steps + 1), grad(start)),
    "Your first row is the place after one update. Where were you before it?":
        lambda grad, start, rate, steps: _path(grad, start, rate, steps + 1)[1:],
    "The learning rate is there twice.": lambda grad, start, rate, steps: _path(grad, start, rate**2, steps),
    "The path runs backwards: the start comes first.": lambda *given: _path(*given)[::-1],
    "From a start of whole numbers you get whole numbers: an array of integers cuts the decimals off.":
        lambda grad, start, rate, steps: _path(grad, start, rate, steps, kind=start.dtype),
}, example=(twice, np.array([1.0, 2.0]), 0.25, 2))
def descent_path(answer):
    def otherwise(what, path, right):
        n = len(path) if path.ndim == 2 and path.shape[1:] == right.shape[1:] else 0
        if 0 < n < len(right) and np.allclose(path, right[:n], 1e-6, 0):
            return f"Your path ends after {n - 1} of {len(right) - 1} updates. Make all of them, short or long."
        return None

    def tilted(theta):
        return np.array([[3, 1, 0], [1, 2, 0.5], [0, 0.5, 1]]) @ theta - [1, -2, 3]

    def wavy(theta):
        return np.sin(theta) + 0.3 * np.asarray(theta)

    rng = np.random.default_rng(4)
    for grad, d, steps in ((tilted, 3, 5), (wavy, 2, 1), (wavy, 1, 12), (wavy, 4, 0)):
        words = f"{d} parameter{'s' * (d > 1)}"
        what = f"the path after {steps} updates, with {words},"
        answer.on(grad, rng.normal(size=d), rng.uniform(0.1, 0.3), steps, what=what)
        yield f"{words}, {steps} update{'s' * (steps != 1)}"
    for where, far, rate in (("near the minimum", 1e-8, 0.1), ("far away", 1e8, 0.1), ("at too large a rate", 1, 0.3)):
        how = {"what": f"the path {where}", "atol": 0, "otherwise": otherwise}
        answer.on(bowl(1, 4).grad, far * np.array([4.0, 2.0]), rate, 9, **how)
    yield "all the updates, also where they are short, long, or diverge"
    what = "the path from (4, 2), given as whole numbers,"
    answer.on(bowl(1, 4).grad, np.array([4, 2]), 0.1, 4, what=what)
    yield "from (4, 2), the table of the notebook"


def _curvatures(grad, start):
    """From the smallest to the largest: the slopes of the gradient."""
    return np.linalg.eigvalsh([grad(start + shift) - grad(start) for shift in np.eye(len(start))])


@exercise("stable_limit(grad, start)", lambda grad, start: 2 / _curvatures(grad, start)[-1], {
    "Your search ends at 10. Does it keep the wrong half, or take an overflow (inf, nan) for convergence?":
        lambda grad, start: 10,
    "Your search ends at 0: no path counts as converging. The minimum may be anywhere, and far.": lambda grad, start: 0,
    "That is about half of it: there the steep direction arrives at once, and doesn't yet diverge.":
        lambda grad, start: 1 / _curvatures(grad, start)[-1],
    "That is the best fixed rate. A longer step is slower, but is it unstable?":
        lambda grad, start: 2 / sum(_curvatures(grad, start)[[0, -1]]),
    "That is the limit of the flattest direction. Which one gives in first?":
        lambda grad, start: 2 / _curvatures(grad, start)[0],
})
def stable_limit(answer):
    def otherwise(what, limit, right):
        if limit.ndim or not np.isfinite(limit):
            return None
        if limit > right:
            return f"At your rate, {limit:.4g}, a long path diverges. A steep direction may begin small: run longer."
        return f"Your rate, {limit:.4g}, is stable, but so are larger ones. Are your path and search long enough?"

    for curvatures, far in (([0.9, 4.4], 1), ([1, 3, 20], 100), ([0.5], 0.01)):
        curvatures, d = np.array(curvatures), len(curvatures)
        directions = np.linalg.qr(np.random.default_rng(6).normal(size=(d, d)))[0]
        # The steep direction begins with a tenth of the gradient, and the minimum is further from 0 than the start.
        away = far * directions @ (np.append(np.ones(d - 1), 0.1) / curvatures)
        start, minimiser, hessian = -2 * away, -3 * away, directions * curvatures @ directions.T

        def grad(theta, hessian=hessian, minimiser=minimiser):
            return hessian @ (theta - minimiser)

        what = f"the limit for {d} parameter{'s' * (d > 1)}"
        limit = answer.on(grad, start, what=what, rtol=0.01, atol=1e-4, otherwise=otherwise)
        slopes = [np.abs(grad(_path(grad, start, share * limit, 100)[-1])).max() for share in (0.95, 1.05)]
        yield f"{what}: the slope after 100 updates is {slopes[0]:.0e} at 0.95 times it, {slopes[1]:.0e} at 1.05"


@exercise("standardise(X)", lambda X: (X - X.mean(axis=0)) / X.std(axis=0), {
    "You divide by the variance. The standard deviation is in the unit of the column.":
        lambda X: (X - X.mean(axis=0)) / X.var(axis=0),
    "The means are not 0: something has to be subtracted first.": lambda X: X / X.std(axis=0),
    "The means are 0, but the columns are as wide as before.": lambda X: X - X.mean(axis=0),
    "You divide by the range, from the smallest to the largest. One odd example decides it.":
        lambda X: (X - X.mean(axis=0)) / np.ptp(X, axis=0),
    "All is between 0 and 1 now, but the means are not 0.": lambda X: (X - X.min(axis=0)) / np.ptp(X, axis=0),
    "One mean for the whole table. Each column has a unit of its own.": lambda X: (X - X.mean()) / X.std(),
    "That is along the rows. Which axis counts the examples?": lambda X: ((X.T - X.mean(axis=1)) / X.std(axis=1)).T,
    "/ comes before −. Where do brackets belong?": lambda X: X - X.mean(axis=0) / X.std(axis=0),
    "From a table of whole numbers you get whole numbers: an array of integers cuts the decimals off.":
        lambda X: ((X - X.mean(axis=0)) / X.std(axis=0)).astype(X.dtype),
    "A little too narrow: you divide by N − 1, and np.std by N.":
        lambda X: (X - X.mean(axis=0)) / X.std(axis=0, ddof=1),
})
def standardise(answer):
    def otherwise(what, table, right):
        if table.shape != right.shape or not np.isfinite(table).all():
            return None
        mean, deviation = np.round(table.mean(axis=0), 4) + 0.0, np.round(table.std(axis=0), 4)
        if np.any(mean) or np.any(deviation != 1):
            return f"In {what}, the means are {short(mean)} and the deviations {short(deviation)}. Is that 0 and 1?"
        return f"In {what}, each mean is 0 and each deviation 1. Are the entries still those of X, in their order?"

    rng = np.random.default_rng(5)
    distance, air_time = flights()
    tables = {
        "6 examples, 3 features": rng.normal([900, 40, -50], [700, 3, 20], size=(6, 3)),
        "40 examples, 1 feature": rng.normal(900, 700, size=(40, 1)),
        "5 examples, 2 features, whole numbers": rng.integers(1000, size=(5, 2)),
        "the distances of the flights, in miles": distance[:, None],
    }
    for name, X in tables.items():
        table = answer.on(X, what=f"the table ({name})", atol=1e-6, otherwise=otherwise)
        yield name
    before, after = (LeastSquares(np.insert(x, 0, 1, axis=1), air_time).condition_number for x in (X, table))
    yield f"the condition number of the flights is {after:.3g} now, and {before:.1g} in miles"


@exercise("updates_for_kappa", [35, 346, 3454, 3454 * 5000], {
    "Is that the rate 1/λmax? It is half of the limit, and safe, but another one is the best.":
        [66, 687, 6904, 34_500_000],
    "You wait for a loss of a millionth. It should be a millionth of the loss at the start.": [45, 559, 6735, 34e6],
    "You wait until the distance is a millionth. The loss goes with its square, and is there earlier.":
        [69, 691, 6908, 34_540_000],
    "You count the places. The first of them took no update.": [36, 347, 3455, 3455 * 5000],
    "One update too few: there the loss is still a little too large.": [34, 345, 3453, 3453 * 5000],
    "You multiply by the square root of what κ is multiplied by. Is that what your three counts do?":
        [35, 346, 3454, 3454 * 5000**0.5],
    "That would do for κ = 5000. How many thousands are 5 million?": [35, 346, 3454, 3454 * 5],
    "You multiply your last count by 5 million. How many times as large as 1000 is that?": [35, 346, 3454, 3454 * 5e6],
})
def updates_for_kappa(answer):
    def otherwise(*_):
        return "Divide each of your counts by the one before it, and do the same with κ. Now go on to 5 million."

    ends = "inf: a run ends before it gets there. Has it enough steps for that κ? If so, is the rate too large?"
    require(not np.isinf(answer.made[:3]).any(), ends)
    answer.entry("the list of the first three counts", slice(3), rtol=1e-9)
    yield "the counts of three runs, for κ = 10, 100 and 1000"
    answer.entry("the count for κ = 5 million", 3, rtol=0.05, otherwise=otherwise)
    loss = descend(bowl(0.5, 2.5e6), (5e6, 1), 2 / (1 + 5e6), steps=1).loss
    yield f"for κ = 5 million one update takes {1 - loss[1] / loss[0]:.1g} of the loss away, so it takes that many"
