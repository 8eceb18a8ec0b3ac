"""Answers to the exercises of notebook 05."""

import math

import numpy as np

from gdtools.optimizers import cosine, step_decay
from tests.answers import right, slips, wrong

right("noise_over_hill", [0.75, 0.046875, 0.8], (0.05 * 9 / 0.6, 0.75 / 16, 0.8), np.array([0.75, 0.0469, 0.8]))
wrong("noise_over_hill", "three numbers", 0.75)


@right("updates_to_leave")
def runs_it(offset, distance, curvature, learning_rate):
    if offset == 0:
        return np.inf
    y, updates = offset, 0
    while abs(y) < distance:
        y = y - learning_rate * -curvature * y
        updates += 1
    return updates


@right("updates_to_leave")
def by_the_law(offset, distance, curvature, learning_rate):
    if offset == 0:
        return math.inf
    exact = math.log(distance / abs(offset)) / math.log(1 + learning_rate * curvature)
    return max(0, math.ceil(exact))


@right("updates_to_leave")
def by_the_law_with_numpy(offset, distance, curvature, learning_rate):
    growth = np.float64(distance) / np.abs(offset)
    return np.maximum(np.ceil(np.log(growth) / np.log1p(learning_rate * curvature)), 0).astype(np.float32)


@right("updates_to_leave")
def by_a_search(offset, distance, curvature, learning_rate):
    path = np.abs(offset) * (1 + learning_rate * curvature) ** np.arange(10_000.0)
    return np.argmax(path >= distance) if offset else float("inf")


slips(
    "updates_to_leave",
    runs_it,
    ("updates_to_leave(0.001, 1.0, 3.0, 0.02) has not finished after", "-curvature", "curvature"),
    ("updates_to_leave(-0.0001, 0.3, 5.0, 0.3) has not finished after", "abs(y)", "y"),
    ("updates_to_leave(0.0, 0.5, 2.0, 0.1) has not finished after", "offset == 0", "False"),
    ("exactly on the ridge can't leave", "np.inf", "0"),
)
slips(
    "updates_to_leave",
    by_the_law,
    ("A negative number of updates", "max(0, math.ceil(exact))", "math.ceil(exact)"),
    ("A negative number of updates", "return max(0, math.ceil(exact))", "return 0 if offset > 1 else math.ceil(exact)"),
    ("fails with ZeroDivisionError", "offset == 0", "False"),
)

right("annealed_rate", lambda update: 0.1 if update <= 1500 else 0.003)
right("annealed_rate", lambda update: 0.2 * (1 - update / 2000))
right("annealed_rate", lambda update: np.where(update < 1200, 0.15, 0.15 * (1200 / update) ** 8))
right("annealed_rate", lambda update: cosine(0.15, 2000)(update))
right("annealed_rate", lambda update: float(step_decay(0.2, every=400, factor=0.4)(update)))
wrong("annealed_rate", "got over the hill, but jitter", lambda update: 0.1)
wrong("annealed_rate", "got over the hill, but jitter", lambda update: 0.1 if update <= 1000 else 0.05)
wrong("annealed_rate", "Have they time to settle", lambda update: 0.1 if update <= 1950 else 0)
wrong("annealed_rate", "Only 69.5% of the runs end at the bottom", lambda update: 0.1 if update <= 340 else 0.005)
wrong("annealed_rate", "Does it get cold too soon", lambda update: 0.1 / update)
wrong("annealed_rate", "Does it get cold too soon", lambda update: 0.1 if update <= 100 else 0.001)
wrong("annealed_rate", "Does it get cold too soon", lambda update: 0.01)
wrong("annealed_rate", "Your rate grows", lambda update: 0.1 * update / 2000)
wrong("annealed_rate", "Noise can carry you off", lambda update: 2 if update <= 1900 else 0.001)
wrong("annealed_rate", "a rate below 0 goes uphill", lambda update: 0.1 - update / 10_000)
wrong("annealed_rate", "Is there a division by zero", lambda update: 0.1 * np.divide(1, 2000 - update))
wrong("annealed_rate", "should be one number", lambda update: np.linspace(0.1, 0, 2000))


right("noise_over_hill", [0.75, 0.047, 0.8])
