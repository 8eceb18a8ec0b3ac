"""The exercises of notebook 02: how large a step may be."""

import numpy as np

from gdtools.checks.core import as_numbers, call, compare, exercise, require
from gdtools.checks.set_01_the_update_rule import UPHILL
from gdtools.datasets import flights
from gdtools.descent import descend
from gdtools.losses import LeastSquares, bowl


@exercise("table_row")
def table_row(row):
    row = as_numbers(row, "table_row", shape=(5,))
    mistakes = {
        "A square is never negative: what is (−2)²?": -2,
        "Square first, then multiply: in 2w₁² only w₁ is squared.": 136,
        "That is the loss on the round bowl w₁² + w₂². Where are the 2 and the 5?": 13,
        "That is the loss on the bowl of the notebook. This one has other factors.": 25,
        "That is the loss after the step. A row begins with the loss where you stand before it.": 7.88,
    }
    compare(row[0], 38, mistakes, what="the loss in table_row", rtol=1e-3)
    yield "the loss where you stand"
    mistakes = {
        "The gradient lacks a factor: what is the derivative of a square?": [6, -10],
        "That is the gradient of the round bowl w₁² + w₂². Where are the 2 and the 5?": [6, -4],
        "That is the gradient on the bowl of the notebook. This one has other factors.": [6, -16],
        "Your w₂ is negative. Does the loss grow or fall there, when w₂ grows?": [12, 20],
        "The minus of the rule is not part of the gradient. It comes with the step.": [-12, 20],
    }
    compare(row[1:3], [12, -20], mistakes, what="the gradient in table_row", rtol=1e-3)
    yield "the gradient"
    mistakes = {
        UPHILL: [4.8, -5],
        "The learning rate is missing: a step is η times the gradient.": [-9, 18],
        "That is the step. Where do you stand after it?": [-1.8, 3],
        "That is η times the gradient. Where do you stand after the step?": [1.8, -3],
        "w₁ is right. Along w₂ you subtract a negative number: which way does that go?": [1.2, -5],
    }
    compare(row[3:], [1.2, 1], mistakes, what="the new point in table_row", rtol=1e-3)
    yield "the new point: w₂ has changed its sign, w₁ has not"


@exercise("two_rates")
def two_rates(rates):
    limit, best = as_numbers(rates, "two_rates", shape=(2,))
    steep_at_once = "There the steep direction arrives in one step. That is neither the limit nor the best."
    mistakes = {
        "8 is a factor in the loss, not a curvature. The curvature is how fast the slope grows.": 2 / 8,
        "That is the limit of the flat direction. Which direction gives in first?": 2 / 2,
        "That comes from the flat direction, with its factor for a curvature. Which direction gives in first?": 2 / 1,
        steep_at_once: 1 / 16,
        "That is the best fixed rate. The largest stable one comes first.": 2 / 18,
    }
    compare(limit, 2 / 16, mistakes, what="the largest stable rate", rtol=0.01)
    below, above = descend(bowl(8, 1), (1, 8), limit * np.array([0.95, 1.05]), steps=100).loss[-1]
    yield f"5 % below your limit, 100 updates take the loss from 72 to {below:.1g}; 5 % above it, to {above:.1g}"
    mistakes = {
        "8 and 1 are factors in the loss, not curvatures. The curvature is how fast the slope grows.": 2 / 9,
        "At your rate both factors are positive, and the flat direction is slow. Is a longer step better?": 1 / 18,
        "At your rate the steep direction diverges. How do you bring the two factors to the same size?": 2 / 14,
        "Halfway between the limits of the two directions, the steep one has long diverged.": (2 / 16 + 2 / 2) / 2,
        steep_at_once: 1 / 16,
        "At the largest stable rate the steep direction bounces for ever. That can't be the best.": 2 / 16,
        "There the flat direction arrives in one step. And the steep one?": 1 / 2,
    }
    compare(best, 2 / 18, mistakes, what="the best fixed rate", rtol=0.01)
    counts = descend(bowl(8, 1), (1, 8), best * np.array([0.9, 1, 1.1]), steps=999).updates_to(1e-6)
    yield "updates to a loss of 1e-6, at 0.9, 1 and 1.1 times your best rate: {:.0f}, {:.0f}, {:.0f}".format(*counts)


@exercise("descent_path(grad, start, learning_rate, steps)")
def descent_path(function):
    def tilted(theta):
        return np.array([[3, 1, 0], [1, 2, 0.5], [0, 0.5, 1]]) @ theta - [1, -2, 3]

    def wavy(theta):
        return np.sin(theta) + 0.3 * np.asarray(theta)

    rng = np.random.default_rng(4)
    for grad, d, steps in ((tilted, 3, 5), (wavy, 2, 1), (wavy, 1, 12), (wavy, 4, 0)):
        start, rate = rng.normal(size=d), rng.uniform(0.1, 0.3)
        right, further = (_path(grad, start, rate, n) for n in (steps, steps + 1))
        path = as_numbers(call(function, grad, start, rate, steps), "the path")
        for hint, part in {
            "The start is missing: the path begins before the first update.": right[1:],
            "The last place is missing: every update adds one, the last update, too.": right[:-1],
            "That is one place too many. How many updates did you make?": further,
            "That is the last place. Return all of them, the start included.": right[-1],
        }.items():
            require(path.shape != part.shape or not np.allclose(path, part), hint)
        mistakes = {
            UPHILL: _path(grad, start, -rate, steps),
            "The learning rate is missing: how far does a step go?": _path(grad, start, 1, steps),
            "All rows are the same place: the path holds one array, many times, and you change it in place.": (
                np.broadcast_to(right[-1], right.shape)
            ),
            "Every step is the same: you take the gradient at the start. Where do you stand before the second step?": (
                start - rate * np.outer(np.arange(steps + 1), grad(start))
            ),
            "Your first row is the place after one update. Where were you before it?": further[1:],
            "The learning rate is there twice.": _path(grad, start, rate**2, steps),
            "The path runs backwards: the start comes first.": right[::-1],
        }
        what = f"the path after {steps} updates, with {d} parameter{'s' * (d > 1)},"
        compare(path, right, mistakes, what=what, function=function)
        yield f"{d} parameter{'s' * (d > 1)}, {steps} update{'s' * (steps != 1)}"
    valley, start = bowl(1, 4), np.array([4, 2])
    path = as_numbers(call(function, valley.grad, start, 0.1, 4), "the path")
    cut = "From a start of whole numbers you get whole numbers: an array of integers cuts the decimals off."
    require(np.any(path != path.round()), cut)
    what = "the path from (4, 2), given as whole numbers,"
    compare(path, _path(valley.grad, start, 0.1, 4), what=what, function=function)
    yield "from (4, 2), the table of the notebook"


@exercise("stable_limit(grad, start)")
def stable_limit(function):
    for curvatures in ([0.9, 4.4], [1, 3, 20], [0.5]):
        curvatures, d = np.array(curvatures), len(curvatures)
        flat, steep = curvatures[0], curvatures[-1]
        directions = np.linalg.qr(np.random.default_rng(6).normal(size=(d, d)))[0]
        # The steep direction begins with a tenth of the gradient, and the minimum is further from 0 than the start.
        away = directions @ (np.append(np.ones(d - 1), 0.1) / curvatures)
        start, minimiser, hessian = -2 * away, -3 * away, directions * curvatures @ directions.T

        def grad(theta, hessian=hessian, minimiser=minimiser):
            return hessian @ (theta - minimiser)

        what = f"the limit for {d} parameter{'s' * (d > 1)}"
        limit = as_numbers(call(function, grad, start), what)
        mistakes = {
            "Your search ends at 10. Does it keep the wrong half, or take an overflow (inf, nan) for convergence?": 10,
            "Your search ends at 0: no path counts as converging. The minimum may be anywhere, and far.": 0,
            "That is about half of it: there the steep direction arrives at once, and doesn't yet diverge.": 1 / steep,
            "That is the best fixed rate. A longer step is slower, but is it unstable?": 2 / (flat + steep),
            "That is the limit of the flattest direction. Which one gives in first?": 2 / flat,
        }
        if limit.shape == () and np.isfinite(limit):
            too_large = "At your rate, {:.4g}, a long path diverges. A steep direction may begin small: run longer."
            too_small = "Your rate, {:.4g}, is stable, but so are larger ones. Are your path and search long enough?"
            mistakes[(too_large if limit > 2 / steep else too_small).format(limit)] = limit
        compare(limit, 2 / steep, mistakes, what=what, rtol=0.01, atol=1e-4, function=function)
        slopes = [np.abs(grad(_path(grad, start, share * limit, 100)[-1])).max() for share in (0.95, 1.05)]
        yield f"{what}: the slope after 100 updates is {slopes[0]:.0e} at 0.95 times it, {slopes[1]:.0e} at 1.05"


@exercise("standardise(X)")
def standardise(function):
    rng = np.random.default_rng(5)
    distance, air_time = flights()
    tables = {
        "6 examples, 3 features": rng.normal([900, 40, -50], [700, 3, 20], size=(6, 3)),
        "40 examples, 1 feature": rng.normal(900, 700, size=(40, 1)),
        "5 examples, 2 features, whole numbers": rng.integers(1000, size=(5, 2)),
        "the distances of the flights, in miles": distance[:, None],
    }
    for name, X in tables.items():
        centred, deviation, width = X - X.mean(axis=0), X.std(axis=0), np.ptp(X, axis=0)
        along_rows = (X.T - X.mean(axis=1)) / np.fmax(X.std(axis=1), 1e-9)  # a row of one has no deviation
        mistakes = {
            "You divide by the variance. The standard deviation is in the unit of the column.": centred / deviation**2,
            "The means are not 0: something has to be subtracted first.": X / deviation,
            "The means are 0, but the columns are as wide as before.": centred,
            "You divide by the range, from the smallest to the largest. One odd example decides it.": centred / width,
            "All is between 0 and 1 now, but the means are not 0.": (X - X.min(axis=0)) / width,
            "One mean for the whole table. Each column has a unit of its own.": (X - X.mean()) / X.std(),
            "That is along the rows. Which axis counts the examples?": along_rows.T,
            "/ comes before −. Where do brackets belong?": X - X.mean(axis=0) / deviation,
            "From a table of whole numbers you get whole numbers: an array of integers cuts the decimals off.": (
                np.trunc(centred / deviation)
            ),
            "A little too narrow: you divide by N − 1, and np.std by N.": centred / X.std(axis=0, ddof=1),
        }
        table = call(function, X)
        compare(table, centred / deviation, mistakes, what=f"the table ({name})", atol=1e-6, function=function)
        yield name
    before, after = (LeastSquares(np.insert(x, 0, 1, axis=1), air_time).condition_number for x in (X, table))
    yield f"the condition number of the flights is {after:.3g} now, and {before:.1g} in miles"


@exercise("updates_for_kappa")
def updates_for_kappa(counts):
    *few, many = as_numbers(counts, "updates_for_kappa", shape=(4,))
    runs = []
    for kappa in (10, 100, 1000):
        path = descend(bowl(0.5, kappa / 2), (kappa, 1), [2 / (1 + kappa), 1 / kappa], steps=7 * kappa)
        (right, safe), (absolute, _), (distance, _) = (
            path.updates_to(target) for target in (1e-6 * path.loss[0], 1e-6, 1e-12 * path.loss[0])
        )
        runs.append([right, safe, absolute, distance])
    right, safe, absolute, distance = np.transpose(runs)
    mistakes = {
        "Is that the rate 1/λmax? It is half of the limit, and safe, but another one is the best.": safe,
        "You wait for a loss of a millionth. It should be a millionth of the loss at the start.": absolute,
        "You wait until the distance is a millionth. The loss goes with its square, and is there earlier.": distance,
        "You count the places. The first of them took no update.": right + 1,
        "One update too few: there the loss is still a little too large.": right - 1,
    }
    ends = "inf: a run ends before it gets there. Has it enough steps for that κ? If so, is the rate too large?"
    require(not np.isinf(few).any(), ends)
    compare(few, right, mistakes, what="the list of the first three counts", rtol=1e-9)
    yield "the counts of three runs, for κ = 10, 100 and 1000"
    loss = descend(bowl(0.5, 2.5e6), (5e6, 1), 2 / (1 + 5e6), steps=1).loss
    last = np.log(1e-6) / np.log(loss[1] / loss[0])
    mistakes = {
        "You multiply by the square root of what κ is multiplied by. Is that what your three counts do?": (
            right[-1] * 5000**0.5
        ),
        "That would do for κ = 5000. How many thousands are 5 million?": right[-1] * 5,
        "You multiply your last count by 5 million. How many times as large as 1000 is that?": right[-1] * 5e6,
        "Divide each of your counts by the one before it, and do the same with κ. Now go on to 5 million.": many,
    }
    compare(many, last, mistakes, what="the count for κ = 5 million", rtol=0.05)
    yield f"for κ = 5 million one update takes {1 - loss[1] / loss[0]:.1g} of the loss away, so it takes that many"


def _path(grad, start, learning_rate, steps):
    """All places of a descent, shape (steps + 1, d)."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * np.asarray(grad(path[-1])))
    return np.array(path)
