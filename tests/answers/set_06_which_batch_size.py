"""Answers to the exercises of notebook 06."""

import itertools
import math

import numpy as np

from tests.answers import right, slips, wrong

right("scaled_run", [0.32, 10], (0.02 * 16, math.ceil(6000 / 640)), np.array([0.32, 10], np.float32))
wrong("scaled_run", "should be two numbers", 0.32)
right("matched_run", [150, 12.5], (150.0, 12.5), np.array([150, 12.5], np.float32), [12 * 200 / 16, 200 / 16])
wrong("matched_run", "should be two numbers", [150, 24_000, 300_000])


@right("steps_and_examples")
def in_a_loop(losses, target, batch_size):
    for update, loss in enumerate(losses):
        if loss <= target:
            return update, update * batch_size
    return np.inf, np.inf


@right("steps_and_examples")
def with_argmax(losses, target, batch_size):
    hit = losses <= target
    update = hit.argmax() if hit.any() else np.inf
    return [update, update * batch_size]


@right("steps_and_examples")
def with_flatnonzero(losses, target, batch_size):
    return np.append(np.flatnonzero(losses <= target), np.inf)[0] * np.array([1, batch_size])


@right("steps_and_examples")
def with_next(losses, target, batch_size):
    update = next((i for i in range(len(losses)) if losses[i] <= target), math.inf)
    return update, batch_size * update


@right("steps_and_examples")
def with_takewhile_in_single_precision(losses, target, batch_size):
    updates = len(list(itertools.takewhile(lambda loss: loss > target, losses)))
    updates = np.inf if updates == len(losses) else updates
    return np.array([updates, updates * batch_size], np.float32)


slips(
    "steps_and_examples",
    in_a_loop,
    ("returns nothing", "return np.inf, np.inf", "pass"),
    ("fails with IndexError", "return np.inf, np.inf", "return losses[update + 1]"),
    ("should be two numbers", "return update, update * batch_size", "return update"),
    ("You go on to the end", "return update, update * batch_size", "pass\n    return update, update * batch_size"),
)

right("usable_rates", lambda acc, threshold: np.count_nonzero(np.quantile(acc, 0.5, axis=2) >= threshold, axis=1))


@right("usable_rates")
def in_two_loops(accuracy, threshold):
    counts = []
    for rates in accuracy:
        counts.append(0)
        for runs in rates:
            if np.median(runs) >= threshold:
                counts[-1] += 1
    return counts


@right("usable_rates")
def with_sorted_runs(accuracy, threshold):
    runs = np.sort(accuracy, axis=2)
    n_runs = accuracy.shape[2]
    middle = (runs[..., (n_runs - 1) // 2] + runs[..., n_runs // 2]) / 2
    return np.count_nonzero(middle >= threshold, axis=1).astype(np.float32)


right("usable_rates", lambda accuracy, limit: tuple(len(x[x >= limit]) for x in np.percentile(accuracy, 50, axis=2)))
wrong("usable_rates", "single number", lambda accuracy, threshold: (np.median(accuracy, axis=-1) >= threshold).sum())
wrong("usable_rates", "(6, 11)", lambda accuracy, threshold: np.median(accuracy, axis=-1) >= threshold)


@right("critical_batch")
def with_polyfit(B1, S1, B2, S2):
    slope, s_min = np.polyfit([1 / B1, 1 / B2], [S1, S2], 1)
    return s_min, slope / s_min


@right("critical_batch")
def by_elimination(B1, S1, B2, S2):
    b = (S1 - S2) / (S2 / B1 - S1 / B2)
    return S1 / (1 + b / B1), b


@right("critical_batch")
def by_solving(B1, S1, B2, S2):
    s_min, product = np.linalg.solve([[1, 1 / B1], [1, 1 / B2]], [S1, S2])
    return np.array([s_min, product / s_min])


wrong("critical_batch", "should have shape (2,)", lambda B1, S1, B2, S2: S1)


@right("fastest_batch")
def by_trying_all(b, fixed, per_example):
    B = np.arange(1, 2000)
    return B[np.argmin((1 + b / B) * (fixed + per_example * B))]


right("fastest_batch", lambda b, fixed, per_example: (b * fixed / per_example) ** 0.5)
wrong("fastest_batch", "isn't right yet", lambda b, fixed, per_example: 64)


@wrong("critical_batch", "you get (40.0, -40.0), and by hand it is (10.0, 20.0)")
def straight_in_the_batch(B1, S1, B2, S2):
    slope, start = np.polyfit([B1, B2], [S1, S2], 1)
    return start, start / slope
